"""Endpoints: how many requests, how many of them fail, how long they take."""

from __future__ import annotations

from decimal import Decimal

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.metrics import Histogram, Series
from mlopsctl.blueprint.model.objectives import Slo
from mlopsctl.blueprint.model.pieces import Part
from mlopsctl.blueprint.model.serving import Endpoint
from mlopsctl.emit.promql import Call, Number
from mlopsctl.engines.grafana.conventions import GOOD
from mlopsctl.engines.grafana.layout import Section
from mlopsctl.engines.grafana.objectives import percent
from mlopsctl.engines.grafana.panels import Line, Panel, Scale, Step, good_until, graph
from mlopsctl.engines.grafana.queries import per_second, share
from mlopsctl.engines.signals import part_label

_WIDTH, _HEIGHT = 8, 8
Halves = tuple[tuple[str, ...], str]
_USUAL = (Decimal("0.5"), Decimal("0.95"), Decimal("0.99"))


def sections(blueprint: Blueprint) -> list[Section]:
    """Return a section for each endpoint that is served."""
    return [Section(f"Endpoint {endpoint.spec_name}", _panels(blueprint, endpoint)) for endpoint in blueprint.endpoints]


def _panels(blueprint: Blueprint, endpoint: Endpoint) -> tuple[Panel, ...]:
    promised = [slo for slo in blueprint.slos if slo.endpoint == endpoint.name and not slo.of_candidate]
    panels = []
    if endpoint.requests:
        halves = _halves(blueprint, endpoint, endpoint.requests)
        panels.append(_requests(endpoint, endpoint.requests, halves))
        if endpoint.errors:
            panels.append(_errors(endpoint, endpoint.errors, endpoint.requests, halves, promised))
    if endpoint.latency:
        panels.append(_latency(endpoint, endpoint.latency, promised))
    return tuple([panel.about_pieces(Part(endpoint, "signals"), *promised) for panel in panels])


def _halves(blueprint: Blueprint, endpoint: Endpoint, requests: Series) -> Halves:
    """Return the label that distinguishes stable and candidate during a rollout, and the legend.

    They are two objects that the series names, or parts of one.
    """
    engine = blueprint.engines.serving
    several = [label for label, operator, value in requests.matchers if operator == "=~" and "|" in value]
    if not several and endpoint.candidate and endpoint.rollout.strategy == "canary":
        several = [label for label in (part_label(engine.name, engine.version, endpoint.kind),) if label]
    return (tuple(several), f"{{{{{several[0]}}}}}") if several else ((), "")


def _requests(endpoint: Endpoint, requests: Series, halves: Halves) -> Panel:
    labels, legend = halves
    line = Line(per_second(requests, labels), legend or "requests")
    describe = f"Requests that {endpoint.name} answered, failed ones included."
    return graph("Requests", (line,), Scale("reqps", low=0), _WIDTH, _HEIGHT, describe=describe)


def _errors(endpoint: Endpoint, errors: Series, requests: Series, halves: Halves, promised: list[Slo]) -> Panel:
    labels, legend = halves
    line = Line(share(errors, requests, labels), legend or "failed")
    budgets = [slo.budget for slo in promised if slo.kind == "availability"]
    steps: tuple[Step, ...] = good_until(min(budgets)) if budgets else ((None, GOOD),)
    note = f" The line is the error budget, {percent(min(budgets))}." if budgets else ""
    describe = f"Share of the requests to {endpoint.name} that failed on the server's side.{note}"
    return graph("Errors", (line,), Scale("percentunit", steps, low=0), _WIDTH, _HEIGHT, describe=describe)


def _latency(endpoint: Endpoint, latency: Histogram, promised: list[Slo]) -> Panel:
    fast = [(slo.threshold, slo.objective) for slo in promised if slo.threshold is not None]
    quantiles = sorted({*_USUAL, *(objective for _, objective in fast)})
    lines = [Line(_quantile(latency, quantile), f"p{percent(quantile)[:-1]}") for quantile in quantiles]
    bounds = sorted({threshold for threshold, _ in fast})
    steps: tuple[Step, ...] = good_until(bounds[0]) if bounds else ((None, GOOD),)
    note = "".join(f" {percent(objective)} within {threshold:f} s is promised." for threshold, objective in fast)
    describe = f"How long {endpoint.name} takes, read from the buckets of a histogram.{note}"
    return graph("Latency", lines, Scale("s", steps, low=0), _WIDTH, _HEIGHT, describe=describe)


def _quantile(latency: Histogram, quantile: Decimal) -> Call:
    return Call("histogram_quantile", (Number(quantile), per_second(latency.bucket, ("le",))))
