"""Plain texts that the text view and the Markdown view share, without markup."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from mlopsctl.plan.model import Action, Effect
from mlopsctl.plan.wording import ACTIONS, EFFECTS

Json = dict[str, Any]

QUIET = frozenset(EFFECTS[effect] for effect in (Effect.RULES, Effect.METADATA, Effect.PIPELINES, Effect.NOTHING))
"""Effects without risk: summed up by default."""


def loud(document: Json) -> list[Json]:
    """Return the changes that are always listed."""
    return [change for change in document["changes"] if change["effect"] not in QUIET]


def quiet(document: Json) -> list[Json]:
    """Return the changes that are summed up by default."""
    return [change for change in document["changes"] if change["effect"] in QUIET]


def change_text(change: Json) -> str:
    """Return the changed object with its values before and after, as text."""
    owner = f"{change['system']}: " if change["system"] else ""
    name = f"{owner}{change['path']}"
    old, new = change["old"], change["new"]
    if change["action"] == ACTIONS[Action.RENAMED]:
        return f"{name}: renamed from {old}"
    if change["action"] != ACTIONS[Action.CHANGED]:
        value = new or old
        return f"{name}: {change['action']}" + (f", {value}" if value and value not in name else "")
    return f"{name}: {old or 'nothing'} -> {new or 'nothing'}" if old or new else name


def chains(change: Json) -> Iterator[str]:
    """Yield each chain from the cause to its last user, as text."""
    for chain in change["chains"]:
        yield " → ".join(chain)


def consequence(entry: Json) -> str:
    """Return one effect as text: its object and how it happens."""
    owner = f" of {entry['system']}" if entry["system"] else ""
    where = f" in {', '.join(entry['environments'])}" if entry["environments"] else ""
    return f"{entry['effect']}{where}: {entry['on']}{owner}: {entry['applied']}"


def consequences(change: Json, reasons: set[str]) -> Iterator[str]:
    """Yield a change's effects as text; effects already listed for an earlier change are only referred to."""
    again: dict[str, None] = {}
    for entry in change["consequences"]:
        text = consequence(entry)
        if text in reasons:
            owner = f" of {entry['system']}" if entry["system"] else ""
            again[f"{entry['effect']} {entry['on']}{owner}"] = None
        else:
            reasons.add(text)
            yield text
    if again:
        yield f"as above: {', '.join(again)}"


def folded(changes: Iterable[Json]) -> str:
    """Return the number of changes per effect, as text."""
    counts: dict[str, int] = {}
    for change in changes:
        counts[change["effect"]] = counts.get(change["effect"], 0) + 1
    return ", ".join(f"{number} of {effect}" for effect, number in counts.items())


def answer(entry: Json) -> str:
    """Return whether a version can be served after the change, as text."""
    role = {"serves": "served", "candidate": "candidate", "rollback": "earlier version"}[entry["role"]]
    verdict = "can be served" if entry["servable"] else f"cannot be served: it {entry['why']}"
    before = "" if entry["was"] or entry["servable"] else " (nor before this change)"
    return f"version {entry['version']} ({role}) {verdict}{before}"


def compared(document: Json) -> str:
    """Return what was compared, and how many rendered files differ; nothing is rendered with errors."""
    count = document["files"]
    files = f"{counted(count, 'rendered file')} differ{'s' if count == 1 else ''}"
    return f"compared with {document['against']}; {'nothing was rendered' if document['unclear'] else files}"


def endpoint_text(entry: Json) -> str:
    """Return the endpoint of an answer as text."""
    return f"{entry['system']}/{entry['endpoint']} in {entry['environment']}"


def counted(number: int, noun: str) -> str:
    """Return a number with its noun."""
    return f"{number} {noun}{'' if number == 1 else 's'}"
