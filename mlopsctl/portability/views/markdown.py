"""A portability report as Markdown for a comment or an issue; values are escaped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mlopsctl.diagnostics.render.markdown import escape
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
    """Return the report, a section an environment."""
    return "\n".join("".join(_parts(environment)) for environment in document["environments"])


def _parts(environment: Json) -> Iterator[str]:
    yield f"### {escape(environment['environment'])}: {escape(headline(environment))}\n\n"
    for swap in environment["swaps"]:
        yield f"- {escape(swapped(swap))}\n"
        yield from (f"  - {escape(remark)}\n" for remark in remarks(swap))
    for title, key in (("New findings", "losses"), ("Resolved findings", "relieved")):
        rows = [(loss["code"], field_owner(loss), loss["message"], loss["help"]) for loss in environment[key]]
        yield from _table(title, ("code", "field", "what", "instead"), rows)
    differences = [
        (
            f"{difference['stage']}: {difference['ability']}",
            difference["kind"],
            difference["why"],
            difference["instead"],
            ", ".join(difference["fields"]),
        )
        for difference in environment["differences"]
    ]
    yield from _table("Capabilities", ("capability", "", "why", "instead", "used by"), differences)
    alerts = [
        (alert_reading["system"], alert_reading["alert"], reading(alert_reading))
        for alert_reading in environment["readings"]
    ]
    yield from _table("Alerts", ("system", "alert", "reads"), alerts)
    yield from _table("Files", ("target", "files"), [(file["target"], counts(file)) for file in environment["files"]])
    if environment["same"]:
        yield f"\nUnchanged: {escape(shared_abilities(environment))}; {environment['same_readings']} alerts.\n"
    if environment["uncounted"]:
        yield f"\nNot counted, because they could not be rendered: {escape(', '.join(environment['uncounted']))}.\n"


def _table(title: str, heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    rows = list(rows)
    if rows:
        yield f"\n**{title}**\n\n| {' | '.join(heads)} |\n|{'---|' * len(heads)}\n"
        yield from (f"| {' | '.join(map(escape, row))} |\n" for row in rows)
