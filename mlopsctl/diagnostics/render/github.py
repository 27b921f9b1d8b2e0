"""Diagnostics as workflow commands, which GitHub shows at the lines of a pull request; values are escaped."""

from __future__ import annotations

from typing import Any

from mlopsctl.diagnostics.render.visible import cut, visible

Json = dict[str, Any]

COMMANDS = {"error": "error", "warning": "warning", "note": "notice"}
DATA = {"%": "%25", "\r": "%0D", "\n": "%0A"}
PROPERTY = {**DATA, ":": "%3A", ",": "%2C"}
LONGEST = 2000


def render(document: Json) -> str:
    """Return one workflow command a finding, each on its own line."""
    return "".join(f"{command(finding)}\n" for finding in document["diagnostics"])


def command(finding: Json) -> str:
    """Return the command for one finding."""
    options = ",".join(f"{name}={escape(str(value), PROPERTY)}" for name, value in properties(finding).items())
    return f"::{COMMANDS[finding['severity']]} {options}::{escape(body(finding), DATA)}"


def properties(finding: Json) -> dict[str, str | int]:
    """Return where the finding is shown, and under which title."""
    title = {"title": visible(f"{finding['code']}: {finding['title']}".removesuffix(": "))}
    place = finding["place"]
    if not place:
        return {**title}
    where: dict[str, str | int] = {"file": visible(place["file"]), "line": place["line"]}
    if place["endLine"] > place["line"]:
        # GitHub takes columns only for a finding of one line.
        return {**where, "endLine": place["endLine"], **title}
    last = max(place["column"], place["endColumn"] - 1)
    return {**where, "endLine": place["line"], "col": place["column"], "endColumn": last, **title}


def body(finding: Json) -> str:
    """Return the text of one finding: message, labels, other places, help, environments."""
    place = finding["place"]
    lines = [finding["message"]]
    if place and place["label"]:
        lines.append(place["label"])
    lines += [
        f"{related['file']}:{related['line']}:{related['column']}: {related['label']}" for related in finding["related"]
    ]
    if finding["help"]:
        lines.append(f"help: {finding['help']}")
    if finding["environments"]:
        lines.append(f"in environments: {', '.join(finding['environments'])}")
    return cut("\n".join(visible(line) for line in lines), LONGEST)


def escape(text: str, table: dict[str, str]) -> str:
    """Return the text with the characters that end a command or a property encoded."""
    return "".join(table.get(character, character) for character in text)
