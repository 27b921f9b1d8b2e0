"""What a change costs: copies and what each asks for, and how often pipelines run.

In: the Blueprints of both sides. Out: rows that differ, as texts. Never a price: those are the platform's.
"""

from __future__ import annotations

from collections.abc import Iterator

from mlopsctl.blueprint.model import Blueprint, Endpoint, Pipeline, Resources
from mlopsctl.change.model import Cost

_DAY = 86_400


def costs(before: Blueprint | None, after: Blueprint | None) -> Iterator[Cost]:
    """Yield a row for every endpoint and pipeline that asks for other things than before."""
    some = after or before
    if some is None:
        return
    old, new = dict(_rows(before)), dict(_rows(after))
    for name in dict.fromkeys((*old, *new)):
        then, now = old.get(name, ""), new.get(name, "")
        if then != now:
            yield Cost(some.identity.environment, some.identity.system, name, then, now)


def _rows(blueprint: Blueprint | None) -> Iterator[tuple[str, str]]:
    for endpoint in blueprint.endpoints if blueprint else ():
        yield f"endpoint {endpoint.spec_name}", _copies(endpoint)
    for pipeline in blueprint.pipelines if blueprint else ():
        yield f"pipeline {pipeline.purpose}", _runs(pipeline)


def _copies(endpoint: Endpoint) -> str:
    low, high = endpoint.min_replicas, endpoint.max_replicas
    number = f"{low}" if low == high else f"{low} to {high}"
    return f"{number} x {asked(endpoint.resources)}"


def asked(resources: Resources) -> str:
    """Say what one copy or step asks for."""
    gpu = f", {resources.gpu_count} {resources.gpu_resource}" if resources.gpu_count else ""
    return f"{resources.cpu} cpu, {resources.memory}{gpu}"


def _runs(pipeline: Pipeline) -> str:
    """Say how often a pipeline runs by the clock, and what its largest step asks for."""
    largest = max((step.resources for step in pipeline.steps), key=lambda one: (one.gpu_count, _bytes(one.memory)))
    often = ", ".join(_often(schedule.period) for schedule in pipeline.schedules) or "not by the clock"
    return f"{often}; {len(pipeline.steps)} {'step' if len(pipeline.steps) == 1 else 'steps'}, up to {asked(largest)}"


def _often(period: int) -> str:
    if period <= _DAY:
        times = _DAY // period if _DAY % period == 0 else round(_DAY / period, 1)
        return f"{times} a day"
    days = period / _DAY
    return f"every {days:g} days"


_UNITS = {"Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "Ti": 2**40, "k": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}


def _bytes(quantity: str) -> float:
    for unit, factor in _UNITS.items():
        if quantity.endswith(unit):
            return float(quantity.removesuffix(unit)) * factor
    return float(quantity)
