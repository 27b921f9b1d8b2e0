"""What Seldon 1's webhook refuses of a SeldonDeployment, beyond the schema of the kind.

In: the object as a plain dictionary. Out: one sentence a refusal.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

PREPACKAGED = {
    *("SKLEARN_SERVER", "XGBOOST_SERVER", "TENSORFLOW_SERVER", "MLFLOW_SERVER", "HUGGINGFACE_SERVER"),
    *("TRITON_SERVER", "TEMPO_SERVER"),
}
NOT_TENSORFLOW = {"SKLEARN_SERVER", "XGBOOST_SERVER", "MLFLOW_SERVER", "HUGGINGFACE_SERVER"}
Object = Mapping[str, Any]


def refusals(deployment: Object) -> list[str]:
    """List what would be refused."""
    return [*_deployment(deployment["spec"]), *_traffic(deployment["spec"]["predictors"])]


def _deployment(spec: Object) -> Iterator[str]:
    predictors = spec["predictors"]
    if not predictors:
        yield "no predictor"
    if spec.get("protocol", "seldon") not in {"seldon", "tensorflow", "kfserving", "v2"}:
        yield "unknown protocol"
    if spec.get("transport", "rest") not in {"rest", "grpc"}:
        yield "unknown transport"
    if spec.get("serverType", "rpc") not in {"rpc", "kafka"}:
        yield "unknown server type"
    names = [predictor["name"] for predictor in predictors]
    if len(set(names)) < len(names):
        yield "a predictor is repeated"
    for predictor in predictors:
        yield from _graph(predictor["graph"], predictor, spec.get("protocol", "seldon"))
        yield from _scaler(predictor)


def _graph(node: Object, predictor: Object, protocol: str) -> Iterator[str]:
    kind = node.get("implementation", "UNKNOWN_IMPLEMENTATION")
    if kind in PREPACKAGED:
        if not node.get("modelUri") and kind != "HUGGINGFACE_SERVER":
            yield "a server without a model"
        if protocol == "tensorflow" and kind in NOT_TENSORFLOW:
            yield "a server that does not speak the protocol"
    elif node["name"] not in _containers(predictor):
        yield "a node without a container"
    if "logger" in node and not node["logger"].get("mode"):
        yield "a logger without a mode"
    for child in node.get("children", ()):
        yield from _graph(child, predictor, protocol)


def _scaler(predictor: Object) -> Iterator[str]:
    """A share of the processor needs a request; an autoscaler and KEDA on one Deployment fight."""
    for component in predictor.get("componentSpecs", ()):
        if "hpaSpec" in component and "kedaSpec" in component:
            yield "two scalers on one predictor"
        if "hpaSpec" in component or "kedaSpec" in component:
            if "replicas" in predictor or "replicas" in component:
                yield "a number of copies beside a scaler"
            if not all(container["resources"]["requests"].get("cpu") for container in component["spec"]["containers"]):
                yield "a scaler without a request"


def _containers(predictor: Object) -> set[str]:
    return {
        container["name"] for spec in predictor.get("componentSpecs", ()) for container in spec["spec"]["containers"]
    }


def _traffic(predictors: list[Object]) -> Iterator[str]:
    shadows = [predictor for predictor in predictors if predictor.get("shadow")]
    total = sum(predictor.get("traffic", 0) for predictor in predictors if not predictor.get("shadow"))
    if len(shadows) > 1:
        yield "two shadows"
    if any(not 0 <= shadow.get("traffic", 0) <= 100 for shadow in shadows):
        yield "a shadow's share outside 0 to 100"
    if shadows and len(predictors) == 1:
        yield "a shadow alone"
    if len(predictors) - len(shadows) > 1 and total != 100:
        yield "shares that do not make 100"
    if len(predictors) == 1 and 0 < total < 100:
        yield "one predictor with a share"
