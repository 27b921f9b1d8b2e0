"""Endpoints: how many requests, how many of them fail, how long they take.

In: a Blueprint. Out: a section an endpoint, with a panel for each signal its engine exports.
"""

from __future__ import annotations

from decimal import Decimal

from mlopsctl.blueprint.model import Blueprint, Endpoint, Histogram, Part, Series, Slo
from mlopsctl.catalogue.signals import part_label
from mlopsctl.emit.promql import Call, Number
from mlopsctl.targets.grafana.conventions import GOOD
from mlopsctl.targets.grafana.layout import Section
from mlopsctl.targets.grafana.objectives import percent
from mlopsctl.targets.grafana.panels import Line, Panel, Scale, Step, good_until, graph
from mlopsctl.targets.grafana.queries import per_second, share

_WIDTH, _HEIGHT = 8, 8
Halves = tuple[tuple[str, ...], str]
_USUAL = (Decimal("0.5"), Decimal("0.95"), Decimal("0.99"))


def sections(blueprint: Blueprint) -> list[Section]:
    """Return a section for each endpoint that is served."""
    return [Section(f"Endpoint {one.spec_name}", _panels(blueprint, one)) for one in blueprint.endpoints]


def _panels(blueprint: Blueprint, endpoint: Endpoint) -> tuple[Panel, ...]:
    promised = [slo for slo in blueprint.slos if slo.endpoint == endpoint.name and not slo.of_candidate]
    found = []
    if endpoint.requests:
        halves = _halves(blueprint, endpoint, endpoint.requests)
        found.append(_requests(endpoint, endpoint.requests, halves))
        if endpoint.errors:
            found.append(_errors(endpoint, endpoint.errors, endpoint.requests, halves, promised))
    if endpoint.latency:
        found.append(_latency(endpoint, endpoint.latency, promised))
    return tuple([panel.of(Part(endpoint, "signals"), *promised) for panel in found])


def _halves(blueprint: Blueprint, endpoint: Endpoint, requests: Series) -> Halves:
    """Return by which label stable and candidate are told apart while both answer users, and the legend.

    They are two objects that the series names, or parts of one.
    """
    engine = blueprint.engines.serving
    several = [label for label, operator, value in requests.matchers if operator == "=~" and "|" in value]
    if not several and endpoint.candidate and endpoint.rollout.strategy == "canary":
        several = [label for label in (part_label(engine.name, engine.version, endpoint.kind),) if label]
    return (tuple(several), f"{{{{{several[0]}}}}}") if several else ((), "")


def _requests(endpoint: Endpoint, requests: Series, halves: Halves) -> Panel:
    by, legend = halves
    line = Line(per_second(requests, by), legend or "requests")
    describe = f"Requests that {endpoint.name} answered, failed ones included."
    return graph("Requests", (line,), Scale("reqps", low=0), _WIDTH, _HEIGHT, describe=describe)


def _errors(endpoint: Endpoint, errors: Series, requests: Series, halves: Halves, promised: list[Slo]) -> Panel:
    by, legend = halves
    line = Line(share(errors, requests, by), legend or "failed")
    budgets = [slo.budget for slo in promised if slo.kind == "availability"]
    steps: tuple[Step, ...] = good_until(min(budgets)) if budgets else ((None, GOOD),)
    told = f" The line is the error budget, {percent(min(budgets))}." if budgets else ""
    describe = f"Share of the requests to {endpoint.name} that failed on the server's side.{told}"
    return graph("Errors", (line,), Scale("percentunit", steps, low=0), _WIDTH, _HEIGHT, describe=describe)


def _latency(endpoint: Endpoint, latency: Histogram, promised: list[Slo]) -> Panel:
    fast = [(slo.threshold, slo.objective) for slo in promised if slo.threshold is not None]
    quantiles = sorted({*_USUAL, *(objective for _, objective in fast)})
    lines = [Line(_quantile(latency, quantile), f"p{percent(quantile)[:-1]}") for quantile in quantiles]
    bounds = sorted({threshold for threshold, _ in fast})
    steps: tuple[Step, ...] = good_until(bounds[0]) if bounds else ((None, GOOD),)
    told = "".join(f" {percent(objective)} within {threshold:f} s is promised." for threshold, objective in fast)
    describe = f"How long {endpoint.name} takes, read from the buckets of a histogram.{told}"
    return graph("Latency", lines, Scale("s", steps, low=0), _WIDTH, _HEIGHT, describe=describe)


def _quantile(latency: Histogram, quantile: Decimal) -> Call:
    return Call("histogram_quantile", (Number(quantile), per_second(latency.bucket, ("le",))))
