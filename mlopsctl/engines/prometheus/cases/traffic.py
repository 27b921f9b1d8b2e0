"""Traffic as counters: good and bad requests of an objective, minute by minute."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from mlopsctl.blueprint.model.objectives import Slo
from mlopsctl.engines.prometheus.cases.examples import Matchers, variants
from mlopsctl.engines.prometheus.cases.notation import Case, counter, series_text
from mlopsctl.engines.prometheus.expressions import bound_label

BEFORE = 100_000_000
"""The initial value of every counter: Prometheus limits extrapolation near zero."""
_CODE = "code"
_GOOD_CODE = "200"


class Part(NamedTuple):
    """A number of minutes with a constant number of requests and of bad requests."""

    minutes: int
    requests: Decimal | int
    bad: Decimal | int


def traffic(slo: Slo, *parts: Part, newest: bool = True) -> list[Case]:
    """Return the counters over consecutive parts, divided evenly among all series that the objective sums.

    `newest` formats integer bounds of a histogram as Prometheus 3 does, otherwise as Prometheus 2.
    """
    everything = [(part.requests, part.minutes) for part in parts]
    bad = [(part.bad, part.minutes) for part in parts]
    good = [(part.requests - part.bad, part.minutes) for part in parts]
    total = slo.total
    if slo.bad is None:
        bucket = slo.good_bucket
        assert bucket  # noqa: S101 - so are latency objectives
        return [
            *_counters(bucket.metric, bucket.matchers, good, (("le", _le(slo, newest)),)),
            *_counters(total.metric, total.matchers, everything),
        ]
    failed = _counters(slo.bad.metric, slo.bad.matchers, bad)
    if slo.bad.metric != total.metric:
        return [*failed, *_counters(total.metric, total.matchers, everything)]
    return [*failed, *_counters(total.metric, total.matchers, good, _answered(slo.bad.matchers))]


def silence(slo: Slo) -> list[Case]:
    """Return the counters of an hour without requests."""
    return traffic(slo, Part(60, 0, 0))


def flawless(slo: Slo) -> list[Case]:
    """Return the counters of an hour with one request per minute, without failure series."""
    inputs = traffic(slo, Part(60, 1, 0))
    return inputs if slo.bad is None else inputs[len(variants(slo.bad.matchers)) :]


def _counters(
    metric: str,
    matchers: Matchers,
    steps: list[tuple[Decimal | int, int]],
    more: tuple[tuple[str, str], ...] = (),
) -> list[Case]:
    names = _names(metric, matchers, more)
    count = len(names)
    shared = [(Decimal(step) / count, times) for step, times in steps] if count > 1 else steps
    written = counter(BEFORE, *shared)
    return [{"series": name, "values": written} for name in names]


@lru_cache(maxsize=64)
def _names(metric: str, matchers: Matchers, more: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    """Write all series that an objective sums; all its cases use the same ones."""
    return tuple([series_text(metric, {**variant, **dict(more)}) for variant in variants(matchers)])


def _answered(failing: Matchers) -> tuple[tuple[str, str], ...]:
    return ((_CODE, _GOOD_CODE),) if any(label == _CODE for label, _, _ in failing) else ()


def _le(slo: Slo, newest: bool) -> str:
    assert slo.threshold is not None  # noqa: S101 - so are latency objectives
    return bound_label(slo.threshold)[-1 if newest else 0]
