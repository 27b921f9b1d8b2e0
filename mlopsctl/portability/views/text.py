"""A portability report as text for the terminal."""

from __future__ import annotations

from collections.abc import Iterator

from mlopsctl.diagnostics.render.visible import visible
from mlopsctl.portability.views.rows import (
    Json,
    counts,
    field_owner,
    headline,
    reading,
    remarks,
    shared_abilities,
    swapped,
)


def render(document: Json) -> str:
    """Return the report, a block an environment."""
    return "\n".join(
        "".join(f"{visible(line)}\n" for line in _lines(environment)) for environment in document["environments"]
    )


def _lines(environment: Json) -> Iterator[str]:
    yield f"{environment['environment']}: {headline(environment)}"
    for swap in environment["swaps"]:
        yield f"  {swapped(swap)}"
        yield from (f"    note: {remark}" for remark in remarks(swap))
    yield from _findings("new findings", environment["losses"])
    yield from _differences(environment["differences"])
    yield from _alerts(environment["readings"])
    yield from _findings("resolved findings", environment["relieved"])
    if environment["same"]:
        yield "  unchanged"
        yield f"    {shared_abilities(environment)}"
        yield f"    {environment['same_readings']} alerts"
    yield "  files"
    yield from (f"    {file['target']}: {counts(file)}" for file in environment["files"])
    if environment["uncounted"]:
        yield f"    not counted, because they could not be rendered: {', '.join(environment['uncounted'])}"


def _findings(title: str, losses: list[Json]) -> Iterator[str]:
    if losses:
        yield f"  {title}"
    for loss in losses:
        yield f"    {loss['severity']}[{loss['code']}] {field_owner(loss)}"
        yield f"        {loss['message']}"
        if loss["help"]:
            yield f"        help: {loss['help']}"


def _differences(entries: list[Json]) -> Iterator[str]:
    if entries:
        yield "  capabilities"
    for entry in entries:
        yield f"    {entry['stage']}: {entry['ability']} {entry['kind']}: {entry['why']}"
        if entry["instead"] and entry["kind"] == "lost":
            yield f"        instead: {entry['instead']}"
        yield from (f"        used by {field}" for field in entry["fields"])


def _alerts(alerts: list[Json]) -> Iterator[str]:
    if alerts:
        yield "  alerts"
    for alert in alerts:
        yield f"    {alert['system']}: {alert['alert']}"
        yield f"        {reading(alert)}"
