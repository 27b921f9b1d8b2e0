"""Look up the series of an engine's requests, errors, latency and runs."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from msgspec import Struct

from mlopsctl.catalogue import own_metrics
from mlopsctl.catalogue.signal import Op, Outcome, RunSignal, Signal
from mlopsctl.engines.known import engine as known_engine
from mlopsctl.engines.metrics import metrics, own_name
from mlopsctl.engines.model_servers import serving

Names = str | tuple[str, ...]
Matcher = tuple[str, Op, str]


class Series(NamedTuple):
    """A metric and the matchers that select its series, each (label, operator, value)."""

    metric: str
    matchers: tuple[Matcher, ...] = ()


class Histogram(Struct, frozen=True):
    """A latency histogram: its buckets, its count, and the bounds that a threshold may use, in seconds."""

    bucket: Series
    count: Series
    bounds: tuple[Decimal, ...]


def kinds(engine: str, version: str) -> tuple[str, ...]:
    """List the kinds of objects whose requests the engine counts."""
    servers = serving(engine, version)
    return tuple(servers.signals) if servers else ()


def request_series(engine: str, version: str, kind: str, name: Names, part: Names = ()) -> Series | None:
    """Return the counter of requests to objects of a kind, including failed ones.

    `part` selects parts of the object, such as predictors of a Seldon 1 deployment, to exclude a shadow.
    """
    signal = _signal(engine, version, kind)
    return Series(signal.requests, _name_matchers(signal, name, part)) if signal else None


def error_series(engine: str, version: str, kind: str, name: Names, part: Names = ()) -> Series | None:
    """Return the counter of requests with a server error; None if not exported."""
    signal = _signal(engine, version, kind)
    if signal is None or not (signal.failures or signal.error_codes):
        return None
    matchers = _name_matchers(signal, name, part)
    if signal.failures:
        return Series(signal.failures, matchers)
    return Series(signal.requests, (*matchers, ("code", "=~", signal.error_codes)))


def part_label(engine: str, version: str, kind: str) -> str:
    """Return the label that identifies the parts of an object; empty if the engine has none."""
    signal = _signal(engine, version, kind)
    return signal.part_label if signal else ""


def latency_histogram(engine: str, version: str, kind: str, name: Names, part: Names = ()) -> Histogram | None:
    """Return the latency histogram, in seconds; None if there is none per object of that kind."""
    signal = _signal(engine, version, kind)
    if signal is None or not signal.latency:
        return None
    matchers = _name_matchers(signal, name, part)
    return Histogram(
        Series(f"{signal.latency}_bucket", matchers),
        Series(f"{signal.latency}_count", matchers),
        metrics(engine, version)[signal.latency].buckets,
    )


def run_series(
    engine: str, name: Names, outcome: Outcome, namespace: str = "", owner: tuple[str, str] | None = None
) -> Series | None:
    """Return the counter of a pipeline's runs with an outcome.

    With an owner (system, environment), this is the count that rendered runs export, if they do: an
    engine's count has only a template's name, which two environments of a cluster may share.
    """
    runs = _runs(engine)
    if runs is None:
        return None
    if owner and runs.own:
        return Series(own_name(own_metrics.RUNS, engine), _of_owner(runs, name, outcome, owner))
    if outcome not in runs.metrics:
        return None
    where: tuple[Matcher, ...] = ()
    if namespace and runs.namespace_label:
        where = ((runs.namespace_label, "=", namespace),)
    named = _suffixed(runs.label, name, runs.suffix) if runs.suffix else matching(runs.label, name)
    status = ((runs.status_label, *runs.statuses[outcome]),) if runs.status_label else ()
    return Series(runs.metrics[outcome], (*where, named, *status))


def run_ends(engine: str, name: Names, outcome: Outcome, owner: tuple[str, str]) -> Series | None:
    """Return the end time of a pipeline's last run with an outcome, in Unix seconds; None if only counted."""
    runs = _runs(engine)
    if runs is None or not runs.own:
        return None
    return Series(own_name(own_metrics.RUN_ENDED, engine), _of_owner(runs, name, outcome, owner))


def alive_series(engine: str) -> Series | None:
    """Return a series that the exporter of run counts exports from its start, before any run."""
    runs = _runs(engine)
    return Series(runs.alive) if runs and runs.alive else None


def _runs(engine: str) -> RunSignal | None:
    entry = known_engine("pipelines", engine)
    return entry.pipelines.runs if entry and entry.pipelines else None


def _of_owner(runs: RunSignal, name: Names, outcome: Outcome, owner: tuple[str, str]) -> tuple[Matcher, ...]:
    system, environment = owner
    status = ("status", *runs.statuses[outcome])
    return (("system", "=", system), ("environment", "=", environment), matching("pipeline", name), status)


def matching(label: str, name: Names) -> Matcher:
    """Match one name exactly, or several names with an escaped pattern."""
    if isinstance(name, str):
        return (label, "=", name)
    if len(name) == 1:
        return (label, "=", name[0])
    return (label, "=~", "|".join(map(escape, name)))


def escape(text: str) -> str:
    """Escape text for RE2, so that it matches only itself."""
    return "".join(rf"\{char}" if char in r"\.+*?()|[]{}^$" else char for char in text)


def _name_matchers(signal: Signal, name: Names, part: Names) -> tuple[Matcher, ...]:
    matchers = (matching(signal.label, name),)
    return (*matchers, matching(signal.part_label, part)) if part and signal.part_label else matchers


def _suffixed(label: str, name: Names, suffix: str) -> Matcher:
    names = (name,) if isinstance(name, str) else name
    return (label, "=~", "|".join(escape(pipeline_name) + suffix for pipeline_name in names))


def _signal(engine: str, version: str, kind: str) -> Signal | None:
    servers = serving(engine, version)
    return servers.signals.get(kind) if servers else None
