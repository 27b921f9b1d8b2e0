"""Diagnostics as a Markdown table for a comment or a job summary.

Values are escaped, so that none becomes markup, a mention or a link. The length is limited to that of a comment.
"""

from __future__ import annotations

import re
from typing import Any

from mlopsctl.diagnostics.render import text
from mlopsctl.diagnostics.render.visible import cut, visible

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
_REFERENCE = re.compile(r"(?<![A-Za-z0-9])((?i:gh)-(?=\d)|[0-9a-f]{3}(?=[0-9a-f]{4}))([0-9a-f]+)")
"""What GitHub links without a mark before it: an issue as GH-1, and the hash of a commit, whole or cut."""
ICONS = {"error": "❌ error", "warning": "⚠️ warning", "note": "note"}
HEAD = "| | Code | Where | What |\n|---|---|---|---|\n"


def render(document: Json) -> str:
    """Return a summary and a table with a row a finding."""
    findings = document["diagnostics"]
    if not findings:
        return "No findings.\n"
    page = f"**{text.summary(document['summary'])}**\n\n{HEAD}"
    for count, finding in enumerate(findings):
        line = row(finding)
        if len(page) + len(line) > LARGEST:
            return f"{page}\nand {len(findings) - count} more; `mlopsctl validate` shows them all.\n"
        page += line
    return page


def row(finding: Json) -> str:
    """Return the table's row for one finding."""
    description = escape(finding["message"])
    if finding["place"] and finding["place"]["label"]:
        description += f" ({escape(finding['place']['label'])})"
    if finding["help"]:
        description += f"<br>help: {escape(finding['help'])}"
    if finding["environments"]:
        description += f"<br>in environments: {escape(', '.join(finding['environments']))}"
    cells = (ICONS[finding["severity"]], escape(finding["code"]), place_cell(finding["place"]), description)
    return f"| {' | '.join(cells)} |\n"


def place_cell(place: Json | None) -> str:
    """Return a place as the table shows it."""
    if not place:
        return ""
    return f"{escape(place['file'])}:{place['line']}:{place['column']}"


def escape(value: str) -> str:
    """Return a value as text of one cell that means nothing to Markdown, HTML or GitHub."""
    shortened = visible(cut(value.replace("\n", " "), LONGEST_CELL))
    safe = "".join(ESCAPES.get(character, character) for character in shortened)
    safe = safe.replace("://", f":{BREAK}//").replace("www.", f"www{BREAK}.")
    return _REFERENCE.sub(rf"\1{BREAK}\2", safe)
