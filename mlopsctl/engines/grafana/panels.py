"""Panels: the few kinds that are used, each with the settings a reader needs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from string import ascii_uppercase
from typing import Any, NamedTuple

from mlopsctl.catalogue.platform import SCRAPE_INTERVAL
from mlopsctl.emit.origin import Pieces
from mlopsctl.emit.promql import Expression, text
from mlopsctl.engines.grafana.conventions import BAD, DATASOURCE, GOOD

Step = tuple[Decimal | int | None, str]
"""From which value on a colour holds; the first of a scale begins at None."""


class Line(NamedTuple):
    """What is drawn, and what it is called."""

    expr: Expression
    legend: str


class Panel(NamedTuple):
    """A panel and its size on the grid; `body` lacks its number and its place."""

    width: int
    height: int
    body: dict[str, Any]
    about: Pieces = ()

    def about_pieces(self, *pieces: Any) -> Panel:
        """Return the panel, saying what it is about."""
        return Panel(self.width, self.height, self.body, pieces)


class Scale(NamedTuple):
    """How values are read: their unit, how many decimals, where good ends, which values an axis always shows."""

    unit: str
    steps: Sequence[Step] = ((None, GOOD),)
    decimals: int | None = None
    low: Decimal | int | None = None
    high: Decimal | int | None = None


def good_until(bound: Decimal | int) -> tuple[Step, ...]:
    """Return the steps of a value that is bad from a bound on."""
    return ((None, GOOD), (bound, BAD))


def good_from(bound: Decimal | int) -> tuple[Step, ...]:
    """Return the steps of a value that is good from a bound on."""
    return ((None, BAD), (bound, GOOD))


def stat(title: str, line: Line, scale: Scale, width: int, height: int, *, describe: str, history: bool) -> Panel:
    """Return one number, its newest, with or without its course behind it."""
    options = {
        "colorMode": "value",
        "graphMode": "area" if history else "none",
        "justifyMode": "auto",
        "orientation": "auto",
        "reduceOptions": {"calcs": ["lastNotNull"], "fields": "", "values": False},
        "textMode": "value",
        "wideLayout": True,
    }
    return Panel(width, height, _body("stat", title, describe, (line,), scale, {}, options))


def graph(
    title: str,
    lines: Sequence[Line],
    scale: Scale,
    width: int,
    height: int,
    *,
    describe: str,
    colours: Mapping[str, str] | None = None,
    stairs: bool = False,
) -> Panel:
    """Return lines over time; the thresholds are drawn, and one line alone needs no legend."""
    custom = {
        "drawStyle": "line",
        "fillOpacity": 8,
        "lineInterpolation": "stepAfter" if stairs else "linear",
        "lineWidth": 1,
        "showPoints": "auto",
        "thresholdsStyle": {"mode": "line" if len(scale.steps) > 1 else "off"},
    }
    options = {
        "legend": {"calcs": [], "displayMode": "list", "placement": "bottom", "showLegend": len(lines) > 1},
        "tooltip": {"mode": "multi" if len(lines) > 1 else "single", "sort": "desc" if len(lines) > 1 else "none"},
    }
    overrides = [_colour(name, colour) for name, colour in (colours or {}).items()]
    return Panel(width, height, _body("timeseries", title, describe, lines, scale, custom, options, overrides))


def timeline(
    title: str, line: Line, states: Mapping[str, tuple[str, str]], width: int, height: int, *, describe: str
) -> Panel:
    """Return states over time, a bar each; `states` gives each value its name and colour."""
    texts = {
        value: {"text": label, "color": colour, "index": index}
        for index, (value, (label, colour)) in enumerate(states.items())
    }
    options = {
        "alignValue": "left",
        "legend": {"calcs": [], "displayMode": "list", "placement": "bottom", "showLegend": False},
        "mergeValues": True,
        "rowHeight": Decimal("0.9"),
        "showValue": "auto",
        "tooltip": {"mode": "single", "sort": "none"},
    }
    body = _body("state-timeline", title, describe, (line,), Scale("none"), {"fillOpacity": 80}, options)
    body["fieldConfig"]["defaults"]["mappings"] = [{"type": "value", "options": texts}]
    return Panel(width, height, body)


def _body(
    kind: str,
    title: str,
    describe: str,
    lines: Iterable[Line],
    scale: Scale,
    custom: dict[str, Any],
    options: dict[str, Any],
    overrides: Sequence[dict[str, Any]] = (),
) -> dict[str, Any]:
    return {
        "type": kind,
        "title": title,
        "description": describe,
        "datasource": DATASOURCE,
        "targets": [_target(index, line) for index, line in enumerate(lines)],
        "fieldConfig": {"defaults": _defaults(kind, scale, custom), "overrides": list(overrides)},
        "options": options,
    }


def _target(index: int, line: Line) -> dict[str, Any]:
    return {
        "refId": ascii_uppercase[index],
        "expr": text(line.expr),
        "legendFormat": line.legend,
        "interval": SCRAPE_INTERVAL,
        "range": True,
        "instant": False,
        "editorMode": "code",
    }


def _defaults(kind: str, scale: Scale, custom: dict[str, Any]) -> dict[str, Any]:
    steps = [{"color": colour, "value": value} for value, colour in scale.steps]
    optional = {"decimals": scale.decimals, "min": scale.low, "max": scale.high}
    return {
        "unit": scale.unit,
        **{name: value for name, value in optional.items() if value is not None},
        "color": {"mode": "palette-classic" if kind == "timeseries" else "thresholds"},
        "thresholds": {"mode": "absolute", "steps": steps},
        "custom": custom,
    }


def _colour(name: str, colour: str) -> dict[str, Any]:
    return {
        "matcher": {"id": "byName", "options": name},
        "properties": [{"id": "color", "value": {"mode": "fixed", "fixedColor": colour}}],
    }
