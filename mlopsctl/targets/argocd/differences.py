"""Fields that something in the cluster writes: a scaler, or the rollout under way. Argo CD must let them be.

In: a Blueprint and the kinds that were rendered. Out: rules of an Application. Never a field that only Git writes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from mlopsctl.blueprint.model import Blueprint
from mlopsctl.catalogue import infrastructure
from mlopsctl.targets.argocd.folders import Kind

Rule = dict[str, Any]
"""What an Application ignores of one kind."""


def ignored(blueprint: Blueprint, kinds: Collection[Kind]) -> list[Rule]:
    """Return what is ignored, one rule a kind."""
    rules: dict[Kind, dict[str, None]] = {}
    for group, kind, pointer in _owned(blueprint):
        if (group, kind) in kinds:
            rules.setdefault((group, kind), {})[pointer] = None
    return [
        {"group": group, "kind": kind, "jsonPointers": sorted(pointers)}
        for (group, kind), pointers in sorted(rules.items())
    ]


def _owned(blueprint: Blueprint) -> Iterator[infrastructure.Owned]:
    engine = blueprint.engines.serving
    for endpoint in blueprint.endpoints:
        if endpoint.autoscale:
            yield from infrastructure.owned_by_autoscaler(engine.name, engine.version, endpoint.autoscale.metric)
        if endpoint.candidate and endpoint.rollout.strategy == "canary":
            yield from infrastructure.owned_by_rollout(engine.name, engine.version)


def may_be_kept(rules: Sequence[Rule]) -> bool:
    """Tell whether a sync may carry the ignored values over from the cluster.

    For a field inside a list Argo CD carries over the whole list: a new version in it would never arrive.
    """
    inside = [part for rule in rules for pointer in rule["jsonPointers"] for part in pointer.split("/")]
    return bool(rules) and not any(part.isdigit() for part in inside)
