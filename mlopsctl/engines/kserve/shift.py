"""The shares of traffic in an InferenceService."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.serving import Endpoint
from mlopsctl.engines.base import NoCandidateError, Patch
from mlopsctl.engines.kserve import conventions
from mlopsctl.engines.shared.shares import set_one


def edit(blueprint: Blueprint, endpoint: Endpoint, live: Mapping[str, Any], percent: int) -> Patch:  # noqa: ARG001
    """Return the patch that sets the candidate's weight, in the field of KServe's mode."""
    spec = live["spec"]
    if blueprint.engines.serving.settings.get("mode") == conventions.KNATIVE:
        return set_one("/spec/predictor/canaryTrafficPercent", spec["predictor"].get("canaryTrafficPercent"), percent)
    canaries = spec.get("canary", [])
    if not canaries:
        raise NoCandidateError
    return set_one("/spec/canary/0/trafficPercent", canaries[0].get("trafficPercent"), percent)
