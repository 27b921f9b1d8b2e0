"""The state of the system's alerts: what fires now, and what fired when."""

from __future__ import annotations

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.emit.promql import Aggregate, Binary, Call, Expression, Matcher, Number, Selector, Text
from mlopsctl.engines.grafana.conventions import BAD, GOOD, WATCH
from mlopsctl.engines.grafana.layout import Section
from mlopsctl.engines.grafana.panels import Line, Panel, Scale, stat, timeline

_SEVERITIES = {"page": ("Pages firing", BAD), "ticket": ("Tickets firing", WATCH)}
_HEIGHT = 7


def section(blueprint: Blueprint) -> Section:
    """Return a number for each severity in use, and the course of every alert."""
    used = [severity for severity in _SEVERITIES if any(alert.severity == severity for alert in blueprint.alerts)]
    panels = [_count(blueprint, severity) for severity in used]
    if panels:
        panels.append(_course(blueprint, 24 - 3 * len(panels)))
    return Section("Alerts", tuple([panel.about_pieces(*blueprint.alerts) for panel in panels]))


def _firing(blueprint: Blueprint, *more: Matcher) -> Selector:
    matchers = (
        Matcher("alertstate", "=", "firing"),
        Matcher("system", "=", blueprint.identity.system),
        Matcher("environment", "=", blueprint.identity.environment),
    )
    return Selector("ALERTS", (*matchers, *more))


def _count(blueprint: Blueprint, severity: str) -> Panel:
    title, colour = _SEVERITIES[severity]
    firing = Aggregate("count", _firing(blueprint, Matcher("severity", "=", severity)))
    line = Line(Binary("or", firing, Call("vector", (Number(0),))), severity)
    scale = Scale("none", ((None, GOOD), (1, colour)), decimals=0, low=0)
    return stat(title, line, scale, 3, _HEIGHT, describe=f"Alerts of severity {severity} that fire.", history=False)


def _course(blueprint: Blueprint, width: int) -> Panel:
    nothing: Expression = Call(
        "label_replace", (Call("vector", (Number(0),)), *map(Text, ("alertname", "none", "", "")))
    )
    firing = Aggregate("max", _firing(blueprint), by=("alertname",))
    line = Line(Binary("or", firing, nothing, on=()), "{{alertname}}")
    states = {"0": ("quiet", GOOD), "1": ("firing", BAD)}
    return timeline("Alerts over time", line, states, width, _HEIGHT, describe="Which alert fired when.")
