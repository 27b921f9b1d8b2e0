"""A manifest diff as Markdown for a comment or a job summary.

Values are in code fences that they cannot close, so that none becomes markup, a mention or a link. The length is
limited to that of a comment.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator

from mlopsctl.diagnostics.render.markdown import BREAK, escape
from mlopsctl.manifest_diff.views.rows import SIGNS, Json, Row, entry_rows, everywhere_rows, heading, stat_rows, summary

LARGEST = 60_000
"""Maximum size in bytes: a comment on GitHub holds 65,536 characters, including other content."""

_PREFIXES = {"removed": "-", "added": "+", "changed": "!", "plain": " "}
_LONGEST_SECTION = 12_000
_MORE = "\n…and more: `mlopsctl diff` shows all of it.\n"
_TITLES = {
    "removed": "removed",
    "replaced": "replaced: the old object is deleted, a new one is created",
    "changed": "changed",
    "moved": "moved",
    "added": "added",
}


def render(document: Json) -> str:
    """Return the counts, the common changes, and a collapsed section per difference."""
    if not document["files"]:
        return f"No differences: {_compared(document)}.\n"
    page = f"**{summary(document['summary'])}**: {_compared(document)}.\n"
    for section in _sections(document):
        if _size(page) + _size(section) > LARGEST:
            return page + _MORE
        page += section
    return page


def stat(document: Json) -> str:
    """Return one line per file."""
    if not document["files"]:
        return f"No differences: {_compared(document)}.\n"
    return f"{_fence(stat_rows(document), LARGEST)}\n"


def _sections(document: Json) -> Iterator[str]:
    verdict = ""
    for entry in document["entries"]:
        if entry["verdict"] != verdict:
            verdict = entry["verdict"]
            yield f"\n**{_TITLES[verdict]}**\n\n"
        yield _entry(entry)
    if document["everywhere"]:
        rows = [row for entry in document["everywhere"] for row in everywhere_rows(entry)]
        yield f"\n***common changes**\n\n{_fence(rows, _LONGEST_SECTION)}\n"


def _entry(entry: Json) -> str:
    rows = list(entry_rows(entry))
    if not rows:
        return f"- {escape(heading(entry))}\n"
    title = f"{SIGNS[entry['verdict']]} {_inert(heading(entry))}"
    return f"<details><summary>{title}</summary>\n\n{_fence(rows, _LONGEST_SECTION)}\n\n</details>\n"


def _fence(rows: Iterable[Row], room: int) -> str:
    """Return rows in a code fence that is longer than any run of backticks in them."""
    lines: list[str] = []
    for row in rows:
        line = f"{_PREFIXES[row.style]} {row.text}"
        room -= _size(line) + 1
        if room < 0:
            lines.append("  …")
            break
        lines.append(line)
    text = "\n".join(lines)
    ticks = "`" * max(3, 1 + max((len(run) for run in re.findall(r"`+", text)), default=0))
    return f"{ticks}diff\n{text}\n{ticks}"


def _inert(text: str) -> str:
    """Escape a text inside HTML tags, where mentions and references still work but Markdown does not."""
    safe = html.escape(text, quote=False)
    for mark, broken in (("@", f"@{BREAK}"), ("#", f"#{BREAK}"), ("://", f":{BREAK}//"), ("www.", f"www{BREAK}.")):
        safe = safe.replace(mark, broken)
    return safe


def _compared(document: Json) -> str:
    return f"{escape(document['new'])} against {escape(document['old'])}"


def _size(text: str) -> int:
    return len(text.encode())
