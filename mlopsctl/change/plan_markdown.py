"""A plan for a comment or a job summary: what a reviewer reads in two minutes first, the rest folded.

In: the JSON document. Out: GitHub's Markdown. Never lets a value become markup, a mention or a link, and never grows
beyond what a comment may hold.
"""

from __future__ import annotations

from collections.abc import Iterator

from mlopsctl.change.plan_rows import Json, answer, chains, compared, consequence, folded, loud, quiet, what, where
from mlopsctl.diagnostics import markdown
from mlopsctl.diagnostics.markdown import escape

LARGEST = 45_000
"""In characters: the manifest diff stands beside it in one comment of 65,536."""

_ICONS = {"destroys": "🛑", "breaks": "🛑", "retrains": "🔁", "rematerialises": "🔁"}


def render(document: Json) -> str:
    """Return the plan: headline, systems, guards, what is dangerous; the rest in folded sections."""
    page = ""
    for part in _parts(document):
        if len(page) + len(part) > LARGEST:
            return f"{page}\n…and more: `mlopsctl plan --detail` shows all of it.\n"
        page += part
    return page


def _parts(document: Json) -> Iterator[str]:
    yield f"**{escape(document['headline'])}**\n\n"
    if document["reviewers"]:
        yield f"To be reviewed by {', '.join(f'**{escape(one)}**' for one in document['reviewers'])}.\n\n"
    yield from _systems(document)
    yield from _findings(document)
    for change in loud(document):
        yield _change(change)
    yield from _folded("Other changes: " + folded(quiet(document)), [_change(one) for one in quiet(document)])
    yield from _contract(document)
    yield from _costs(document)
    yield from _tool(document)
    yield f"\nThis was {escape(compared(document))}.\n"


def _systems(document: Json) -> Iterator[str]:
    if document["systems"]:
        yield "| system | what happens | environments | tier | owner |\n|---|---|---|---|---|\n"
    for one in document["systems"]:
        icon = _ICONS.get(one["effects"][0], "")
        cells = (f"{icon} {escape(one['system'])}", ", ".join(one["effects"]), ", ".join(one["environments"]))
        yield f"| {' | '.join(cells)} | {one['tier']} | {escape(one['owner'])} |\n"


def _findings(document: Json) -> Iterator[str]:
    told = [*document["guards"], *document["findings"]]
    if told:
        yield "\n" + markdown.HEAD
        yield from (markdown.row(one) for one in told)


def _change(change: Json) -> str:
    icon = _ICONS.get(change["effect"], "")
    title = f"{icon} **{change['effect']}**: {escape(what(change))} ({', '.join(change['environments'])})"
    lines = [f"\n{title.strip()}\n\n"]
    lines += [f"- path: {escape(chain)}\n" for chain in chains(change)]
    lines += [f"- {escape(consequence(one))}\n" for one in change["consequences"]]
    return "".join(lines)


def _folded(title: str, parts: list[str]) -> Iterator[str]:
    if parts:
        yield f"\n<details><summary>{title}</summary>\n\n"
        yield from parts
        yield "\n</details>\n"


def _contract(document: Json) -> Iterator[str]:
    rows = [f"- {escape(where(one))}: {escape(answer(one))}\n" for one in document["contract"]]
    broken = sum(1 for one in document["contract"] if not one["servable"])
    verdict = f"{broken} of {len(rows)} locked versions cannot be served" if broken else "all locked ones can be served"
    yield from _folded(f"The contract: {verdict} after this change", rows)


def _costs(document: Json) -> Iterator[str]:
    rows = [
        f"| {escape(one['system'])} | {escape(one['environment'])} | {escape(one['name'])} "
        f"| {escape(one['before']) or '-'} | {escape(one['after']) or '-'} |\n"
        for one in document["costs"]
    ]
    head = "| system | environment | what | before | after |\n|---|---|---|---|---|\n"
    yield from _folded("Cost", [head, *rows] if rows else [])


def _tool(document: Json) -> Iterator[str]:
    tool = document["tool"]
    if tool:
        title = f"mlopsctl itself: {escape(tool['before'])} to {escape(tool['after'])}"
        told = f"writes {len(tool['files'])} files differently, from the same specs"
        yield from _folded(f"{title} {told}", [f"- {escape(one)}\n" for one in tool["files"]])
