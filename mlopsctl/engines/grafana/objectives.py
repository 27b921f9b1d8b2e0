"""Objectives: what is promised, what is left of the error budget, and how fast it burns.

Thresholds are those of the alerts.
"""

from __future__ import annotations

from decimal import Decimal

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.metrics import Series
from mlopsctl.blueprint.model.objectives import Slo
from mlopsctl.catalogue import recordings
from mlopsctl.emit.durations import duration_text
from mlopsctl.emit.promql import Binary, Number
from mlopsctl.engines.grafana.conventions import BAD, GOOD, WATCH
from mlopsctl.engines.grafana.layout import Section
from mlopsctl.engines.grafana.panels import Line, Panel, Scale, Step, good_from, graph, stat
from mlopsctl.engines.grafana.queries import select

_HEIGHT = 6
_COLOURS = {"ticket": WATCH, "page": BAD}


def section(blueprint: Blueprint) -> Section:
    """Return what each objective promises and how it is kept."""
    return Section(
        "Objectives",
        tuple(
            [
                panel.about_pieces(slo)
                for slo in blueprint.slos
                if not slo.of_candidate
                for panel in _panels(blueprint, slo)
            ]
        ),
    )


def percent(ratio: Decimal) -> str:
    """Write a ratio as a percentage, with every digit and none more."""
    return f"{(ratio * 100).normalize():f}%"


def _panels(blueprint: Blueprint, slo: Slo) -> tuple[Panel, ...]:
    identity = blueprint.identity
    labels = recordings.labels(slo.id, slo.name, identity.system, identity.environment, slo.endpoint)
    key = recordings.key(labels)
    return (_promise(slo, key), _budget_left(slo, key), _pace(slo, key), _burning(slo, key))


Key = tuple[tuple[str, str, str], ...]


def _promise(slo: Slo, key: Key) -> Panel:
    line = Line(select(Series(recordings.OBJECTIVE, key)), "objective")
    # As a percentage the number has two decimals fewer than as a ratio.
    decimals = max(-int(slo.objective.normalize().as_tuple().exponent) - 2, 0)
    title = f"{slo.name}: objective"
    return stat(
        title, line, Scale("percentunit", decimals=decimals), 4, _HEIGHT, describe=_promise_text(slo), history=False
    )


def _promise_text(slo: Slo) -> str:
    """Return what the objective promises."""
    how = "succeed" if slo.threshold is None else f"are answered within {slo.threshold.normalize():f} s"
    return f"{percent(slo.objective)} of the requests to {slo.endpoint} {how}, over {duration_text(slo.window)}."


def _budget_left(slo: Slo, key: Key) -> Panel:
    line = Line(select(Series(recordings.BUDGET_REMAINING, key)), "left")
    describe = f"The share of the requests that may be bad within {duration_text(slo.window)} and have not been."
    scale = Scale("percentunit", good_from(0), decimals=1, high=1)
    return stat(f"{slo.name}: budget left", line, scale, 4, _HEIGHT, describe=describe, history=True)


def _pace(slo: Slo, key: Key) -> Panel:
    line = Line(select(Series(recordings.burn_rate(slo.windows[0]), key)), "burn rate")
    scale = Scale("none", _steps(slo), decimals=1, low=0)
    describe = f"Over the last {slo.windows[0]}. At 1 the budget is spent exactly at the end of the period."
    return stat(f"{slo.name}: burn rate now", line, scale, 4, _HEIGHT, describe=describe, history=True)


def _burning(slo: Slo, key: Key) -> Panel:
    """Return the pace over the windows that alerts compare: one that burns shows in a short and a long one."""
    loudest = [burn for burn in slo.burns if burn.severity == "page"] or slo.burns
    windows = dict.fromkeys((slo.windows[0], *(burn.long for burn in loudest)))
    lines = [
        Line(Binary("/", select(Series(recordings.error_ratio(window), key)), Number(slo.budget)), window)
        for window in windows
    ]
    paces = ", ".join(f"{severity} at {_lowest(slo, severity):f}" for severity in _severities(slo))
    describe = f"Error ratios as multiples of the budget, by window. Lines: {paces}."
    return graph(f"{slo.name}: burn rate", lines, Scale("none", _steps(slo), low=0), 12, _HEIGHT, describe=describe)


def _severities(slo: Slo) -> list[str]:
    return [severity for severity in _COLOURS if any(burn.severity == severity for burn in slo.burns)]


def _lowest(slo: Slo, severity: str) -> Decimal:
    return min(burn.factor for burn in slo.burns if burn.severity == severity).normalize()


def _steps(slo: Slo) -> tuple[Step, ...]:
    """Return the lowest paces that alert, in rising order."""
    alerting = sorted((_lowest(slo, severity), _COLOURS[severity]) for severity in _severities(slo))
    return ((None, GOOD), *alerting)
