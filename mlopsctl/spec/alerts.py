"""Section `alerts`: objectives, derived alerts, custom rules, and routes."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from mlopsctl.spec import times
from mlopsctl.spec.words import (
    AlertName,
    LabelName,
    LabelValue,
    MetricName,
    Name,
    Percent,
    PromQL,
    Reference,
    Route,
    Section,
    Severity,
    Text,
    Url,
    duration,
)


class Slo(Section):
    """An objective of an endpoint: of availability, or with `threshold` of latency."""

    endpoint: Reference
    """The endpoint it is about."""
    objective: Percent
    """The share of requests that must be good, as 99.9%."""
    window: Annotated[times.Duration, duration("1h", "366d")]
    """The period the error budget is for, as 30d."""
    threshold: Annotated[times.Duration, duration("1ms", "1h")] | None = None
    """A request slower than this is bad; left out, a request is bad when it fails."""


class Notify(Section):
    """How loud a derived alert is."""

    severity: Severity
    """page wakes somebody; ticket can wait for the morning."""


class Training(Section):
    """Alerts on training runs."""

    failed: Severity | None = None
    """A run failed."""
    overdue: Severity | None = None
    """The schedule says a run should have succeeded by now."""


class Rule(Section):
    """The way out: your own PromQL."""

    expr: PromQL
    """The expression; the alert fires while it returns series."""
    for_: Annotated[Annotated[times.Duration, duration("0s", "30d")] | None, Field(alias="for")] = None
    """How long it must hold before the alert fires."""
    severity: Severity
    """page wakes somebody; ticket can wait for the morning."""
    summary: Text
    """One sentence for the person who is told."""
    description: Text = ""
    """What it means and what to look at first."""
    labels: dict[LabelName, LabelValue] = {}
    """Further labels of the alert."""


class ExportedMetric(Section):
    """A metric that the model or its code exports itself."""

    type: Literal["counter", "gauge", "histogram", "summary"]
    """The metric's type."""
    labels: Annotated[tuple[LabelName, ...], Field(strict=False)] = ()
    """The labels it carries."""


class Alerts(Section):
    """Objectives, alerts and who is told."""

    slos: dict[Name, Slo] = {}
    """Objectives, by name."""
    freshness: Notify | None = None
    """Features grew stale; thresholds are derived from cadence, every and ttl."""
    drift: Notify | None = None
    """Live inputs drifted; thresholds are those of checks.live.drift."""
    quality: Notify | None = None
    """Answers got worse; the threshold is that of checks.live.quality."""
    training: Training | None = None
    """Training failed or is overdue."""
    rules: dict[AlertName, Rule] = {}
    """Your own rules, by alert name."""
    metrics: dict[MetricName, ExportedMetric] = {}
    """Metrics that the model exports itself, so that rules may use them."""
    routes: dict[Severity, Route] = {}
    """Who is told, by severity."""
    runbook: Url | None = None
    """Where the person who is told finds what to do."""
