"""The layout of panels: sections below each other, panels from left to right."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from mlopsctl.emit.origin import about
from mlopsctl.engines.grafana.conventions import WIDTH
from mlopsctl.engines.grafana.panels import Panel


class Section(NamedTuple):
    """Panels below a title."""

    title: str
    panels: tuple[Panel, ...]


def placed(sections: Iterable[Section]) -> list[dict[str, Any]]:
    """Place every section that has panels."""
    bodies: list[dict[str, Any]] = []
    y = 0
    for section in sections:
        if section.panels:
            bodies.append(_row(section.title, len(bodies) + 1, y))
            y = _fill(bodies, section.panels, y + 1)
    return bodies


def _fill(bodies: list[dict[str, Any]], panels: Iterable[Panel], y: int) -> int:
    """Append panels in lines, each as high as its highest; return where the next section begins."""
    x, height = 0, 0
    for panel in panels:
        if x + panel.width > WIDTH:
            x, y, height = 0, y + height, 0
        placed = {"id": len(bodies) + 1, **panel.body, "gridPos": _place(panel.height, panel.width, x, y)}
        bodies.append(about(panel.about, placed) if panel.about else placed)
        x, height = x + panel.width, max(height, panel.height)
    return y + height


def _row(title: str, number: int, y: int) -> dict[str, Any]:
    return {
        "id": number,
        "type": "row",
        "title": title,
        "collapsed": False,
        "gridPos": _place(1, WIDTH, 0, y),
        "panels": [],
    }


def _place(height: int, width: int, x: int, y: int) -> dict[str, int]:
    return {"h": height, "w": width, "x": x, "y": y}
