"""Findings as a table for a comment or a job summary.

In: the JSON document. Out: GitHub's Markdown. Never lets a value become markup, a mention, a link or a
reference, and never grows beyond what a comment may hold.
"""

from __future__ import annotations

from typing import Any

from mlopsctl.diagnostics import text
from mlopsctl.diagnostics.visible import cut, visible

Json = dict[str, Any]

LARGEST = 60_000
LONGEST_CELL = 300
BREAK = "<!-- -->"
ESCAPES = {
    **{character: f"\\{character}" for character in "\\`*_[]|~$"},
    **{"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"},
    # GitHub looks for mentions, references and links in what is shown, so an escape does not stop it; a
    # comment in the middle does.
    **{"@": f"@{BREAK}", "#": f"#{BREAK}"},
}
ICONS = {"error": "❌ error", "warning": "⚠️ warning", "note": "note"}
HEAD = "| | Code | Where | What |\n|---|---|---|---|\n"


def render(document: Json) -> str:
    """Return a summary and a table with a row a finding."""
    findings = document["diagnostics"]
    if not findings:
        return "No findings.\n"
    page = f"**{text.summary(document['summary'])}**\n\n{HEAD}"
    for shown, finding in enumerate(findings):
        line = row(finding)
        if len(page) + len(line) > LARGEST:
            return f"{page}\nand {len(findings) - shown} more; `mlopsctl validate` shows them all.\n"
        page += line
    return page


def row(finding: Json) -> str:
    """Return the table's row for one finding."""
    what = escape(finding["message"])
    if finding["place"] and finding["place"]["label"]:
        what += f" ({escape(finding['place']['label'])})"
    if finding["help"]:
        what += f"<br>help: {escape(finding['help'])}"
    if finding["environments"]:
        what += f"<br>in environments: {escape(', '.join(finding['environments']))}"
    return f"| {ICONS[finding['severity']]} | {escape(finding['code'])} | {where(finding['place'])} | {what} |\n"


def where(place: Json | None) -> str:
    """Return a place as the table shows it."""
    if not place:
        return ""
    return f"{escape(place['file'])}:{place['line']}:{place['column']}"


def escape(value: str) -> str:
    """Return a value as text of one cell that means nothing to Markdown, HTML or GitHub."""
    shortened = visible(cut(value.replace("\n", " "), LONGEST_CELL))
    safe = "".join(ESCAPES.get(character, character) for character in shortened)
    return safe.replace("://", f":{BREAK}//").replace("www.", f"www{BREAK}.")
