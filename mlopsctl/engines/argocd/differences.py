"""Fields that Argo CD must not compare: a scaler or the rollout under way writes them, or they never change."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.catalogue.platform import Owned
from mlopsctl.engines.argocd.folders import Kind
from mlopsctl.engines.known import for_engines
from mlopsctl.engines.model_servers import serving as serving_facts

Rule = dict[str, Any]
"""What an Application ignores of one kind."""


def ignored(blueprint: Blueprint, kinds: Collection[Kind]) -> list[Rule]:
    """Return the ignored differences, one rule per kind."""
    rules: dict[Kind, dict[str, None]] = {}
    for group, kind, pointer in (*_owned(blueprint), *_immutable(blueprint)):
        if (group, kind) in kinds:
            rules.setdefault((group, kind), {})[pointer] = None
    return [
        {"group": group, "kind": kind, "jsonPointers": sorted(pointers)}
        for (group, kind), pointers in sorted(rules.items())
    ]


def _immutable(blueprint: Blueprint) -> Iterator[Owned]:
    """Yield the fields whose content is part of an object's name."""
    for engine in for_engines(blueprint.engines):
        for (group, kind), facts in engine.kinds.items():
            yield from ((group, kind, pointer) for pointer in facts.immutable)


def _owned(blueprint: Blueprint) -> Iterator[Owned]:
    engine = blueprint.engines.serving
    serving = serving_facts(engine.name, engine.version)
    if serving is None:
        return
    for endpoint in blueprint.endpoints:
        if endpoint.autoscale:
            yield from serving.autoscaled.get(endpoint.autoscale.metric, ())
        if endpoint.candidate and endpoint.rollout.strategy == "canary" and serving.traffic:
            yield from serving.traffic.owned


def may_be_kept(rules: Sequence[Rule]) -> bool:
    """Return whether a sync may carry the ignored values over from the cluster.

    For a field inside a list Argo CD carries over the whole list: a new version in it would never arrive.
    """
    inside = [part for rule in rules for pointer in rule["jsonPointers"] for part in pointer.split("/")]
    return bool(rules) and not any(part.isdigit() for part in inside)
