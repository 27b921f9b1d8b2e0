"""The Pipelines in front of Models, and the Experiment that splits requests between two versions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.serving import Endpoint
from mlopsctl.engines.seldon2 import conventions
from mlopsctl.engines.seldon2.facts import KINDS
from mlopsctl.engines.shared import kubernetes, serving


def pipelines(blueprint: Blueprint, endpoint: Endpoint) -> Iterator[dict[str, Any]]:
    """Yield the endpoint's Pipelines: one step, the model, which looks the features up itself."""
    if endpoint.kind == "pipeline":
        yield _pipeline(blueprint, endpoint.name, endpoint.stable.name)
        if endpoint.candidate:
            yield _pipeline(blueprint, endpoint.candidate_name, endpoint.candidate.name)


def experiment(blueprint: Blueprint, endpoint: Endpoint) -> dict[str, Any]:
    """Return the Experiment that splits the endpoint's requests during a rollout."""
    spec = {
        "default": endpoint.name,
        "resourceType": "pipeline" if endpoint.kind == "pipeline" else "model",
        **_shares(endpoint),
    }
    return kubernetes.manifest(
        conventions.API_VERSION, "Experiment", _meta(blueprint, endpoint.name, "Experiment"), spec=spec
    )


def _shares(endpoint: Endpoint) -> dict[str, Any]:
    weight = endpoint.rollout.weight
    if endpoint.rollout.strategy == "shadow":
        return {
            "candidates": [{"name": endpoint.name, "weight": 100}],
            "mirror": {"name": endpoint.candidate_name, "percent": weight},
        }
    return {
        "candidates": [
            {"name": endpoint.name, "weight": 100 - weight},
            {"name": endpoint.candidate_name, "weight": weight},
        ]
    }


def _pipeline(blueprint: Blueprint, name: str, model: str) -> dict[str, Any]:
    # The joins are the server's defaults: Argo CD compares a list whole with what the server keeps.
    step = {"name": model, "inputsJoinType": "inner"}
    spec = {"steps": [step], "output": {"steps": [model], "stepsJoin": "inner"}}
    return kubernetes.manifest(conventions.API_VERSION, "Pipeline", _meta(blueprint, name, "Pipeline"), spec=spec)


def _meta(blueprint: Blueprint, name: str, kind: str) -> dict[str, Any]:
    return kubernetes.metadata(blueprint, name, serving.COMPONENT, wave=KINDS[conventions.GROUP, kind].wave)
