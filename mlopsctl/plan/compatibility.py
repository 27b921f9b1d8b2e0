"""Signature compatibility: can the locked versions, and earlier ones, be served with the endpoints' feature sets?

Signatures come from the lock and its history; no registry is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from msgspec import Struct

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.features import Field
from mlopsctl.blueprint.model.serving import Endpoint
from mlopsctl.plan.model import Answer, Role


class EarlierVersion(Struct, frozen=True):
    """A version of an earlier lock, with its inputs by name; empty without a locked signature."""

    version: str
    inputs: Mapping[str, str]


History = Mapping[tuple[str, str], Sequence[EarlierVersion]]
"""Earlier versions by (environment, `model@alias`), newest first."""


def answers(before: Blueprint | None, after: Blueprint, history: History) -> Iterator[Answer]:
    """Yield an answer for each endpoint's served version, candidate and earlier versions."""
    old = {endpoint.spec_name: endpoint for endpoint in before.endpoints} if before else {}
    for endpoint in after.endpoints:
        then = old.get(endpoint.spec_name)
        request = _EndpointInputs(
            after, endpoint, inputs(after, endpoint), inputs(before, then) if before and then else None
        )
        if request.now is None:
            continue
        yield request.answer(endpoint.stable.version.version, _types_by_name(endpoint.stable.version.inputs), "serves")
        if endpoint.candidate:
            version = endpoint.candidate.version
            yield request.answer(version.version, _types_by_name(version.inputs), "candidate")
        versions = {endpoint.stable.version.version}
        for earlier in history.get((after.identity.environment, locked_name(after)), ()):
            if earlier.version not in versions:
                versions.add(earlier.version)
                yield request.answer(earlier.version, earlier.inputs, "rollback")


class _EndpointInputs(NamedTuple):
    """The inputs that an endpoint sends, after and before the change."""

    blueprint: Blueprint
    endpoint: Endpoint
    now: Mapping[str, str] | None
    before: Mapping[str, str] | None

    def answer(self, version: str, known_inputs: Mapping[str, str], role: Role) -> Answer:
        """Return whether a version trained on the inputs `known` can be served."""
        why = mismatch(known_inputs, self.now)
        identity = self.blueprint.identity
        was = not mismatch(known_inputs, self.before)
        model = locked_name(self.blueprint)
        return Answer(
            identity.environment, identity.system, self.endpoint.spec_name, model, version, role, not why, why, was
        )


def locked_name(blueprint: Blueprint) -> str:
    """Return the lock's key of the system's model; empty without a model."""
    return f"{blueprint.model.registered_name}@{blueprint.model.alias}" if blueprint.model else ""


def inputs(blueprint: Blueprint, endpoint: Endpoint) -> dict[str, str] | None:
    """Return the types of the model's inputs from the endpoint's feature set, by name; None without a set."""
    sets = blueprint.features.sets if blueprint.features else ()
    feature_set = next((candidate for candidate in sets if candidate.name == endpoint.features), None)
    if feature_set is None:
        return None
    return {field.name: field.type for field in feature_set.fields} | _types_by_name(feature_set.model_request)


def mismatch(trained: Mapping[str, str], requested: Mapping[str, str] | None) -> str:
    """Return why a version trained on `known` cannot be served with the inputs `asked`; empty if it can, or unknown."""
    if not trained or requested is None:
        return ""
    retyped = [
        f"was trained on {kind} `{name}`, which is now {requested[name]}"
        for name, kind in trained.items()
        if requested.get(name, kind) != kind
    ]
    missing = [f"needs `{name}`, which is removed" for name in trained if name not in requested]
    new = [f"was trained without `{name}`" for name in requested if name not in trained]
    return ", ".join((*retyped, *missing, *new))


def _types_by_name(fields: Iterable[Field]) -> dict[str, str]:
    return {field.name: field.type for field in fields}
