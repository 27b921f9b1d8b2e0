"""The burn-rate profile of the SRE workbook (chapter 5, "Alerting on SLOs").

Each row has a share of the error budget that is spent within a long window, the short window that confirms it, and
a severity. factor = share x period / long window; an alert fires when both error ratios exceed factor x budget.
A week has less room than a month, so its shares are larger.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final, NamedTuple

_HOUR, _DAY = 3600, 86_400
SECONDS: Final = {"5m": 300, "30m": 1800, "1h": _HOUR, "2h": 2 * _HOUR, "6h": 6 * _HOUR, "1d": _DAY, "3d": 3 * _DAY}
_FINEST: Final = Decimal("0.000001")


class Pair(NamedTuple):
    """A long window and the short one that confirms it; `share` is the part of the budget spent in the long one."""

    severity: str
    share: Decimal
    long: str
    short: str


def _pairs(*shares: str) -> tuple[Pair, ...]:
    rows = (("page", "1h", "5m"), ("page", "6h", "30m"), ("ticket", "1d", "2h"), ("ticket", "3d", "6h"))
    return tuple(Pair(s, Decimal(share), long, short) for share, (s, long, short) in zip(shares, rows, strict=True))


_MONTH: Final = _pairs("0.02", "0.05", "0.1", "0.1")
_WEEK: Final = _pairs("0.08", "0.125", "0.2", "0.42")


def pairs(window_s: int) -> tuple[tuple[Pair, Decimal], ...]:
    """Return the pairs for a period of `window_s` seconds, each with its factor, exact to six places.

    A factor below 1 would alert at a rate that does not exhaust the budget. If a share gives one, because the period
    is short for the pair, a page is left out; a ticket waits for a factor of 1, if its windows fit into the period.
    """
    profile = _MONTH if window_s >= 28 * _DAY else _WEEK
    scaled = [(pair, pair.share * window_s / SECONDS[pair.long]) for pair in profile]
    return tuple(
        (pair, max(factor.quantize(_FINEST).normalize(), Decimal(1)))
        for pair, factor in scaled
        if factor >= 1 or (pair.severity == "ticket" and SECONDS[pair.long] <= window_s)
    )


def can_fire(factor: Decimal, budget: Decimal) -> bool:
    """Return whether an error ratio, which is at most 1, can exceed factor x budget."""
    return factor * budget < 1
