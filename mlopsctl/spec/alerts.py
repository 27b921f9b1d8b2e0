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
    """An objective of an endpoint: availability, or latency if `threshold` is set."""

    endpoint: Reference
    """The endpoint."""
    objective: Percent
    """The share of requests that must be good, such as 99.9%."""
    window: Annotated[times.Duration, duration("1h", "366d")]
    """The period of the error budget, such as 30d."""
    threshold: Annotated[times.Duration, duration("1ms", "1h")] | None = None
    """Slower requests are bad. Default: failed requests are bad."""


class Notify(Section):
    """The severity of a derived alert."""

    severity: Severity
    """`page` notifies on call, `ticket` can wait for working hours."""


class Training(Section):
    """Alerts on training runs."""

    failed: Severity | None = None
    """Alert when a run fails."""
    overdue: Severity | None = None
    """Alert when no run has succeeded by the time of the schedule."""


class Rule(Section):
    """A custom alert with a PromQL expression."""

    expr: PromQL
    """The expression; the alert fires while it returns series."""
    for_: Annotated[Annotated[times.Duration, duration("0s", "30d")] | None, Field(alias="for")] = None
    """How long the expression must hold before the alert fires."""
    severity: Severity
    """`page` notifies on call, `ticket` can wait for working hours."""
    summary: Text
    """The summary of the notification, in one sentence."""
    description: Text = ""
    """What the alert means and what to check first."""
    labels: dict[LabelName, LabelValue] = {}
    """Further labels of the alert."""


class ExportedMetric(Section):
    """A metric that the model or its code exports."""

    type: Literal["counter", "gauge", "histogram", "summary"]
    """The metric's type."""
    labels: Annotated[tuple[LabelName, ...], Field(strict=False)] = ()
    """Its labels."""


class Alerts(Section):
    """Objectives, alerts and their receivers."""

    slos: dict[Name, Slo] = {}
    """Objectives, by name."""
    freshness: Notify | None = None
    """Alert on stale features; thresholds are derived from cadence, every and ttl."""
    drift: Notify | None = None
    """Alert on drift of live inputs; thresholds are those of checks.live.drift."""
    quality: Notify | None = None
    """Alert on the quality of predictions; the threshold is that of checks.live.quality."""
    training: Training | None = None
    """Alert on failed or overdue training."""
    rules: dict[AlertName, Rule] = {}
    """Custom rules, by alert name."""
    metrics: dict[MetricName, ExportedMetric] = {}
    """Metrics that the model exports, for use in rules."""
    routes: dict[Severity, Route] = {}
    """The receivers, by severity."""
    runbook: Url | None = None
    """The address of the runbook."""
