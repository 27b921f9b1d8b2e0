"""Canaries: the actual share of replicas, and the two forms in an object."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import gcd, lcm
from typing import Any

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.serving import Endpoint, ServedVersion
from mlopsctl.diagnostics.model import Diagnostic
from mlopsctl.engines.kserve import codes, conventions
from mlopsctl.engines.kserve.predictor import model, version_label
from mlopsctl.engines.shared import serving

_ALL_PERCENT = 100


def canary(blueprint: Blueprint, endpoint: Endpoint, candidate: ServedVersion) -> dict[str, Any]:
    """Return the canary of Standard mode; fields that it does not set are those of the stable predictor.

    Its number of copies is left to KServe, so that it follows the share. The definition wants a name of the model's
    container, which the webhook allows to be empty only.
    """
    return {
        "trafficPercent": endpoint.rollout.weight,
        "predictor": {
            "name": candidate.name.removeprefix(f"{endpoint.name}-"),
            "labels": {**endpoint.pod.labels, **version_label(candidate)},
            "model": {"name": "", **model(blueprint, endpoint, candidate)},
        },
    }


def shares(blueprint: Blueprint, mode: str) -> Iterator[Diagnostic]:
    """Report canary steps that whole replicas of Standard mode cannot express."""
    for endpoint in blueprint.endpoints:
        steps = [step for step in endpoint.rollout.steps if step < _ALL_PERCENT]
        if mode == conventions.KNATIVE or endpoint.rollout.strategy != "canary":
            continue
        off = [step for step in steps if real_share(endpoint.min_replicas, step) != Fraction(step, _ALL_PERCENT)]
        if off:
            yield codes.KSERVE_SHARE.at(
                None,
                f"a step of {off[0]} percent gives the candidate of `{endpoint.name}` "
                f"{_copies(endpoint.min_replicas, off[0])}",
                help=f"set replicas.min to {enough(endpoint.min_replicas, steps)}, which makes every step exact, "
                "or use other steps or serving.mode Knative",
                path=serving.path(endpoint, "rollout", "steps"),
            )


def real_share(copies: int, percent: int) -> Fraction:
    """Return the share of replicas that a canary gets: rounded up, with at least one stable replica."""
    canaries = copies_of(copies, percent)
    return Fraction(canaries, canaries + max(copies - canaries, 1))


def copies_of(copies: int, percent: int) -> int:
    """Return how many of the stable version's replicas KServe gives to a canary."""
    return -(-copies * percent // _ALL_PERCENT)


def enough(copies: int, steps: list[int]) -> int:
    """Return the smallest number of replicas, at least the current one, that makes every step a whole number."""
    unit = lcm(*(_ALL_PERCENT // gcd(_ALL_PERCENT, step) for step in steps))
    return max(-(-copies // unit), 1) * unit


def _copies(copies: int, percent: int) -> str:
    canaries = copies_of(copies, percent)
    share = real_share(copies, percent)
    total = canaries + max(copies - canaries, 1)
    return f"{canaries} of {total} replicas, which is {round(share * _ALL_PERCENT)} percent"
