"""The output formats of findings, in one registry: the command line offers them, and tests walk them.

A format's module is loaded when it is chosen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

Json = dict[str, Any]


def _no_line(_file: str, _line: int) -> str | None:
    return None


class Page(NamedTuple):
    """Options of a format; `version` is mlopsctl's own, `detail` shows everything."""

    source_line: Callable[[str, int], str | None] = _no_line
    colour: bool = False
    version: str = ""
    detail: bool = True


Renderer = Callable[[Json, Page], str]


def _text(document: Json, page: Page) -> str:
    from mlopsctl.diagnostics.render import text

    return text.render(document, page.source_line, page.colour)


def as_json(document: Json, _page: Page) -> str:
    """Return a document as JSON text."""
    from mlopsctl.diagnostics.render.json import dumps

    return dumps(document)


def _sarif(document: Json, page: Page) -> str:
    from mlopsctl.diagnostics.render import sarif

    return sarif.render(document, page.version)


def _github(document: Json, _page: Page) -> str:
    from mlopsctl.diagnostics.render import github

    return github.render(document)


def _markdown(document: Json, _page: Page) -> str:
    from mlopsctl.diagnostics.render import markdown

    return markdown.render(document)


FINDINGS: Final[Mapping[str, Renderer]] = {
    "text": _text,
    "json": as_json,
    "sarif": _sarif,
    "github": _github,
    "markdown": _markdown,
}
"""Every format of findings, by the word that chooses it; the first is the default."""
