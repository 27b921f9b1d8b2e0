"""A plan as terminal text: a headline, a line per system, the dangerous changes, and the rest with `--detail`.

Control characters in values are made visible.
"""

from __future__ import annotations

from collections.abc import Iterator

from mlopsctl.diagnostics.render.visible import visible
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

RESET = "\x1b[0m"
_STYLES = {
    EFFECTS[Effect.DESTROYS]: "\x1b[1;31m",
    EFFECTS[Effect.BREAKS]: "\x1b[1;31m",
    EFFECTS[Effect.RETRAINS]: "\x1b[33m",
    EFFECTS[Effect.REMATERIALISES]: "\x1b[33m",
    EFFECTS[Effect.OUTSIDE]: "\x1b[36m",
    EFFECTS[Effect.ROLLS]: "\x1b[36m",
    EFFECTS[Effect.REROUTES]: "\x1b[36m",
}


def render(document: Json, *, detail: bool, colour: bool) -> str:
    """Return the plan; `detail` lists every change and every earlier version."""
    return "".join(f"{line}\n" for line in _lines(document, detail, colour))


def _lines(document: Json, detail: bool, colour: bool) -> Iterator[str]:
    yield visible(document["headline"])
    yield visible(compared(document))
    if document["reviewers"]:
        yield f"reviewers: {', '.join(map(visible, document['reviewers']))}"
    yield from _systems(document, colour)
    reasons: set[str] = set()
    for change in loud(document) if not detail else document["changes"]:
        yield ""
        yield from _change(change, colour, reasons)
    rest = [] if detail else quiet(document)
    if rest:
        yield ""
        yield f"and {folded(rest)}: --detail lists them"
    yield from _contract(document, detail)
    yield from _costs(document)
    yield from _tool(document)


def _systems(document: Json, colour: bool) -> Iterator[str]:
    if not document["systems"]:
        return
    yield ""
    width = max(len(visible(system["system"])) for system in document["systems"])
    for system in document["systems"]:
        effects = ", ".join(_painted(effect, colour) for effect in system["effects"])
        places = visible(", ".join(system["environments"]))
        tier = f"tier {system['tier']}, {visible(system['owner'])}"
        yield f"  {visible(system['system']):<{width}}  {effects}  [{places}]  {tier}"


def _change(change: Json, colour: bool, reasons: set[str]) -> Iterator[str]:
    places = visible(", ".join(change["environments"]))
    yield f"{_painted(change['effect'], colour)}  {visible(change_text(change))}  [{places}]"
    for chain in chains(change):
        yield f"    {visible(chain)}"
    for consequence in consequences(change, reasons):
        yield f"    - {visible(consequence)}"


def _painted(effect: str, colour: bool) -> str:
    style = _STYLES.get(effect, "")
    return f"{style}{effect}{RESET}" if colour and style else effect


def _contract(document: Json, detail: bool) -> Iterator[str]:
    entries = document["contract"] if detail else [entry for entry in document["contract"] if not entry["servable"]]
    if entries:
        yield ""
        yield "signature compatibility of locked versions"
        yield from (f"  {visible(endpoint_text(entry))}: {visible(answer(entry))}" for entry in entries)
    safe = [entry for entry in document["contract"] if entry["servable"] and entry["role"] == "rollback"]
    if safe and not detail:
        yield f"  {counted(len(safe), 'earlier version')} can still be served after this change"


def _costs(document: Json) -> Iterator[str]:
    if not document["costs"]:
        return
    yield ""
    yield "cost"
    for cost in document["costs"]:
        name = f"{cost['system']}/{cost['environment']} {cost['name']}"
        yield f"  {visible(name)}: {visible(cost['before'] or 'nothing')} -> {visible(cost['after'] or 'nothing')}"


def _tool(document: Json) -> Iterator[str]:
    tool = document["tool"]
    if tool:
        yield ""
        yield (
            f"mlopsctl itself: {tool['before']} -> {tool['after']} renders {counted(len(tool['files']), 'file')} "
            "differently from the same specs"
        )
