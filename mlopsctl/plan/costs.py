"""Resource changes: replicas with their resources, and how often pipelines run; no prices."""

from __future__ import annotations

from collections.abc import Iterator

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.pipelines import Pipeline, Resources
from mlopsctl.blueprint.model.serving import Endpoint
from mlopsctl.plan.model import Cost

_DAY = 86_400


def costs(before: Blueprint | None, after: Blueprint | None) -> Iterator[Cost]:
    """Yield a row for each endpoint and pipeline whose resources or schedule change."""
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
    return f"{number} x {requests_text(endpoint.resources)}"


def requests_text(resources: Resources) -> str:
    """Return the resources of one replica or step as text."""
    gpu = f", {resources.gpu_count} {resources.gpu_resource}" if resources.gpu_count else ""
    return f"{resources.cpu} cpu, {resources.memory}{gpu}"


def _runs(pipeline: Pipeline) -> str:
    """Return how often a pipeline runs on schedule, and the resources of its largest step."""
    largest = max((step.resources for step in pipeline.steps), key=lambda step: (step.gpu_count, _bytes(step.memory)))
    often = ", ".join(_often(schedule.period) for schedule in pipeline.schedules) or "no schedule"
    count = len(pipeline.steps)
    return f"{often}; {count} {'step' if count == 1 else 'steps'}, up to {requests_text(largest)}"


def _often(period_s: int) -> str:
    if period_s <= _DAY:
        times = _DAY // period_s if _DAY % period_s == 0 else round(_DAY / period_s, 1)
        return f"{times} times a day"
    days = period_s / _DAY
    return f"every {days:g} days"


_UNITS = {"Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "Ti": 2**40, "k": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}


def _bytes(quantity: str) -> float:
    for unit, factor in _UNITS.items():
        if quantity.endswith(unit):
            return float(quantity.removesuffix(unit)) * factor
    return float(quantity)
