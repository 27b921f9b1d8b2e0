"""Metrics: series and histograms as data, and scrape targets."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal

from mlopsctl.blueprint.model.record import Record


class Series(Record, frozen=True):
    """A metric and its matchers (label, operator, value), as data."""

    metric: str
    matchers: tuple[tuple[str, str, str], ...] = ()


class Histogram(Record, frozen=True):
    """A classic histogram: its buckets' and its count's series, and its upper bounds, in seconds."""

    bucket: Series
    count: Series
    bounds: tuple[Decimal, ...]


class Monitor(Record, frozen=True):
    """A scrape target: pods or a service in `namespace` with these labels, at this port and path.

    `port` is a name or a number. `self_signed`: the certificate cannot be verified. `honor_labels` keeps the
    exporter's labels if the target has labels of the same name. `reads` is the port of the metrics, if
    it differs from `port`, which then only selects the pods.
    """

    name: str
    kind: Literal["pod", "service"]
    namespace: str
    selector: Mapping[str, str]
    port: str
    path: str
    scheme: Literal["http", "https"]
    self_signed: bool = False
    honor_labels: bool = False
    reads: str = ""
