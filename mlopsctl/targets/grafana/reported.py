"""What steps report about data and models: drift, quality, freshness of features.

In: a Blueprint. Out: sections, a small panel for each column and view. Empty where nothing exports the numbers.
"""

from __future__ import annotations

from collections.abc import Iterator

from mlopsctl.blueprint.model import AgeCondition, Alert, Blueprint, DriftColumn, QualityMonitor, Series, View
from mlopsctl.catalogue.engines import supports
from mlopsctl.catalogue.metrics import own_name
from mlopsctl.emit.durations import duration_text
from mlopsctl.emit.promql import Binary, Call
from mlopsctl.targets.grafana.layout import Section
from mlopsctl.targets.grafana.panels import Line, Panel, Scale, good_from, good_until, graph
from mlopsctl.targets.grafana.queries import worst

_WIDTH, _HEIGHT = 6, 6


def sections(blueprint: Blueprint) -> list[Section]:
    """Return the sections on drift, quality and freshness."""
    gauges = _exported(blueprint)
    live = blueprint.checks.live if blueprint.checks else None
    views = blueprint.features.views if blueprint.features else ()
    return [
        Section("Drift of live inputs", tuple(_drift(live.drift, gauges)) if live else ()),
        Section("Quality on labelled rows", tuple(_quality(live.quality, gauges)) if live and live.quality else ()),
        Section("Freshness of features", tuple(_ages(blueprint, views, gauges))),
    ]


Gauges = dict[tuple[str, str], Series]
"""Series by the label that tells them from others of their kind: a column, a view or a metric."""


def _exported(blueprint: Blueprint) -> Gauges:
    """Return the series of the numbers that steps report; none where nobody exports them."""
    engine = blueprint.engines.pipelines
    pushed = blueprint.engines.monitoring.settings.get("pushgateway")
    if not pushed and not supports("pipelines", engine.name, engine.version, "gauges"):
        return {}
    found: Gauges = {}
    for pipeline in blueprint.pipelines:
        for step in pipeline.steps:
            for gauge in step.gauges:
                matchers = tuple([(name, "=", value) for name, value in gauge.labels])
                series = Series(own_name(gauge.metric, engine.name), matchers)
                found.update(dict.fromkeys(gauge.labels, series))
    return found


def _drift(columns: tuple[DriftColumn, ...], gauges: Gauges) -> Iterator[Panel]:
    for column in columns:
        if series := gauges.get(("column", column.name)):
            line = Line(worst(series, high=True), column.method)
            scale = Scale("none", good_until(column.max), low=0)
            describe = f"The {column.method} score against the served version's training data; at most {column.max:f}."
            yield graph(column.name, (line,), scale, _WIDTH, _HEIGHT, describe=describe, stairs=True).of(column)


def _quality(quality: QualityMonitor, gauges: Gauges) -> Iterator[Panel]:
    if series := gauges.get(("metric", quality.metric)):
        higher = quality.higher_is_better
        line = Line(worst(series, high=not higher), quality.metric)
        scale = Scale("none", good_from(quality.bound) if higher else good_until(quality.bound))
        bound = f"at {'least' if higher else 'most'} {quality.bound:f}"
        describe = f"The served version on rows whose label is known, {duration_text(quality.delay)} later; {bound}."
        panel = graph(quality.metric, (line,), scale, 2 * _WIDTH, _HEIGHT, describe=describe, stairs=True)
        yield panel.of(quality)


def _ages(blueprint: Blueprint, views: tuple[View, ...], gauges: Gauges) -> Iterator[Panel]:
    for view in views:
        if series := gauges.get(("view", view.name)):
            line = Line(Binary("-", Call("time"), worst(series, high=True)), "age")
            alert = _stale(blueprint, view)
            late = alert.condition.threshold if alert and type(alert.condition) is AgeCondition else view.ttl
            describe = f"Age of the newest row in the online store; after {duration_text(late)} it is late."
            panel = graph(view.name, (line,), Scale("s", good_until(late), low=0), _WIDTH, _HEIGHT, describe=describe)
            yield panel.of(alert or view)


def _stale(blueprint: Blueprint, view: View) -> Alert | None:
    """Return the alert on the age of a view's rows; without one, they are late when they are not valid any more."""
    for alert in blueprint.alerts:
        condition = alert.condition
        if type(condition) is AgeCondition and ("view", "=", view.name) in condition.series.matchers:
            return alert
    return None
