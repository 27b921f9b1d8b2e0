"""The suites and tabular checks of Deepchecks 0.19.1, with parameters, conditions, tasks and known faults."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from mlopsctl.catalogue.checks import STAGES, CheckCatalogue, CheckType, has_inputs
from mlopsctl.catalogue.parameter import Parameter

VERSION: Final = "0.19.1"
_FILE: Final = Path(__file__).parent / "data" / f"deepchecks-{VERSION}.json"
DRIFT_METHODS: Final[Mapping[tuple[str, str], str]] = MappingProxyType(
    {
        ("numerical", "ks"): "KS",
        ("numerical", "wasserstein"): "EMD",
        ("categorical", "cramers-v"): "cramers_v",
        ("categorical", "psi"): "PSI",
    }
)
"""The library's names of drift methods, by (kind of column, method of the spec); it does not have the others."""


class Check(NamedTuple):
    """A tabular check.

    `stage` is the earliest stage of the pipeline at which it can run (data, split, model), `family` its input:
    a `single` dataset, a `pair`, a `model`, several `models`. `tasks` are the tasks for which a run of it
    succeeded; `broken` has the error by task of a library fault. `deprecated` is the name of its successor.
    """

    name: str
    stage: str
    family: str
    params: Mapping[str, Parameter]
    conditions: Mapping[str, Mapping[str, Parameter]]
    suites: tuple[str, ...]
    tasks: tuple[str, ...]
    broken: Mapping[str, str]
    deprecated: str = ""


class Suite(NamedTuple):
    """A suite, the earliest stage it can run at, and its checks in their order."""

    name: str
    stage: str
    checks: tuple[str, ...]


@cache
def checks() -> Mapping[str, Check]:
    """List all tabular checks by name."""
    return MappingProxyType({name: _check(name, entry) for name, entry in _data()["checks"].items()})


@cache
def suites() -> Mapping[str, Suite]:
    """List the suites by name."""
    return MappingProxyType({name: _suite(name, members) for name, members in _data()["suites"].items()})


def check(name: str) -> Check | None:
    """Find a check by the library's name."""
    return checks().get(name)


def suite(name: str) -> Suite | None:
    """Find a suite by the library's name."""
    return suites().get(name)


def fits(entry: Check | Suite, stage: str) -> bool:
    """Return whether the inputs of a check or suite are available at a stage."""
    return has_inputs(stage, entry.stage)


def runnable(name: str, task: str) -> tuple[str, ...]:
    """List the checks of a suite that work for a task; the others must be excluded."""
    suite = suites().get(name)
    return tuple(name for name in suite.checks if task in checks()[name].tasks) if suite else ()


@cache
def _data() -> Mapping[str, Any]:
    data: Mapping[str, Any] = json.loads(_FILE.read_bytes())
    return data


def _check(name: str, entry: Mapping[str, Any]) -> Check:
    return Check(
        name,
        entry["stage"],
        entry["family"],
        _parameters(entry["params"]),
        MappingProxyType({method: _parameters(params) for method, params in entry["conditions"].items()}),
        tuple(entry["suites"]),
        tuple(entry["tasks"]),
        MappingProxyType(entry["broken"]),
        entry["deprecated"],
    )


def _parameters(entries: Mapping[str, Any]) -> Mapping[str, Parameter]:
    return MappingProxyType(
        {
            name: Parameter(name, tuple(entry["types"]), "default" not in entry, entry.get("default"))
            for name, entry in entries.items()
        }
    )


def _suite(name: str, members: list[str]) -> Suite:
    return Suite(name, max((checks()[member].stage for member in members), key=STAGES.index), tuple(members))


@cache
def _types() -> Mapping[str, CheckType]:
    return MappingProxyType(
        {
            name: CheckType(entry.params, entry.stage, entry.conditions, entry.tasks, entry.broken)
            for name, entry in checks().items()
        }
    )


def _suite_stages() -> Mapping[str, str]:
    return {name: entry.stage for name, entry in suites().items()}


CATALOGUE: Final = CheckCatalogue(
    "Deepchecks", "check", _types, suites=_suite_stages, drift_methods=tuple(DRIFT_METHODS)
)
