"""Metrics: series and histograms as data, and the targets that are scraped for them."""

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
    """A classic histogram: its buckets' and its count's series, and the upper bounds that exist, in seconds."""

    bucket: Series
    count: Series
    bounds: tuple[Decimal, ...]


class Monitor(Record, frozen=True):
    """A scrape target: pods or a service in `namespace` with these labels, at this port and path.

    `port` is a name or a number. `self_signed`: the certificate cannot be verified. `honor_labels` keeps the
    exporter's own labels where the target has one of the same name. `reads` is the port that has the metrics, where
    that is another than `port`, which then only picks the pods.
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
