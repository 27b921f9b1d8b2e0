"""Decide the steps of a rollout: shift traffic to a candidate, and watch its objectives in between."""

from __future__ import annotations

from typing import Any

from mlopsctl.blueprint.decide.slo import of_candidate
from mlopsctl.blueprint.decide.steps import LIGHT, Parts, step
from mlopsctl.blueprint.model.pipelines import Step, StepParameter


def steps(parts: Parts, endpoint: Any) -> tuple[Step, ...]:
    """Return the steps that shift traffic to a candidate, and back if an objective is violated."""
    shifted: list[Step] = []
    last: tuple[str, ...] = ()
    for weight in endpoint.rollout.steps:
        shift = step(
            parts,
            "shift-traffic",
            f"give the candidate {weight} percent of the traffic",
            resources=LIGHT,
            name=f"shift-to-{weight}",
            needs=last,
            parameters=(StepParameter("endpoint", endpoint.name), StepParameter("weight", str(weight))),
            permissions=("shift-traffic",),
        )
        shifted.append(shift)
        last = (shift.name,)
        if weight < 100 or endpoint.rollout.abort_on:
            watch = _watch(parts, endpoint, weight, last)
            shifted.append(watch)
            last = (watch.name,)
    return tuple(shifted)


def _objectives(endpoint: Any) -> tuple[str, ...]:
    """Name the objectives of a rollout: on all requests, and on the candidate's if the engine reports them separately.

    With a few percent of the traffic, a failing candidate hardly changes the error ratio of all requests.
    """
    alone = tuple(of_candidate(name) for name in endpoint.rollout.abort_on) if endpoint.candidate_signals else ()
    return (*endpoint.rollout.abort_on, *alone)


def _watch(parts: Parts, endpoint: Any, weight: int, needs: tuple[str, ...]) -> Step:
    pause_s = endpoint.rollout.pause
    return step(
        parts,
        "watch-objectives",
        f"watch the objectives for {pause_s} seconds at {weight} percent, and take the traffic back when one burns",
        resources=LIGHT,
        name=f"watch-at-{weight}",
        needs=needs,
        parameters=(
            StepParameter("endpoint", endpoint.name),
            StepParameter("objectives", ",".join(_objectives(endpoint))),
            StepParameter("seconds", str(pause_s)),
        ),
        timeout_s=pause_s + 600,
        permissions=("shift-traffic",),
    )
