"""The InferenceService of an endpoint.

In: a blueprint and an endpoint. Out: one object. Never a share that the Blueprint does not say.
"""

from __future__ import annotations

from typing import Any

from mlopsctl.blueprint.model import Blueprint, Endpoint
from mlopsctl.catalogue.infrastructure import sync_wave
from mlopsctl.targets import kubernetes, serving
from mlopsctl.targets.kserve import conventions
from mlopsctl.targets.kserve.canary import canary
from mlopsctl.targets.kserve.predictor import mode, predictor


def inference_service(blueprint: Blueprint, endpoint: Endpoint) -> dict[str, Any]:
    """Return the endpoint's InferenceService."""
    chosen = mode(blueprint)
    meta = kubernetes.metadata(
        blueprint,
        endpoint.name,
        serving.COMPONENT,
        wave=sync_wave(conventions.GROUP, conventions.KIND),
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
