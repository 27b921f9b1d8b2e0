"""Objectives: budgets, windows and burn rates, in exact decimals.

The burn-rate profile is that of the SRE workbook (chapter 5, "Alerting on SLOs"): a share of the budget spent within
a long window, confirmed by a short one. factor = share x period / long window; it burns when the error ratio of both
windows exceeds factor x budget.
"""

from __future__ import annotations

from decimal import Decimal

from mlopsctl.blueprint.clock import DAY, HOUR
from mlopsctl.blueprint.model import Burn, Endpoint, Slo
from mlopsctl.resolve import model as resolved

_MONTH = (("page", "0.02", "1h", "5m"), ("page", "0.05", "6h", "30m"), ("ticket", "0.1", "1d", "2h"), ("ticket", "0.1", "3d", "6h"))  # fmt: skip  # noqa: E501
_WEEK = (("page", "0.08", "1h", "5m"), ("page", "0.125", "6h", "30m"), ("ticket", "0.2", "1d", "2h"), ("ticket", "0.42", "3d", "6h"))  # fmt: skip  # noqa: E501
_SECONDS = {"5m": 300, "30m": 1800, "1h": HOUR, "2h": 2 * HOUR, "6h": 6 * HOUR, "1d": DAY, "3d": 3 * DAY}
_FINEST = Decimal("0.000001")


def burns(budget: Decimal, window: int) -> tuple[Burn, ...]:
    """Return the pairs of windows that can burn; one whose threshold reaches 1 could never."""
    found = []
    for severity, share, long, short in _MONTH if window >= 28 * DAY else _WEEK:
        factor = (Decimal(share) * window / _SECONDS[long]).quantize(_FINEST).normalize()
        threshold = (factor * budget).normalize()
        if threshold < 1:
            found.append(Burn(severity, long, short, factor, threshold))  # type: ignore[arg-type]
    return tuple(found)


def slos(system: resolved.System, served: tuple[Endpoint, ...]) -> tuple[Slo, ...]:
    """Decide the objectives of the endpoints that are served and whose engine can observe them."""
    section = system.spec.alerts
    by_name = {endpoint.spec_name: endpoint for endpoint in served}
    found = []
    for name, spec in (section.slos if section else {}).items():
        endpoint = by_name.get(spec.endpoint)
        made = _slo(system, name, spec, endpoint) if endpoint else None
        if made and made.burns:
            found.append(made)
    return tuple(found)


def _slo(system: resolved.System, name: str, spec: resolved.alerts.Slo, endpoint: Endpoint) -> Slo | None:
    threshold = Decimal(spec.threshold.ms) / 1000 if spec.threshold else None
    total = endpoint.latency.count if threshold and endpoint.latency else endpoint.requests
    if not total or (threshold and not endpoint.latency) or (not threshold and not endpoint.errors):
        return None
    budget = (1 - spec.objective).normalize()
    pairs = burns(budget, spec.window.seconds)
    windows = {window for burn in pairs for window in (burn.short, burn.long)}
    return Slo(
        id=f"{system.name}-{name}",
        name=name,
        kind="latency" if threshold else "availability",
        endpoint=endpoint.name,
        objective=spec.objective,
        budget=budget,
        window=spec.window.seconds,
        threshold=threshold.normalize() if threshold else None,
        bad=None if threshold else endpoint.errors,
        good_bucket=endpoint.latency.bucket if threshold and endpoint.latency else None,
        total=total,
        windows=tuple(sorted(windows, key=_SECONDS.__getitem__)),
        burns=pairs,
    )
