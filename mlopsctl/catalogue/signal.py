"""The metrics of an engine that report an object's requests and a pipeline's runs."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal, NamedTuple

Op = Literal["=", "!=", "=~", "!~"]
Outcome = Literal["finished", "succeeded", "failed"]

_NO_STATUSES: Final[Mapping[Outcome, tuple[Op, str]]] = MappingProxyType({})


class Signal(NamedTuple):
    """The signals of a kind of object: its metrics, and the labels with its name and that of a part.

    `requests` is a counter of all requests. Failures are the counter `failures`, or those of `requests` whose label
    `code` matches `error_codes`; if neither is set, the engine does not report them. `latency` is a histogram
    of seconds.
    """

    label: str
    part_label: str = ""
    requests: str = ""
    failures: str = ""
    error_codes: str = ""
    latency: str = ""


class RunSignal(NamedTuple):
    """The metrics with which an engine counts the runs of a pipeline.

    `metrics` are the counts by outcome; an outcome without one is not reported. The label `label` contains the name of
    the pipeline, followed by what the pattern `suffix` matches, and `namespace_label` its namespace. The label
    `status_label` distinguishes the outcomes of one metric, each by its operator and value in `statuses`.

    With `own`, rendered runs also export their own metrics, by system and environment. `alive` is a series
    that the exporter has before any run; it is required if a count can fall.
    """

    metrics: Mapping[Outcome, str]
    label: str
    suffix: str = ""
    namespace_label: str = ""
    status_label: str = ""
    statuses: Mapping[Outcome, tuple[Op, str]] = _NO_STATUSES
    own: bool = False
    alive: str = ""
