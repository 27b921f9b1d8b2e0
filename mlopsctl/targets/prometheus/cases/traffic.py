"""Traffic as counters: good and bad requests an objective sees, minute by minute.

In: an objective and shares of bad requests. Out: inputs. Never an expectation.
"""

from __future__ import annotations

from decimal import Decimal

from mlopsctl.blueprint.model import Slo
from mlopsctl.targets.prometheus.cases import examples
from mlopsctl.targets.prometheus.cases.notation import Case, counter, series
from mlopsctl.targets.prometheus.expressions import bound_label
from mlopsctl.targets.prometheus.objectives import good_bucket

REQUESTS = 100_000
"""Requests a minute."""
_BEFORE = 1_000_000
_CODE = "code"
_GOOD_CODE = "200"


def traffic(slo: Slo, *parts: tuple[Decimal, int], newest: bool = True) -> list[Case]:
    """Return the counters over consecutive parts: each a share of bad requests, and its minutes.

    `newest` writes a histogram's whole bounds as Prometheus 3 does, else as Prometheus 2.
    """
    bad = [(share * REQUESTS, minutes) for share, minutes in parts]
    good = [(REQUESTS - step, minutes) for step, minutes in bad]
    everything = [(REQUESTS, sum([minutes for _, minutes in parts]))]
    whole = examples.labels(slo.total.matchers)
    if slo.bad is None:
        bucket = good_bucket(slo)
        assert slo.threshold is not None  # noqa: S101 - so are latency objectives
        le = bound_label(slo.threshold)[-1 if newest else 0]
        fast = {**examples.labels(bucket.matchers), "le": le}
        return [
            series(bucket.metric, fast, counter(_BEFORE, *good)),
            series(slo.total.metric, whole, counter(_BEFORE, *everything)),
        ]
    failed = examples.labels(slo.bad.matchers)
    first = series(slo.bad.metric, failed, counter(_BEFORE, *bad))
    if slo.bad.metric != slo.total.metric:
        return [first, series(slo.total.metric, whole, counter(_BEFORE, *everything))]
    answered = {**whole, _CODE: _GOOD_CODE} if _CODE in failed and _CODE not in whole else whole
    return [first, series(slo.total.metric, answered, counter(_BEFORE, *good))]
