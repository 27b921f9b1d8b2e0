"""A plan as GitHub Markdown for a comment or a job summary: the dangerous changes first, the rest folded.

Values are escaped, so that none becomes markup, a mention or a link. The length is limited to that of a comment.
"""

from __future__ import annotations

from collections.abc import Iterator

from mlopsctl.diagnostics.render import markdown
from mlopsctl.diagnostics.render.markdown import escape
from mlopsctl.plan.model import Effect
from mlopsctl.plan.views.rows import (
    Json,
    answer,
    chains,
    change_text,
    compared,
    consequences,
    counted,
    endpoint_text,
    folded,
    loud,
    quiet,
)
from mlopsctl.plan.wording import EFFECTS

LARGEST = 45_000
"""In characters; the manifest diff shares one comment of 65,536 with the plan."""

_ICONS = {
    EFFECTS[Effect.DESTROYS]: "🛑",
    EFFECTS[Effect.BREAKS]: "🛑",
    EFFECTS[Effect.RETRAINS]: "🔁",
    EFFECTS[Effect.REMATERIALISES]: "🔁",
}


def render(document: Json) -> str:
    """Return the plan: headline, systems, guards, dangerous changes; the rest in folded sections."""
    page = ""
    for part in _parts(document):
        if len(page) + len(part) > LARGEST:
            return f"{page}\n…truncated: run `mlopsctl plan --detail` for the full plan.\n"
        page += part
    return page


def _parts(document: Json) -> Iterator[str]:
    yield f"**{escape(document['headline'])}**\n\n"
    if document["reviewers"]:
        yield f"Reviewers: {', '.join(f'**{escape(reviewer)}**' for reviewer in document['reviewers'])}.\n\n"
    yield from _systems(document)
    yield from _findings(document)
    reasons: set[str] = set()
    for change in loud(document):
        yield _change(change, reasons)
    quiet_changes = [_change(change, reasons) for change in quiet(document)]
    yield from _folded("Other changes: " + folded(quiet(document)), quiet_changes)
    yield from _contract(document)
    yield from _costs(document)
    yield from _tool(document)
    yield f"\nThis plan was {escape(compared(document))}.\n"


def _systems(document: Json) -> Iterator[str]:
    if document["systems"]:
        yield "| system | effects | environments | tier | owner |\n|---|---|---|---|---|\n"
    for system in document["systems"]:
        icon = _ICONS.get(system["effects"][0], "")
        cells = (
            f"{icon} {escape(system['system'])}",
            ", ".join(system["effects"]),
            escape(", ".join(system["environments"])),
        )
        yield f"| {' | '.join(cells)} | {system['tier']} | {escape(system['owner'])} |\n"


def _findings(document: Json) -> Iterator[str]:
    diagnostics = [*document["guards"], *document["findings"]]
    if diagnostics:
        yield "\n" + markdown.HEAD
        yield from (markdown.row(diagnostic) for diagnostic in diagnostics)


def _change(change: Json, reasons: set[str]) -> str:
    icon = _ICONS.get(change["effect"], "")
    title = (
        f"{icon} **{change['effect']}**: {escape(change_text(change))} ({escape(', '.join(change['environments']))})"
    )
    lines = [f"\n{title.strip()}\n\n"]
    lines += [f"- path: {escape(chain)}\n" for chain in chains(change)]
    lines += [f"- {escape(consequence)}\n" for consequence in consequences(change, reasons)]
    return "".join(lines)


def _folded(title: str, parts: list[str]) -> Iterator[str]:
    if parts:
        yield f"\n<details><summary>{title}</summary>\n\n"
        yield from parts
        yield "\n</details>\n"


def _contract(document: Json) -> Iterator[str]:
    rows = [f"- {escape(endpoint_text(entry))}: {escape(answer(entry))}\n" for entry in document["contract"]]
    broken = sum(1 for entry in document["contract"] if not entry["servable"])
    verdict = f"{broken} of {len(rows)} locked versions cannot be served" if broken else "all versions can be served"
    yield from _folded(f"Signature compatibility: {verdict} after this change", rows)


def _costs(document: Json) -> Iterator[str]:
    rows = [
        f"| {escape(cost['system'])} | {escape(cost['environment'])} | {escape(cost['name'])} "
        f"| {escape(cost['before']) or '-'} | {escape(cost['after']) or '-'} |\n"
        for cost in document["costs"]
    ]
    head = "| system | environment | object | before | after |\n|---|---|---|---|---|\n"
    yield from _folded("Cost", [head, *rows] if rows else [])


def _tool(document: Json) -> Iterator[str]:
    tool = document["tool"]
    if tool:
        title = f"mlopsctl itself: {escape(tool['before'])} to {escape(tool['after'])}"
        summary = f"renders {counted(len(tool['files']), 'file')} differently from the same specs"
        yield from _folded(f"{title} {summary}", [f"- {escape(file)}\n" for file in tool["files"]])
