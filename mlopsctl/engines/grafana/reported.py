"""What steps report about data and models: drift, quality, freshness of features.

Empty where nothing exports the numbers.
"""

from __future__ import annotations

from collections.abc import Iterator

from mlopsctl.blueprint.model.alerts import AgeCondition, Alert
from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.checks import DriftColumn, QualityMonitor
from mlopsctl.blueprint.model.features import View
from mlopsctl.blueprint.model.metrics import Series
from mlopsctl.catalogue import own_metrics
from mlopsctl.emit.durations import duration_text
from mlopsctl.emit.promql import Aggregate, Binary, Call
from mlopsctl.engines.grafana.layout import Section
from mlopsctl.engines.grafana.panels import Line, Panel, Scale, good_from, good_until, graph
from mlopsctl.engines.grafana.queries import select, worst
from mlopsctl.engines.known import supports
from mlopsctl.engines.metrics import own_name
from mlopsctl.engines.signals import matching

_WIDTH, _HEIGHT = 6, 6


def sections(blueprint: Blueprint) -> list[Section]:
    """Return the sections on drift, quality and freshness."""
    gauges = _exported(blueprint)
    live = blueprint.checks.live if blueprint.checks else None
    views = blueprint.features.views if blueprint.features else ()
    return [
        Section("Drift of live inputs", (*_drift(live.drift, gauges), *_missing(live.drift, gauges)) if live else ()),
        Section("Quality on labelled rows", tuple(_quality(live.quality, gauges)) if live and live.quality else ()),
        Section("Freshness of features", tuple(_ages(blueprint, views, gauges))),
    ]


Gauges = dict[tuple[str, str, str], Series]
"""Series by their number and the label that tells them from others of their kind: a column, a view or a metric."""


def _exported(blueprint: Blueprint) -> Gauges:
    """Return the series of the steps' metrics; empty if no engine exports them."""
    engine = blueprint.engines.pipelines
    pushed = blueprint.engines.monitoring.settings.get("pushgateway")
    if not pushed and not supports("pipelines", engine.name, engine.version, "gauges"):
        return {}
    gauges_by_label: Gauges = {}
    for pipeline in blueprint.pipelines:
        for step in pipeline.steps:
            for gauge in step.gauges:
                matchers = tuple([(name, "=", value) for name, value in gauge.labels])
                series = Series(own_name(gauge.metric, engine.name), matchers)
                gauges_by_label.update({(gauge.metric, name, value): series for name, value in gauge.labels})
    return gauges_by_label


def _drift(columns: tuple[DriftColumn, ...], gauges: Gauges) -> Iterator[Panel]:
    for column in columns:
        if series := gauges.get((own_metrics.DRIFT, "column", column.name)):
            line = Line(worst(series, high=True), column.method)
            scale = Scale("none", good_until(column.max), low=0)
            describe = f"The {column.method} score against the served version's training data; at most {column.max:f}."
            yield graph(column.name, (line,), scale, _WIDTH, _HEIGHT, describe=describe, stairs=True).about_pieces(
                column
            )


def _missing(columns: tuple[DriftColumn, ...], gauges: Gauges) -> Iterator[Panel]:
    """Draw the shares of missing values of all columns in one panel, so that a column that went missing stands out."""
    shares = [gauges[key] for column in columns if (key := (own_metrics.MISSING, "column", column.name)) in gauges]
    if shares:
        common = tuple([matcher for matcher in shares[0].matchers if matcher[0] != "column"])
        which = matching("column", tuple([column.name for column in columns]))
        line = Line(Aggregate("max", select(Series(shares[0].metric, (*common, which))), by=("column",)), "{{column}}")
        scale = Scale("percentunit", low=0, high=1)
        describe = "The share of recent values of each watched column that are missing."
        panel = graph("Missing values", (line,), scale, 2 * _WIDTH, _HEIGHT, describe=describe, stairs=True)
        yield panel.about_pieces(*columns)


def _quality(quality: QualityMonitor, gauges: Gauges) -> Iterator[Panel]:
    if series := gauges.get((own_metrics.QUALITY, "metric", quality.metric)):
        higher = quality.higher_is_better
        line = Line(worst(series, high=not higher), quality.metric)
        scale = Scale("none", good_from(quality.bound) if higher else good_until(quality.bound))
        bound = f"at {'least' if higher else 'most'} {quality.bound:f}"
        describe = f"The served version on rows whose label is known, {duration_text(quality.delay)} later; {bound}."
        panel = graph(quality.metric, (line,), scale, 2 * _WIDTH, _HEIGHT, describe=describe, stairs=True)
        yield panel.about_pieces(quality)


def _ages(blueprint: Blueprint, views: tuple[View, ...], gauges: Gauges) -> Iterator[Panel]:
    for view in views:
        if series := gauges.get((own_metrics.TIMESTAMP, "view", view.name)):
            line = Line(Binary("-", Call("time"), worst(series, high=True)), "age")
            alert = _stale(blueprint, view)
            late = alert.condition.threshold if alert and type(alert.condition) is AgeCondition else view.ttl
            describe = f"Age of the newest row in the online store; after {duration_text(late)} it is late."
            panel = graph(view.name, (line,), Scale("s", good_until(late), low=0), _WIDTH, _HEIGHT, describe=describe)
            yield panel.about_pieces(alert or view)


def _stale(blueprint: Blueprint, view: View) -> Alert | None:
    """Return the alert on the age of a view's rows; without one, they are late when they are not valid any more."""
    for alert in blueprint.alerts:
        condition = alert.condition
        if type(condition) is AgeCondition and ("view", "=", view.name) in condition.series.matchers:
            return alert
    return None
