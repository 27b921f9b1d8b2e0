"""A portability report for a comment or an issue.

In: the JSON document. Out: GitHub's Markdown. Never lets a value become markup, a mention or a link.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mlopsctl.change.portability_rows import Json, counts, headline, reading, remarks, same, swapped, whose
from mlopsctl.diagnostics.markdown import escape


def render(document: Json) -> str:
    """Return the report, a section an environment."""
    return "\n".join("".join(_parts(one)) for one in document["environments"])


def _parts(environment: Json) -> Iterator[str]:
    yield f"### {escape(environment['environment'])}: {escape(headline(environment))}\n\n"
    for swap in environment["swaps"]:
        yield f"- {escape(swapped(swap))}\n"
        yield from (f"  - {escape(remark)}\n" for remark in remarks(swap))
    for title, found in (("Would be lost or refused", "losses"), ("Findings that would go", "relieved")):
        rows = [(one["code"], whose(one), one["message"], one["help"]) for one in environment[found]]
        yield from _table(title, ("code", "field", "what", "instead"), rows)
    differences = [
        (f"{one['stage']}: {one['ability']}", one["kind"], one["why"], one["instead"], ", ".join(one["fields"]))
        for one in environment["differences"]
    ]
    yield from _table("Behaves differently", ("ability", "", "why", "instead", "asked by"), differences)
    alerts = [(one["system"], one["alert"], reading(one)) for one in environment["readings"]]
    yield from _table("Alerts", ("system", "alert", "reads"), alerts)
    yield from _table("Files", ("target", "files"), [(one["target"], counts(one)) for one in environment["files"]])
    if environment["same"]:
        yield f"\nThe same: {escape(same(environment))}; {environment['same_readings']} alerts.\n"
    if environment["uncounted"]:
        yield f"\nNot counted, because they would be refused: {escape(', '.join(environment['uncounted']))}.\n"


def _table(title: str, heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    rows = list(rows)
    if rows:
        yield f"\n**{title}**\n\n| {' | '.join(heads)} |\n|{'---|' * len(heads)}\n"
        yield from (f"| {' | '.join(map(escape, row))} |\n" for row in rows)
