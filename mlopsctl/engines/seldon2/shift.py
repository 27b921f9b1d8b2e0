"""The shares of traffic in an Experiment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.serving import Endpoint
from mlopsctl.engines.base import Patch
from mlopsctl.engines.shared.shares import set_each


def edit(blueprint: Blueprint, endpoint: Endpoint, live: Mapping[str, Any], percent: int) -> Patch:  # noqa: ARG001
    """Return the patch that sets the candidate's weight."""
    shares = {endpoint.name: 100 - percent, endpoint.candidate_name: percent}
    return set_each(live["spec"].get("candidates", []), "/spec/candidates", "weight", shares)
