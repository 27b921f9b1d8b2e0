"""A manifest diff as terminal text; control characters are escaped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mlopsctl.diagnostics.render.visible import visible
from mlopsctl.manifest_diff.views.rows import SIGNS, Json, Row, entry_rows, everywhere_rows, heading, stat_rows, summary

RESET = "\x1b[0m"
STYLES = {
    "removed": "\x1b[31m",
    "replaced": "\x1b[1;35m",
    "changed": "\x1b[33m",
    "moved": "\x1b[36m",
    "added": "\x1b[32m",
    "bold": "\x1b[1m",
    "plain": "",
}


def render(document: Json, colour: bool) -> str:
    """Return all differences, riskiest first, and the counts last."""
    if not document["files"]:
        return f"no differences: {_compared(document)}\n"
    blocks = ["\n".join(_entry(entry, colour)) for entry in document["entries"]]
    if document["everywhere"]:
        rows = [f"  {line}" for entry in document["everywhere"] for line in _rows(everywhere_rows(entry), colour)]
        blocks.append("\n".join([_paint("common changes", "bold", colour), *rows]))
    return "\n\n".join([*blocks, f"{summary(document['summary'])}: {_compared(document)}"]) + "\n"


def stat(document: Json, colour: bool) -> str:
    """Return one line per file."""
    if not document["files"]:
        return f"no differences: {_compared(document)}\n"
    return "\n".join(_paint(row.text, row.style, colour) for row in stat_rows(document)) + "\n"


def _entry(entry: Json, colour: bool) -> Iterator[str]:
    verdict = entry["verdict"]
    yield _paint(f"{SIGNS[verdict]} {heading(entry)}", verdict, colour)
    yield from (f"    {line}" for line in _rows(entry_rows(entry), colour))


def _rows(rows: Iterable[Row], colour: bool) -> Iterator[str]:
    for row in rows:
        yield _paint(f"{SIGNS.get(row.style, ' ')} {row.text}", row.style, colour)


def _paint(text: str, style: str, colour: bool) -> str:
    return f"{STYLES[style]}{text}{RESET}" if colour and STYLES[style] else text


def _compared(document: Json) -> str:
    return visible(f"{document['new']} against {document['old']}")
