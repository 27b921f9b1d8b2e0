"""`request-training`: start a training run because the inputs drifted, but not too often.

In: the parameters `drifted`, `cooldown` (seconds) and `max-per-week`. Out: a new run of the training pipeline in the
cluster, or a word on why there is none. The runs themselves are the memory of when the last one was.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from importlib import import_module
from typing import Any, Final

from mlopsctl.runtime.call import Broken, Call

WEEK = timedelta(days=7)
_ENGINES: Final = {"argo-workflows": "mlopsctl.runtime.argo_runs", "kfp": "mlopsctl.runtime.kfp_runs"}


def run(call: Call) -> None:
    """Start a run where drift asks for one and the limits allow it."""
    if call.parameter("drifted") != "true":
        call.log.say("the inputs have not drifted: no training is needed")
        return
    runs = _runs(call)
    pipeline = next((one for one in call.blueprint.pipelines if one.purpose == "train"), None)
    if pipeline is None:
        raise Broken("this system has no training pipeline", "spec.model")
    before = runs.starts(call, pipeline, call.now - WEEK)
    why_not = too_soon(call.now, before, _number(call, "cooldown"), _number(call, "max-per-week"))
    if why_not:
        call.log.say(f"the inputs drifted, and no training is started: {why_not}")
        return
    call.log.say(f"the inputs drifted: {runs.start(call, pipeline)} is started")


def _runs(call: Call) -> Any:
    """Return what knows the engine's runs."""
    engine = call.blueprint.engines.pipelines.name
    if engine not in _ENGINES:
        raise Broken(f"{engine} cannot start a run from a run", "spec.model.retrain.onDrift")
    return import_module(_ENGINES[engine])


def too_soon(now: datetime, starts: list[datetime], cooldown: int, most: int) -> str:
    """Tell why no run may start now; empty when one may."""
    within = [start for start in starts if now - start < WEEK]
    if within and now - max(within) < timedelta(seconds=cooldown):
        return f"the last such run started at {max(within).isoformat()}, less than {cooldown} seconds ago"
    if len(within) >= most:
        return f"{len(within)} such runs started in the last seven days, and {most} are allowed"
    return ""


def _number(call: Call, name: str) -> int:
    text = call.parameter(name)
    if not text.isdecimal():
        raise Broken(f"{name} is `{text}`, and not a whole number")
    return int(text)
