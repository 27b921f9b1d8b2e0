"""A plan for a person at a terminal: a headline, a line a system, what is dangerous, and the rest on request.

In: the JSON document. Out: text. Never lets a value steer the terminal.
"""

from __future__ import annotations

from collections.abc import Iterator

from mlopsctl.change.plan_rows import Json, answer, chains, compared, consequence, folded, loud, quiet, what, where
from mlopsctl.diagnostics.visible import visible

RESET = "\x1b[0m"
_STYLES = {
    "destroys": "\x1b[1;31m",
    "breaks": "\x1b[1;31m",
    "retrains": "\x1b[33m",
    "rematerialises": "\x1b[33m",
    "rolls serving": "\x1b[36m",
    "reroutes traffic": "\x1b[36m",
}


def render(document: Json, *, detail: bool, colour: bool) -> str:
    """Return the plan; `detail` tells quiet changes one by one, and every version to roll back to."""
    return "".join(f"{line}\n" for line in _lines(document, detail, colour))


def _lines(document: Json, detail: bool, colour: bool) -> Iterator[str]:
    yield visible(document["headline"])
    yield visible(compared(document))
    if document["reviewers"]:
        yield f"to be reviewed by {', '.join(map(visible, document['reviewers']))}"
    yield from _systems(document, colour)
    told = loud(document) if not detail else document["changes"]
    for change in told:
        yield ""
        yield from _change(change, colour)
    rest = [] if detail else quiet(document)
    if rest:
        yield ""
        yield f"and {folded(rest)}: --detail lists them"
    yield from _contract(document, detail)
    yield from _costs(document)
    yield from _tool(document)


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


def _systems(document: Json, colour: bool) -> Iterator[str]:
    if not document["systems"]:
        return
    yield ""
    width = max(len(one["system"]) for one in document["systems"])
    for one in document["systems"]:
        effects = ", ".join(_painted(effect, colour) for effect in one["effects"])
        places = ", ".join(one["environments"])
        yield f"  {one['system']:<{width}}  {effects}  [{places}]  tier {one['tier']}, {one['owner']}"


def _change(change: Json, colour: bool) -> Iterator[str]:
    yield f"{_painted(change['effect'], colour)}  {visible(what(change))}  [{', '.join(change['environments'])}]"
    for chain in chains(change):
        yield f"    {visible(chain)}"
    for one in change["consequences"]:
        yield f"    - {visible(consequence(one))}"


def _painted(effect: str, colour: bool) -> str:
    style = _STYLES.get(effect, "")
    return f"{style}{effect}{RESET}" if colour and style else effect


def _contract(document: Json, detail: bool) -> Iterator[str]:
    told = document["contract"] if detail else [one for one in document["contract"] if not one["servable"]]
    if told:
        yield ""
        yield "the contract with what is locked"
        yield from (f"  {visible(where(one))}: {visible(answer(one))}" for one in told)
    safe = [one for one in document["contract"] if one["servable"] and one["role"] == "rollback"]
    if safe and not detail:
        yield f"  {_count(len(safe), 'earlier version')} can still be served after this change"


def _costs(document: Json) -> Iterator[str]:
    if not document["costs"]:
        return
    yield ""
    yield "cost"
    for one in document["costs"]:
        name = f"{one['system']}/{one['environment']} {one['name']}"
        yield f"  {visible(name)}: {visible(one['before'] or 'nothing')} -> {visible(one['after'] or 'nothing')}"


def _tool(document: Json) -> Iterator[str]:
    tool = document["tool"]
    if tool:
        yield ""
        yield (
            f"mlopsctl itself: {tool['before']} -> {tool['after']} writes {_count(len(tool['files']), 'file')} "
            "differently, from the same specs"
        )
