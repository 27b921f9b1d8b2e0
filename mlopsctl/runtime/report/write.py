"""Write the report: the page's contents put into its template.

Everything except the pictures is escaped.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from unicodedata import category

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.runtime.local.layout import Layout
from mlopsctl.runtime.local.outcome import Outcome
from mlopsctl.runtime.report.contents import contents
from mlopsctl.runtime.report.profile import profile

LARGEST = 2 * 1024 * 1024
"""Maximum size of the page, which mail servers accept."""
_TEMPLATE = "report.html.j2"


def report(
    blueprint: Blueprint,
    layout: Layout,
    outcome: Outcome,
    now: datetime,
    parameters: Mapping[str, str],
    seconds: float,
    log: list[str],
) -> None:
    """Write the report of a run; `log` are a failed step's last lines."""
    split = next((step for step in outcome.steps if step.step.name == "split"), None)
    columns = profile(layout.step("split")) if split and split.record and not split.failed else {}
    page = render(contents(blueprint, outcome, columns, now, parameters, seconds, log))
    partial = layout.report.with_suffix(".partial")
    partial.write_text(page, encoding="utf-8")
    partial.replace(layout.report)


def render(values: Mapping[str, Any]) -> str:
    """Fill the template; pictures are the only markup from outside the template."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    folder = Path(__file__).parent
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["picture"] = Markup
    return _visible(environment.get_template(_TEMPLATE).render(values))


def _visible(page: str) -> str:
    r"""Return the page with control and direction characters of rows and logs as `\x1b` and `\u202e`."""
    return "".join(c if c.isprintable() or c in "\n\t" or category(c) == "Zs" else ascii(c)[1:-1] for c in page)
