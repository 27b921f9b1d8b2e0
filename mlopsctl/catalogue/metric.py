"""The type of a metric's entry in the catalogue, with short constructors."""

from __future__ import annotations

from decimal import Decimal
from typing import Final, Literal, NamedTuple

Kind = Literal["counter", "gauge", "histogram", "summary"]
ANY_LABEL: Final = "*"
"""Marks a metric with further, unknown labels, such as `ALERTS`."""


class Metric(NamedTuple):
    """A metric as declared by its exporter.

    `labels` are its own (those of the scraped target come on top), `buckets` the upper bounds of a
    histogram without `+Inf` (empty: unknown or configurable), `source` the origin of this entry, `since` the
    first version of the engine that has it (empty: every version this catalogue knows).
    """

    name: str
    type: Kind
    labels: tuple[str, ...] = ()
    buckets: tuple[Decimal, ...] = ()
    source: str = ""
    since: str = ""


def bounds(text: str) -> tuple[Decimal, ...]:
    """Read bucket bounds written in one line."""
    return tuple(Decimal(word) for word in text.split())


PYTHON_CLIENT: Final = bounds("0.005 0.01 0.025 0.05 0.075 0.1 0.25 0.5 0.75 1 2.5 5 7.5 10")
"""Bounds of a Python histogram without explicit bounds; both Seldon generations copied them."""
OPENTELEMETRY: Final = bounds("0 5 10 25 50 75 100 250 500 750 1000 2500 5000 7500 10000")
"""Bounds of an OpenTelemetry histogram without explicit bounds."""


def counter(name: str, labels: str = "", source: str = "", since: str = "") -> Metric:
    """Describe a counter; labels are written in one line."""
    return Metric(name, "counter", tuple(labels.split()), (), source, since)


def gauge(name: str, labels: str = "", source: str = "", since: str = "") -> Metric:
    """Describe a gauge; labels are written in one line."""
    return Metric(name, "gauge", tuple(labels.split()), (), source, since)


def summary(name: str, labels: str = "", source: str = "", since: str = "") -> Metric:
    """Describe a summary; it has quantiles when `quantile` is among its labels."""
    return Metric(name, "summary", tuple(labels.split()), (), source, since)


def histogram(
    name: str,
    labels: str = "",
    buckets: tuple[Decimal, ...] = PYTHON_CLIENT,
    source: str = "",
    since: str = "",
) -> Metric:
    """Describe a histogram; its bounds do not include `+Inf`."""
    return Metric(name, "histogram", tuple(labels.split()), buckets, source, since)
