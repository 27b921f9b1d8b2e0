"""Common parts of serving engines: the server of a model, its environment, and checks of scaling targets."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.serving import Endpoint
from mlopsctl.catalogue.flavors import Served
from mlopsctl.diagnostics.codes import engines as codes
from mlopsctl.diagnostics.model import Diagnostic
from mlopsctl.engines.model_servers import feature_server, served_by
from mlopsctl.engines.shared import kubernetes, pods

COMPONENT: Final = "serving"
VERSION: Final = "app.kubernetes.io/version"
_RECOMMENDED: Final = "app.kubernetes.io/"
FEATURE_SERVER: Final = "MLOPSCTL_FEATURE_SERVER"
"""The variable with the feature server's address in a served package (`runtime.scoring`)."""
_PERCENT: Final = frozenset({"cpu", "memory"})
_QUICK: Final = frozenset({"sklearn", "xgboost", "lightgbm"})
_MOST: Final = 2**31 - 1


def served(blueprint: Blueprint, endpoint: Endpoint) -> Served:
    """Return the server of the endpoint's model; KeyError for a flavor that `flavors` reports."""
    engine = blueprint.engines.serving
    image = served_by(endpoint.flavor, engine.name, engine.version, looks_up=endpoint.features is not None)
    if image is None:
        raise KeyError(endpoint.flavor)
    return image


def pod_labels(blueprint: Blueprint) -> dict[str, str]:
    """Return the labels of pods that an operator creates, without the recommended ones, which it sets itself."""
    return {name: value for name, value in blueprint.labels.items() if not name.startswith(_RECOMMENDED)}


def container_security() -> dict[str, Any]:
    """Return the security context of a server whose image an operator chooses: restricted, with a writable root."""
    return {name: value for name, value in kubernetes.container_security().items() if name != "readOnlyRootFilesystem"}


def environment(blueprint: Blueprint, endpoint: Endpoint) -> dict[str, Any]:
    """Return the server's variables: the environment's feature server, and one OpenMP thread for fast models.

    A package contains the address of the environment that trained it; a promoted version must use this one.
    By default OpenMP starts as many threads as the node has cores, regardless of the pod's limits.
    A variable of the spec takes precedence.
    """
    variables = {
        **({"OMP_NUM_THREADS": "1"} if endpoint.flavor in _QUICK else {}),
        **({FEATURE_SERVER: feature_server(blueprint)} if endpoint.features else {}),
    }
    own = {variable["name"]: variable for variable in pods.variables(endpoint.pod)}
    env = [{"name": name, "value": value} for name, value in variables.items() if name not in own]
    return {"env": [*env, *own.values()]} if env or own else {}


def path(endpoint: Endpoint, *rest: str) -> str:
    """Return the spec path of an endpoint's field."""
    return ".".join(("spec.serving.endpoints", endpoint.spec_name, *rest))


def flavors(blueprint: Blueprint) -> Iterator[Diagnostic]:
    """Report endpoints whose flavor has no server on the engine."""
    engine = blueprint.engines.serving
    for endpoint in blueprint.endpoints:
        if served_by(endpoint.flavor, engine.name, engine.version) is None:
            message = f"{engine.name} {engine.version} has no server for a model of flavor `{endpoint.flavor}`"
            yield codes.SERVING_FLAVOR.at(None, message, path="spec.model.flavor")


def scaling_targets(blueprint: Blueprint, whole_metrics: frozenset[str], percent: int = _MOST) -> Iterator[Diagnostic]:
    """Report targets that are not above zero, above `percent`, or not whole for a metric of `whole_metrics`."""
    engine = blueprint.engines.serving
    for endpoint in blueprint.endpoints:
        scale = endpoint.autoscale
        if scale and (why := _target_rule(scale.metric, scale.target, whole_metrics, percent)):
            message = (
                f"{engine.name} {engine.version} cannot scale on {scale.metric} at {scale.target}: it must be {why}"
            )
            yield codes.SERVING_TARGET.at(None, message, path=path(endpoint, "autoscale", "target"))


def _target_rule(metric: str, target: Decimal, whole_metrics: frozenset[str], percent: int) -> str:
    """Return the rule that a target breaks; empty if it breaks none."""
    if metric in _PERCENT and not (1 <= target <= percent and _is_whole(target)):
        return f"a whole percentage from 1 to {percent}" if percent < _MOST else "a whole percentage above zero"
    if metric in whole_metrics and not (1 <= target <= _MOST and _is_whole(target)):
        return "a whole number above zero"
    return "" if target > 0 else "above zero"


def _is_whole(value: Decimal) -> bool:
    return value == value.to_integral_value()
