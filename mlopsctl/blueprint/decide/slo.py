"""Decide objectives: error budgets, windows and burn rates, in exact decimals."""

from __future__ import annotations

from decimal import Decimal

from mlopsctl.blueprint.model.objectives import Burn, Slo
from mlopsctl.blueprint.model.serving import Endpoint, Signals
from mlopsctl.catalogue import burn_rates, recordings
from mlopsctl.resolve import model as resolved
from mlopsctl.spec import alerts


def burns(budget: Decimal, window_s: int) -> tuple[Burn, ...]:
    """Return the pairs of windows whose threshold is below 1; others could never fire."""
    return tuple(
        Burn(pair.severity, pair.long, pair.short, factor, (factor * budget).normalize())  # type: ignore[arg-type]
        for pair, factor in burn_rates.pairs(window_s)
        if burn_rates.can_fire(factor, budget)
    )


def slos(system: resolved.System, served: tuple[Endpoint, ...]) -> tuple[Slo, ...]:
    """Decide the objectives of served endpoints that the engine can observe."""
    section = system.spec.alerts
    by_name = {endpoint.spec_name: endpoint for endpoint in served}
    decided = []
    for name, spec in (section.slos if section else {}).items():
        endpoint = by_name.get(spec.endpoint)
        if endpoint:
            decided.append(
                _slo(system, name, spec, endpoint, Signals(endpoint.requests, endpoint.errors, endpoint.latency))
            )
        if endpoint and endpoint.candidate_signals and name in endpoint.rollout.abort_on:
            decided.append(_slo(system, of_candidate(name), spec, endpoint, endpoint.candidate_signals, candidate=True))
    return tuple(slo for slo in decided if slo and slo.burns)


def of_candidate(name: str) -> str:
    """Name the objective that counts only a canary's requests."""
    return f"{name}-candidate"


def _slo(
    system: resolved.System,
    name: str,
    spec: alerts.Slo,
    endpoint: Endpoint,
    signals: Signals,
    *,
    candidate: bool = False,
) -> Slo | None:
    threshold = Decimal(spec.threshold.ms) / 1000 if spec.threshold else None
    total = signals.latency.count if threshold and signals.latency else signals.requests
    if not total or (threshold and not signals.latency) or (not threshold and not signals.errors):
        return None
    budget = (1 - spec.objective).normalize()
    pairs = burns(budget, spec.window.seconds)
    windows = {recordings.WINDOWS[0], *(window for burn in pairs for window in (burn.short, burn.long))}
    return Slo(
        id=f"{system.name}-{name}",
        name=name,
        kind="latency" if threshold else "availability",
        endpoint=endpoint.name,
        objective=spec.objective,
        budget=budget,
        window=spec.window.seconds,
        threshold=threshold.normalize() if threshold else None,
        bad=None if threshold else signals.errors,
        good_bucket=signals.latency.bucket if threshold and signals.latency else None,
        total=total,
        windows=tuple(sorted(windows, key=burn_rates.SECONDS.__getitem__)),
        burns=pairs,
        of_candidate=candidate,
    )
