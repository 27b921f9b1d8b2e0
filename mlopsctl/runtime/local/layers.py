"""The libraries of each step of a run, in layers that steps share.

A step has the layers that it imports whenever an engine starts it alone, and no other: code that works only because
another step imported something would fail on a cluster.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module

from mlopsctl.blueprint.model.blueprint import Blueprint

LAYERS: Mapping[str, tuple[str, ...]] = {
    "data": ("pandas", "pyarrow.parquet"),
    "mlflow": ("mlflow", "mlflow.store.tracking.sqlalchemy_store", "alembic.command"),
    "sklearn": ("sklearn.metrics",),
    "deepchecks": ("mlopsctl.engines.deepchecks.backend:library", "deepchecks.tabular.checks"),
    "great-expectations": ("great_expectations",),
    "feast": ("mlopsctl.engines.feast.backend.project:library", "feast.repo_operations", "pyarrow.dataset", "duckdb"),
}
"""Modules by layer, in the order of imports; `module:function` is a function that imports a library."""


def load(layer: str) -> None:
    """Import the modules of a layer."""
    for name in LAYERS[layer]:
        module, _, function = name.partition(":")
        imported = import_module(module)
        if function:
            getattr(imported, function)()


def layers(blueprint: Blueprint, verb: str) -> tuple[str, ...]:
    """Return the layers of a step, in the order of imports; none for a step that needs no library."""
    needed = _NEEDED[verb](blueprint) if verb in _NEEDED else frozenset()
    return tuple(layer for layer in LAYERS if layer in needed)


def _of_store(blueprint: Blueprint) -> frozenset[str]:
    return frozenset({"data", blueprint.engines.features.name})


def _of_registry(blueprint: Blueprint) -> frozenset[str]:
    return frozenset({"data", blueprint.engines.registry.name})


def _of_checks(blueprint: Blueprint) -> frozenset[str]:
    engine = blueprint.engines.checks.name
    return frozenset({"data", engine, *(["sklearn"] if engine == "deepchecks" else [])})


def _of_training(blueprint: Blueprint) -> frozenset[str]:
    own = {"sklearn"} if blueprint.model and blueprint.model.flavor == "sklearn" else set()
    return _of_registry(blueprint) | own


def _of_evaluation(blueprint: Blueprint) -> frozenset[str]:
    return _of_registry(blueprint) | {"sklearn"}


def _of_monitor(blueprint: Blueprint) -> frozenset[str]:
    from mlopsctl.engines.deepchecks.checks import DRIFT_METHODS

    live = blueprint.checks.live if blueprint.checks else None
    methods = {method for _, method in DRIFT_METHODS}
    measures = live is not None and (live.quality or any(column.method in methods for column in live.drift))
    return _of_registry(blueprint) | _of_store(blueprint) | ({"sklearn"} if measures else set())


_NEEDED: Mapping[str, Callable[[Blueprint], frozenset[str]]] = {
    "materialize": _of_store,
    "build-dataset": _of_store,
    "check-data": _of_checks,
    "split": lambda _: frozenset({"data"}),
    "check-split": _of_checks,
    "train": _of_training,
    "evaluate": _of_evaluation,
    "check-model": _of_checks,
    "register": _of_registry,
    "monitor": _of_monitor,
}
