"""Pictures as SVG: curves, points, bars, pairs of histograms.

Colours come from the page's style.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from xml.etree.ElementTree import Element, SubElement, tostring

Point = Sequence[float]
_SIDE, _LEFT, _TOP, _BOTTOM = 300, 48, 10, 40
_BAR, _GAP, _NAMES = 18, 8, 170
_TICKS = 5


def svg(width: float, height: float, title: str) -> Element:
    """Start a picture with a title for screen readers."""
    root = Element("svg", viewBox=f"0 0 {width:g} {height:g}", width=f"{width:g}", height=f"{height:g}", role="img")
    SubElement(root, "title").text = title
    return root


def text(element: Element) -> str:
    """Write a picture."""
    return tostring(element, encoding="unicode")


def label(parent: Element, x: float, y: float, caption: str, kind: str = "", anchor: str = "start") -> None:
    """Write words into a picture."""
    place = {"x": f"{x:.1f}", "y": f"{y:.1f}", "text-anchor": anchor}
    SubElement(parent, "text", place | ({"class": kind} if kind else {})).text = caption


def line(parent: Element, points: Sequence[Point], kind: str) -> None:
    """Draw a line through points."""
    coordinates = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    SubElement(parent, "polyline", {"points": coordinates, "class": kind})


class Axes:
    """A square plot: from the values' ranges to places in the picture."""

    def __init__(self, title: str, x: tuple[float, float], y: tuple[float, float], names: tuple[str, str]) -> None:
        self.picture = svg(_LEFT + _SIDE + 14, _TOP + _SIDE + _BOTTOM, title)
        self._x, self._y = _wide(x), _wide(y)
        SubElement(
            self.picture,
            "rect",
            {"x": f"{_LEFT}", "y": f"{_TOP}", "width": f"{_SIDE}", "height": f"{_SIDE}", "class": "frame"},
        )
        self._scales()
        label(self.picture, _LEFT + _SIDE / 2, _TOP + _SIDE + 34, names[0], "axis", "middle")
        attributes = {
            "transform": f"translate(12 {_TOP + _SIDE / 2:g}) rotate(-90)",
            "text-anchor": "middle",
            "class": "axis",
        }
        SubElement(self.picture, "text", attributes).text = names[1]

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Return a value's place."""
        across = (x - self._x[0]) / (self._x[1] - self._x[0])
        up = (y - self._y[0]) / (self._y[1] - self._y[0])
        return _LEFT + across * _SIDE, _TOP + (1 - up) * _SIDE

    def line(self, points: Sequence[Point], kind: str) -> None:
        """Draw a line through values."""
        line(self.picture, [self.at(x, y) for x, y in points], kind)

    def dots(self, points: Sequence[Point]) -> None:
        """Draw a dot for each value."""
        for x, y in points:
            across, up = self.at(x, y)
            SubElement(self.picture, "circle", {"cx": f"{across:.1f}", "cy": f"{up:.1f}", "r": "2.6", "class": "dot"})

    def _scales(self) -> None:
        for i in range(_TICKS):
            share = i / (_TICKS - 1)
            x = self._x[0] + share * (self._x[1] - self._x[0])
            y = self._y[0] + share * (self._y[1] - self._y[0])
            label(self.picture, self.at(x, 0)[0], _TOP + _SIDE + 16, number(x), "tick", "middle")
            label(self.picture, _LEFT - 6, self.at(0, y)[1] + 4, number(y), "tick", "end")


def _wide(ends: tuple[float, float]) -> tuple[float, float]:
    """Widen an empty range."""
    low, high = ends
    return (low, high) if high > low else (low - 0.5, high + 0.5)


def number(value: float) -> str:
    """Format a number with few characters."""
    if value == 0:
        return "0"
    if abs(value) >= 100_000 or abs(value) < 0.001:
        return f"{value:.1e}"
    short = f"{Decimal(repr(float(value))):.4g}"
    return f"{float(short):.10g}"


def curve(title: str, points: Sequence[Point], names: tuple[str, str], *, chance: bool = False) -> Element:
    """Draw a curve of shares; with `chance`, also the diagonal of random predictions."""
    axes = Axes(title, (0, 1), (0, 1), names)
    if chance:
        axes.line([(0, 0), (1, 1)], "guide")
    axes.line(points, "curve")
    return axes.picture


def scatter(title: str, points: Sequence[Point], names: tuple[str, str]) -> Element:
    """Draw pairs, with the diagonal of equal values."""
    values = [value for point in points for value in point] or [0.0, 1.0]
    ends = (min(values), max(values))
    axes = Axes(title, ends, ends, names)
    axes.line([(ends[0], ends[0]), (ends[1], ends[1])], "guide")
    axes.dots(points)
    return axes.picture


def residuals(title: str, points: Sequence[Point], names: tuple[str, str]) -> Element:
    """Draw the residuals over the predictions."""
    off = [(answer, answer - truth) for answer, truth in points]
    across = (min([x for x, _ in off] or [0.0]), max([x for x, _ in off] or [1.0]))
    reach = max([abs(y) for _, y in off] or [1.0])
    axes = Axes(title, across, (-reach, reach), names)
    axes.line([(across[0], 0), (across[1], 0)], "guide")
    axes.dots(off)
    return axes.picture


def bars(title: str, values: Mapping[str, float], bounds: Mapping[str, float] | None = None) -> Element:
    """Draw a bar per name, with a mark at its bound if it has one; bars above the bound are highlighted."""
    limits = bounds or {}
    width = 260
    top = max([*(abs(value) for value in values.values()), *limits.values(), 1e-9])
    picture = svg(_NAMES + width + 70, len(values) * (_BAR + _GAP) + _GAP, title)
    for row, (name, value) in enumerate(values.items()):
        y = _GAP + row * (_BAR + _GAP)
        over = name in limits and value > limits[name]
        long = max(abs(value) / top * width, 1.0)
        label(picture, _NAMES - 8, y + 13, _short(name), "name", "end")
        place = {"x": f"{_NAMES}", "y": f"{y}", "width": f"{long:.1f}", "height": f"{_BAR}"}
        SubElement(picture, "rect", place | {"class": "bar alarm" if over else "bar low" if value < 0 else "bar"})
        label(picture, _NAMES + long + 6, y + 13, number(value), "tick")
        if name in limits:
            x = _NAMES + limits[name] / top * width
            line(picture, [(x, y - 3), (x, y + _BAR + 3)], "bound")
    return picture


def _short(name: str, most: int = 26) -> str:
    return name if len(name) <= most else f"{name[: most - 1]}…"


def pair(title: str, first: Sequence[float], second: Sequence[float]) -> Element:
    """Draw two distributions over the same bins, one before the other; each sums to one."""
    width, height = 180, 44
    picture = svg(width, height, title)
    top = max([*first, *second, 1e-9])
    step = width / max(len(first), len(second), 1)
    for kind, shares in (("was", first), ("is", second)):
        for i, share in enumerate(shares):
            tall = share / top * (height - 2)
            inset = 0 if kind == "was" else step * 0.25
            place = {"x": f"{i * step + inset:.1f}", "y": f"{height - tall:.1f}", "height": f"{tall:.1f}"}
            SubElement(picture, "rect", place | {"width": f"{step - 1 - 2 * inset:.1f}", "class": kind})
    return picture
