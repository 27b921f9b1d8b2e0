"""A portability report for a person at a terminal.

In: the JSON document. Out: text. Never lets a value steer the terminal.
"""

from __future__ import annotations

from collections.abc import Iterator

from mlopsctl.change.portability_rows import Json, counts, headline, reading, remarks, same, swapped, whose
from mlopsctl.diagnostics.visible import visible


def render(document: Json) -> str:
    """Return the report, a block an environment."""
    return "\n".join("".join(f"{visible(line)}\n" for line in _lines(one)) for one in document["environments"])


def _lines(environment: Json) -> Iterator[str]:
    yield f"{environment['environment']}: {headline(environment)}"
    for swap in environment["swaps"]:
        yield f"  {swapped(swap)}"
        yield from (f"    note: {remark}" for remark in remarks(swap))
    yield from _findings("would be lost or refused", environment["losses"])
    yield from _differences(environment["differences"])
    yield from _alerts(environment["readings"])
    yield from _findings("findings that would go", environment["relieved"])
    if environment["same"]:
        yield "  the same"
        yield f"    {same(environment)}"
        yield f"    {environment['same_readings']} alerts read what they read now"
    yield "  files"
    yield from (f"    {one['target']}: {counts(one)}" for one in environment["files"])
    if environment["uncounted"]:
        yield f"    not counted, because they would be refused: {', '.join(environment['uncounted'])}"


def _findings(title: str, found: list[Json]) -> Iterator[str]:
    if found:
        yield f"  {title}"
    for one in found:
        yield f"    {one['severity']}[{one['code']}] {whose(one)}"
        yield f"        {one['message']}"
        if one["help"]:
            yield f"        help: {one['help']}"


def _differences(found: list[Json]) -> Iterator[str]:
    if found:
        yield "  behaves differently"
    for one in found:
        yield f"    {one['stage']}: {one['ability']} {one['kind']}: {one['why']}"
        if one["instead"] and one["kind"] == "lost":
            yield f"        instead: {one['instead']}"
        yield from (f"        asked by {field}" for field in one["fields"])


def _alerts(found: list[Json]) -> Iterator[str]:
    if found:
        yield "  alerts"
    for one in found:
        yield f"    {one['system']}: {one['alert']}"
        yield f"        {reading(one)}"
