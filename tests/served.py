"""Endpoints for the tests of what serves them: the examples' own, varied in one thing after the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import product
from typing import Any

import yaml
from blueprints import card_fraud
from msgspec.structs import replace

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.metrics import Series
from mlopsctl.blueprint.model.platform import Engine
from mlopsctl.blueprint.model.serving import Autoscale, Endpoint, Rollout
from mlopsctl.tree.fileset import FileSet

SETTINGS = {"secret": "model-store", "prometheus": "http://prometheus.monitoring:9090"}
ROLLOUTS = {
    "direct": Rollout("direct", (), 0, (), 100),
    "canary": Rollout("canary", (25, 50, 100), 600, (), 25),
    "shadow": Rollout("shadow", (), 0, (), 30),
}


def endpoint() -> Endpoint:
    """Return the endpoint of the examples that has a candidate."""
    return card_fraud().endpoints[0]


def serving(engine: Engine, **changes: Any) -> Blueprint:
    """Return a Blueprint whose one endpoint is changed so, and is served by this engine."""
    blueprint = card_fraud()
    engines = replace(blueprint.engines, serving=engine)
    return replace(blueprint, engines=engines, endpoints=(replace(endpoint(), **changes),))


def own_labels(blueprint: Blueprint) -> dict[str, str]:
    """Return the labels that no operator sets: those outside of Kubernetes' recommended ones."""
    return {key: value for key, value in blueprint.labels.items() if not key.startswith("app.kubernetes.io/")}


def engine(name: str, version: str, settings: Mapping[str, Any] | None = None) -> Engine:
    """Return a serving engine with the settings that targets read."""
    return Engine(name, version, {**SETTINGS, **(settings or {})})


def variations(engine: Engine, metrics: tuple[str, ...], strategies: tuple[str, ...], kind: str) -> Iterator[Blueprint]:
    """Yield every strategy with every metric, and none, with and without a candidate."""
    for strategy, metric in product(strategies, (None, *metrics)):
        scale = Autoscale(metric, Decimal(50), Series("requests_total")) if metric else None
        changes: dict[str, Any] = {
            "kind": kind,
            "rollout": ROLLOUTS[strategy],
            "autoscale": scale,
            "min_replicas": 4,
            "max_replicas": 8,
        }
        yield serving(engine, **changes, candidate=None)
        if strategy != "direct":
            yield serving(engine, **changes)


def objects(files: FileSet) -> list[dict[str, Any]]:
    """Read back every object of a file set."""
    return [document for file in files for document in yaml.safe_load_all(file.content)]


def only(files: FileSet, kind: str) -> dict[str, Any]:
    """Return the one object of a kind."""
    (manifest,) = (obj for obj in objects(files) if obj["kind"] == kind)
    return manifest


def put(owner: Any, path: str, value: object) -> None:
    """Set a field by its path; None removes it."""
    *parents, last = path.split(".")
    for part in parents:
        owner = owner[int(part) if part.isdigit() else part]
    if value is None:
        del owner[last]
    else:
        owner[int(last) if last.isdigit() else last] = value
