"""`watch-objectives`: watch an endpoint's objectives for a while, and revert the traffic if one is violated."""

from __future__ import annotations

import time
from collections.abc import Mapping

from mlopsctl.blueprint.model.objectives import Slo
from mlopsctl.catalogue import recordings
from mlopsctl.runtime.backends.prometheus import Unreachable, values
from mlopsctl.runtime.backends.traffic import endpoint_named, shift
from mlopsctl.runtime.step_context import GateRejected, StepContext, StepFailed

_LOOKS = 20
_LONGEST_PAUSE_S, _SHORTEST_PAUSE_S = 30.0, 0.2
"""Seconds between two checks: recording rules are evaluated twice a minute."""

Ratios = Mapping[tuple[str, str], float]


def run(step_context: StepContext) -> None:
    """Check the objectives until the time is over, and once more at its end."""
    endpoint = endpoint_named(step_context, step_context.parameter("endpoint"))
    slos = _watched(step_context, endpoint.name)
    seconds = _seconds(step_context)
    if not slos:
        step_context.log.say(f"waited {seconds} seconds; no objective to watch")
        time.sleep(seconds)
        return
    why = _burning(step_context, slos, seconds)
    if not why:
        step_context.log.say(f"no objective was violated in {seconds} seconds", endpoint=endpoint.name)
        return
    shift(step_context, endpoint, 0)
    raise GateRejected(f"{why}; all traffic of `{endpoint.name}` is back on the stable version")


def _watched(step_context: StepContext, endpoint: str) -> list[Slo]:
    """Return the objectives by name; warn about those that cannot be observed."""
    names = [name for name in step_context.parameters.get("objectives", "").split(",") if name]
    slos = {slo.name: slo for slo in step_context.blueprint.slos if slo.endpoint == endpoint}
    for name in names:
        if name not in slos:
            step_context.log.warn(f"objective `{name}` cannot be observed on this engine and is not watched")
    return [slos[name] for name in names if name in slos]


def _seconds(step_context: StepContext) -> int:
    text = step_context.parameter("seconds")
    if not text.isdecimal():
        raise StepFailed(f"seconds must be a whole number, not `{text}`")
    return int(text)


def _burning(step_context: StepContext, slos: list[Slo], seconds: int) -> str:
    """Check repeatedly; return why the traffic must go back to the stable version, or an empty string."""
    server = step_context.blueprint.engines.serving.settings.get("prometheus", "")
    pause_s = min(_LONGEST_PAUSE_S, max(_SHORTEST_PAUSE_S, seconds / _LOOKS))
    end = time.monotonic() + seconds
    seen_ids: set[str] = set()
    trouble = ""
    while True:
        last = time.monotonic() >= end
        try:
            ratios = _ratios(step_context, server, slos)
            seen_ids |= {slo_id for slo_id, _ in ratios}
            burning = next((slo for slo in slos if burns(slo, ratios)), None)
            if burning:
                return f"objective `{burning.name}` burns its error budget"
        except Unreachable as error:
            trouble = str(error)
        if last:
            unseen = [slo.name for slo in slos if slo.id not in seen_ids]
            reason = f": {trouble}" if trouble else ": Prometheus has no series for it"
            return f"objective `{unseen[0]}` could not be observed{reason}" if unseen else ""
        time.sleep(min(pause_s, max(0.0, end - time.monotonic())))


def _ratios(step_context: StepContext, server: str, slos: list[Slo]) -> Ratios:
    """Return the error ratios by objective and window."""
    ratios = {}
    for window in dict.fromkeys(window for slo in slos for burn in slo.burns for window in (burn.short, burn.long)):
        for labels, value in values(server, recordings.error_ratio(window)):
            for slo in slos:
                if _is_of(step_context, labels, slo):
                    ratios[slo.id, window] = value
    return ratios


def _is_of(step_context: StepContext, labels: Mapping[str, str], slo: Slo) -> bool:
    """Return whether a series belongs to this objective: a Prometheus may contain several environments."""
    identity = step_context.blueprint.identity
    expected = recordings.labels(slo.id, slo.name, identity.system, identity.environment, slo.endpoint)
    return all(labels.get(name) == expected[name] for name in recordings.KEY)


def burns(slo: Slo, ratios: Ratios) -> bool:
    """Return whether both ratios of any pair of windows are above the threshold."""
    return any(
        min(ratios.get((slo.id, burn.long), 0.0), ratios.get((slo.id, burn.short), 0.0)) > float(burn.threshold)
        for burn in slo.burns
    )
