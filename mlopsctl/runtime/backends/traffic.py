"""Change the traffic weights of an endpoint's two versions, in the serving engine's object.

Only the fields with the weights are patched.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mlopsctl.blueprint.model.serving import Endpoint
from mlopsctl.engines.base import NoCandidateError, function
from mlopsctl.engines.model_servers import serving
from mlopsctl.runtime.backends import cluster_api
from mlopsctl.runtime.backends.cluster_api import Kind
from mlopsctl.runtime.step_context import StepContext, StepFailed


def shift(step_context: StepContext, endpoint: Endpoint, weight: int) -> bool:
    """Set the candidate's share of traffic, in percent; False if it is set already."""
    engine = step_context.blueprint.engines.serving
    servers = serving(engine.name, engine.version)
    traffic = servers.traffic if servers else None
    if traffic is None:
        raise StepFailed(f"{engine.name} cannot split traffic", f"spec.serving.endpoints.{endpoint.spec_name}.rollout")
    edit = function(traffic.edit)

    def patch(live: Mapping[str, Any]) -> list[dict[str, Any]]:
        try:
            return edit(step_context.blueprint, endpoint, live, weight)
        except NoCandidateError as error:
            message = "the object in the cluster has no candidate: it was promoted or removed in the meantime"
            raise StepFailed(message) from error

    kind = Kind(traffic.group, traffic.version, traffic.resource)
    return cluster_api.change(step_context, cluster_api.objects(step_context), kind, endpoint.name, patch)


def endpoint_named(step_context: StepContext, name: str) -> Endpoint:
    """Find an endpoint by its object's name."""
    matching = next((endpoint for endpoint in step_context.blueprint.endpoints if endpoint.name == name), None)
    if matching is None:
        raise StepFailed(f"this system has no endpoint `{name}`", "spec.serving.endpoints")
    return matching
