"""The output formats of every verb with `-o/--output`: tests walk `BY_VERB`; modules are imported on use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from mlopsctl.diagnostics.render.formats import FINDINGS, Json, Page, Renderer, as_json


def _plan_text(document: Json, page: Page) -> str:
    from mlopsctl.plan.views import text as plan_text

    return plan_text.render(document, detail=page.detail, colour=page.colour)


def _plan_markdown(document: Json, _page: Page) -> str:
    from mlopsctl.plan.views import markdown as plan_markdown

    return plan_markdown.render(document)


def _diff_text(document: Json, page: Page) -> str:
    from mlopsctl.manifest_diff.views import text as diff_text

    return (diff_text.render if page.detail else diff_text.stat)(document, page.colour)


def _diff_markdown(document: Json, page: Page) -> str:
    from mlopsctl.manifest_diff.views import markdown as diff_markdown

    return (diff_markdown.render if page.detail else diff_markdown.stat)(document)


def _portability_text(document: Json, _page: Page) -> str:
    from mlopsctl.portability.views import text as portability_text

    return portability_text.render(document)


def _portability_markdown(document: Json, _page: Page) -> str:
    from mlopsctl.portability.views import markdown as portability_markdown

    return portability_markdown.render(document)


def _engines_text(document: Json, _page: Page) -> str:
    from mlopsctl.cli.views import engines_text

    return engines_text.render(document)


def _engines_markdown(document: Json, _page: Page) -> str:
    from mlopsctl.cli.views import engines_markdown

    return engines_markdown.render(document)


def _affected_text(document: Json, _page: Page) -> str:
    return "".join(f"{row['system']}\n" for row in document["systems"])


def _affected_json(document: Json, page: Page) -> str:
    return as_json(document["systems"], page)


def _status_text(document: Json, _page: Page) -> str:
    from mlopsctl.cli.views import status_text

    return status_text.render(document)


def _explain_text(document: Json, page: Page) -> str:
    from mlopsctl.diagnostics.render.text import Page as TextPage
    from mlopsctl.explain import text

    return text.render(document, TextPage(page.source_line, {}, page.colour))


PLAN: Final[Mapping[str, Renderer]] = {"text": _plan_text, "json": as_json, "markdown": _plan_markdown}
DIFF: Final[Mapping[str, Renderer]] = {"text": _diff_text, "json": as_json, "markdown": _diff_markdown}
PORTABILITY: Final[Mapping[str, Renderer]] = {
    "text": _portability_text,
    "json": as_json,
    "markdown": _portability_markdown,
}
ENGINES: Final[Mapping[str, Renderer]] = {"text": _engines_text, "json": as_json, "markdown": _engines_markdown}
AFFECTED: Final[Mapping[str, Renderer]] = {"text": _affected_text, "json": _affected_json}
STATUS: Final[Mapping[str, Renderer]] = {"text": _status_text, "json": as_json}
EXPLAIN: Final[Mapping[str, Renderer]] = {"text": _explain_text, "json": as_json}

BY_VERB: Final[Mapping[str, Mapping[str, Renderer]]] = {
    "validate": FINDINGS,
    "render": FINDINGS,
    "plan": PLAN,
    "plan --stack": PORTABILITY,
    "diff": DIFF,
    "engines": ENGINES,
    "affected": AFFECTED,
    "status": STATUS,
    "explain": EXPLAIN,
}
"""The formats of each verb; the first is the default."""
