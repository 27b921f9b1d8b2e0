"""Whether what is locked, and what was locked before, can still be served with the sets that endpoints ask with.

In: the Blueprints of both sides, and earlier versions from the lock's history. Out: an answer a version. Never asks a
registry: the lock has the signatures.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from msgspec import Struct

from mlopsctl.blueprint.model import Blueprint, Endpoint, Field
from mlopsctl.change.model import Answer, Role


class Earlier(Struct, frozen=True):
    """A version that the lock named before: its inputs by name, none where its signature was not locked."""

    version: str
    inputs: Mapping[str, str]


History = Mapping[tuple[str, str], Sequence[Earlier]]
"""Earlier versions by environment and `model@alias`, the newest first."""


def answers(before: Blueprint | None, after: Blueprint, history: History) -> Iterator[Answer]:
    """Answer for every endpoint: the version it serves, its candidate, and those to go back to."""
    old = {one.spec_name: one for one in before.endpoints} if before else {}
    for endpoint in after.endpoints:
        then = old.get(endpoint.spec_name)
        asked = _Asked(after, endpoint, inputs(after, endpoint), inputs(before, then) if before and then else None)
        if asked.now is None:
            continue
        yield asked.answer(endpoint.stable.version.version, _named(endpoint.stable.version.inputs), "serves")
        if endpoint.candidate:
            version = endpoint.candidate.version
            yield asked.answer(version.version, _named(version.inputs), "candidate")
        told = {endpoint.stable.version.version}
        for earlier in history.get((after.identity.environment, locked_name(after)), ()):
            if earlier.version not in told:
                told.add(earlier.version)
                yield asked.answer(earlier.version, earlier.inputs, "rollback")


class _Asked(NamedTuple):
    """What an endpoint asks with, now and before the change."""

    of: Blueprint
    endpoint: Endpoint
    now: Mapping[str, str] | None
    before: Mapping[str, str] | None

    def answer(self, version: str, known: Mapping[str, str], role: Role) -> Answer:
        """Say whether a version that knows these inputs can be asked."""
        why = mismatch(known, self.now)
        who = self.of.identity
        was = not mismatch(known, self.before)
        model = locked_name(self.of)
        return Answer(who.environment, who.system, self.endpoint.spec_name, model, version, role, not why, why, was)


def locked_name(blueprint: Blueprint) -> str:
    """Return the lock's key of the system's model; empty where there is none."""
    return f"{blueprint.model.registered_name}@{blueprint.model.alias}" if blueprint.model else ""


def inputs(blueprint: Blueprint, endpoint: Endpoint) -> dict[str, str] | None:
    """Return what the endpoint's set hands a model: its features and request fields by name; None without a set."""
    sets = blueprint.features.sets if blueprint.features else ()
    one = next((each for each in sets if each.name == endpoint.features), None)
    if one is None:
        return None
    return {field.name: field.type for field in one.fields} | _named(one.request)


def mismatch(known: Mapping[str, str], asked: Mapping[str, str] | None) -> str:
    """Say why a version trained on `known` cannot be asked with `asked`; empty where it can, or nothing is known."""
    if not known or asked is None:
        return ""
    retyped = [
        f"was trained on {kind} `{name}`, which is {asked[name]}"
        for name, kind in known.items()
        if asked.get(name, kind) != kind
    ]
    gone = [f"needs `{name}`, which is gone" for name in known if name not in asked]
    new = [f"does not know `{name}`" for name in asked if name not in known]
    return ", ".join((*retyped, *gone, *new))


def _named(fields: Iterable[Field]) -> dict[str, str]:
    return {field.name: field.type for field in fields}
