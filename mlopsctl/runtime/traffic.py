"""The shares of traffic of an endpoint's two versions, in the words of each serving engine.

In: an endpoint and a share for the candidate. Out: patch operations on the object that holds the shares. Never touches
anything else of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from mlopsctl.blueprint.model import CANDIDATE, STABLE, Blueprint, Endpoint
from mlopsctl.runtime import cluster_api
from mlopsctl.runtime.call import Broken, Call
from mlopsctl.runtime.cluster_api import Kind

Edit = Callable[[Mapping[str, Any]], list[dict[str, Any]]]
SELDON2 = Kind("mlops.seldon.io", "v1alpha1", "experiments")
SELDON1 = Kind("machinelearning.seldon.io", "v1", "seldondeployments")
KSERVE = Kind("serving.kserve.io", "v1beta1", "inferenceservices")


def shift(call: Call, endpoint: Endpoint, weight: int) -> bool:
    """Give the candidate a share of the traffic, in percent; False where it has it already."""
    kind, edit = _how(call.blueprint, endpoint, weight)
    return cluster_api.change(call, cluster_api.objects(call), kind, endpoint.name, edit)


def endpoint_named(call: Call, name: str) -> Endpoint:
    """Find an endpoint by its object's name."""
    found = next((one for one in call.blueprint.endpoints if one.name == name), None)
    if found is None:
        raise Broken(f"this system has no endpoint `{name}`", "spec.serving.endpoints")
    return found


def _how(blueprint: Blueprint, endpoint: Endpoint, weight: int) -> tuple[Kind, Edit]:
    engine = blueprint.engines.serving
    if engine.name == "seldon":
        major = engine.version.partition(".")[0]
        return (SELDON1, _seldon1(weight)) if major == "1" else (SELDON2, _seldon2(endpoint, weight))
    if engine.name == "kserve":
        return KSERVE, _knative(weight) if engine.settings.get("mode") == "Knative" else _standard(weight)
    raise Broken(f"{engine.name} cannot divide traffic", f"spec.serving.endpoints.{endpoint.spec_name}.rollout")


def _seldon2(endpoint: Endpoint, weight: int) -> Edit:
    wanted = {endpoint.name: 100 - weight, endpoint.candidate_name: weight}

    def edit(now: Mapping[str, Any]) -> list[dict[str, Any]]:
        return _each(now["spec"].get("candidates", []), "/spec/candidates", "weight", wanted)

    return edit


def _seldon1(weight: int) -> Edit:
    wanted = {STABLE: 100 - weight, CANDIDATE: weight}

    def edit(now: Mapping[str, Any]) -> list[dict[str, Any]]:
        return _each(now["spec"].get("predictors", []), "/spec/predictors", "traffic", wanted)

    return edit


def _each(listed: list[Any], path: str, field: str, wanted: Mapping[str, int]) -> list[dict[str, Any]]:
    """Set a field of the entries by name, all in one patch, so that the shares are 100 at every moment."""
    places = {one["name"]: i for i, one in enumerate(listed)}
    if not set(wanted) <= set(places):
        raise Broken("the object in the cluster has no candidate: it was promoted or taken back meanwhile")
    return [
        {"op": "add", "path": f"{path}/{places[name]}/{field}", "value": share}
        for name, share in wanted.items()
        if listed[places[name]].get(field) != share
    ]


def _standard(weight: int) -> Edit:
    def edit(now: Mapping[str, Any]) -> list[dict[str, Any]]:
        canaries = now["spec"].get("canary", [])
        if not canaries:
            raise Broken("the object in the cluster has no candidate: it was promoted or taken back meanwhile")
        if canaries[0].get("trafficPercent") == weight:
            return []
        return [{"op": "add", "path": "/spec/canary/0/trafficPercent", "value": weight}]

    return edit


def _knative(weight: int) -> Edit:
    def edit(now: Mapping[str, Any]) -> list[dict[str, Any]]:
        if now["spec"]["predictor"].get("canaryTrafficPercent") == weight:
            return []
        return [{"op": "add", "path": "/spec/predictor/canaryTrafficPercent", "value": weight}]

    return edit
