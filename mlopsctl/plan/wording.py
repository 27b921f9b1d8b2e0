"""Texts of effects, actions, objects and chains, shared by all views of a plan; no logic depends on them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Final

from mlopsctl.plan.model import CROSSING, Action, Chain, Effect, EffectTarget, Kind, Link

EFFECTS: Final[Mapping[Effect, str]] = {
    Effect.NOTHING: "nothing",
    Effect.METADATA: "metadata only",
    Effect.RULES: "rules only",
    Effect.PIPELINES: "pipelines only",
    Effect.REROUTES: "reroutes traffic",
    Effect.ROLLS: "rolls serving",
    Effect.OUTSIDE: "outside the model",
    Effect.RE_EVALUATES: "re-evaluates",
    Effect.REMATERIALISES: "rematerialises",
    Effect.RETRAINS: "retrains",
    Effect.BREAKS: "breaks",
    Effect.DESTROYS: "destroys",
}
ACTIONS: Final[Mapping[Action, str]] = {
    Action.ADDED: "added",
    Action.REMOVED: "removed",
    Action.CHANGED: "changed",
    Action.RENAMED: "renamed",
}
_NAMELESS: Final[Mapping[Kind, str]] = {
    Kind.SYSTEM: "the whole system",
    Kind.SHARED: "shared objects",
    Kind.FILES: "no file",
    Kind.GATES: "gates",
}


def target_text(target: EffectTarget) -> str:
    """Return the object of an effect as text."""
    if target.kind is Kind.FIELD:
        return target.name
    return _NAMELESS.get(target.kind) or f"{target.kind.value} {target.name}"


def endpoint(link: Link) -> str:
    """Return an endpoint with its tier and owner, as text."""
    return f"endpoint {link.name} (tier {link.tier}, {link.owner})"


def chain(links: Chain, action: Action) -> Iterator[str]:
    """Yield a text per link, prefixed with the system where a chain enters another one."""
    first = links[0]
    removed = first.kind is Kind.SYSTEM and action is Action.REMOVED
    yield f"{first.name} is removed" if removed else first.path
    for last, link in pairwise(links):
        if link.kind is Kind.ENDPOINT:
            yield endpoint(link)
        else:
            crosses = link.kind in CROSSING and link.system != last.system
            yield f"{link.system}: {link.path}" if crosses else link.path
