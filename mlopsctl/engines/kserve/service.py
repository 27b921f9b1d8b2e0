"""The InferenceService of an endpoint."""

from __future__ import annotations

from typing import Any

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.serving import Endpoint
from mlopsctl.engines.kserve import conventions
from mlopsctl.engines.kserve.canary import canary
from mlopsctl.engines.kserve.facts import KINDS
from mlopsctl.engines.kserve.predictor import mode, predictor
from mlopsctl.engines.shared import kubernetes, serving


def inference_service(blueprint: Blueprint, endpoint: Endpoint) -> dict[str, Any]:
    """Return the endpoint's InferenceService."""
    chosen = mode(blueprint)
    meta = kubernetes.metadata(
        blueprint,
        endpoint.name,
        serving.COMPONENT,
        wave=KINDS[conventions.GROUP, conventions.KIND].wave,
        annotations=conventions.ANNOTATIONS[chosen],
    )
    spec = _knative(blueprint, endpoint) if chosen == conventions.KNATIVE else _standard(blueprint, endpoint)
    return kubernetes.manifest(conventions.API_VERSION, conventions.KIND, meta, spec=spec)


def _standard(blueprint: Blueprint, endpoint: Endpoint) -> dict[str, Any]:
    stable = {"predictor": predictor(blueprint, endpoint, endpoint.stable)}
    if endpoint.candidate is None:
        return stable
    return {**stable, "canary": [canary(blueprint, endpoint, endpoint.candidate)]}


def _knative(blueprint: Blueprint, endpoint: Endpoint) -> dict[str, Any]:
    """Return the newest version, and its share: Knative keeps the revision before it, which gets the rest."""
    if endpoint.candidate is None:
        return {"predictor": predictor(blueprint, endpoint, endpoint.stable)}
    newest = predictor(blueprint, endpoint, endpoint.candidate)
    return {"predictor": {"canaryTrafficPercent": endpoint.rollout.weight, **newest}}
