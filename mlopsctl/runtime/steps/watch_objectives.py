"""`watch-objectives`: watch an endpoint's objectives for a while, and take the traffic back when one burns.

In: the parameters `endpoint`, `objectives` (names with commas) and `seconds`. Out: nothing; refuses where an objective
burns or could not be seen, after the candidate's traffic is back at the stable version.
"""

from __future__ import annotations

import time
from collections.abc import Mapping

from mlopsctl.blueprint.model import Slo
from mlopsctl.catalogue import recordings
from mlopsctl.runtime.call import Broken, Call, Refused
from mlopsctl.runtime.prometheus import Unreachable, values
from mlopsctl.runtime.traffic import endpoint_named, shift

_LOOKS = 20
_SELDOM, _OFTEN = 30.0, 0.2
"""Seconds between two looks: recording rules are evaluated twice a minute."""

Ratios = Mapping[tuple[str, str], float]


def run(call: Call) -> None:
    """Look until the time is over; the last look is at its end."""
    endpoint = endpoint_named(call, call.parameter("endpoint"))
    slos = _watched(call, endpoint.name)
    seconds = _seconds(call)
    if not slos:
        call.log.say(f"no objective is watched for {seconds} seconds")
        time.sleep(seconds)
        return
    why = _burning(call, slos, seconds)
    if not why:
        call.log.say(f"no objective burnt in {seconds} seconds", endpoint=endpoint.name)
        return
    shift(call, endpoint, 0)
    raise Refused(f"{why}; all traffic of `{endpoint.name}` is back at the stable version")


def _watched(call: Call, endpoint: str) -> list[Slo]:
    """Return the objectives by name; one that cannot be observed is no reason to look away in silence."""
    names = [name for name in call.parameters.get("objectives", "").split(",") if name]
    known = {slo.name: slo for slo in call.blueprint.slos if slo.endpoint == endpoint}
    for name in names:
        if name not in known:
            call.log.warn(f"objective `{name}` cannot be observed on this engine, and is not watched")
    return [known[name] for name in names if name in known]


def _seconds(call: Call) -> int:
    text = call.parameter("seconds")
    if not text.isdecimal():
        raise Broken(f"seconds is `{text}`, and not a whole number")
    return int(text)


def _burning(call: Call, slos: list[Slo], seconds: int) -> str:
    """Look again and again; return why the traffic has to go back, or nothing."""
    server = call.blueprint.engines.serving.settings.get("prometheus", "")
    pause = min(_SELDOM, max(_OFTEN, seconds / _LOOKS))
    end = time.monotonic() + seconds
    seen: set[str] = set()
    trouble = ""
    while True:
        last = time.monotonic() >= end
        try:
            ratios = _ratios(call, server, slos)
            seen |= {slo_id for slo_id, _ in ratios}
            burning = next((slo for slo in slos if burns(slo, ratios)), None)
            if burning:
                return f"objective `{burning.name}` burns its error budget"
        except Unreachable as error:
            trouble = str(error)
        if last:
            unseen = [slo.name for slo in slos if slo.id not in seen]
            reason = f": {trouble}" if trouble else ": Prometheus has no series of it"
            return f"objective `{unseen[0]}` could not be seen{reason}" if unseen else ""
        time.sleep(min(pause, max(0.0, end - time.monotonic())))


def _ratios(call: Call, server: str, slos: list[Slo]) -> Ratios:
    """Return the error ratios by objective and window."""
    found = {}
    for window in dict.fromkeys(window for slo in slos for burn in slo.burns for window in (burn.short, burn.long)):
        for labels, value in values(server, recordings.error_ratio(window)):
            for slo in slos:
                if _is_of(call, labels, slo):
                    found[slo.id, window] = value
    return found


def _is_of(call: Call, labels: Mapping[str, str], slo: Slo) -> bool:
    """Tell whether a series is this objective's here: a Prometheus may watch several environments."""
    identity = call.blueprint.identity
    wanted = recordings.labels(slo.id, slo.name, identity.system, identity.environment, slo.endpoint)
    return all(labels.get(name) == wanted[name] for name in recordings.KEY)


def burns(slo: Slo, ratios: Ratios) -> bool:
    """Tell whether any pair of windows burns: both must be above the threshold."""
    return any(
        min(ratios.get((slo.id, burn.long), 0.0), ratios.get((slo.id, burn.short), 0.0)) > float(burn.threshold)
        for burn in slo.burns
    )
