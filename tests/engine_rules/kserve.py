"""What KServe's webhook refuses of an InferenceService, beyond the schema of the kind.

In: the object as a plain dictionary, and the version. Out: one sentence a refusal.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

NAME = re.compile(r"[a-z]([-a-z0-9]*[a-z0-9])?").fullmatch
FRAMEWORKS = {
    *("model", "sklearn", "xgboost", "tensorflow", "pytorch", "triton", "onnx", "huggingface", "pmml", "lightgbm"),
    "paddle",
}
NOT_ON_A_CANARY = ("maxReplicas", "scaleTarget", "scaleMetric", "autoScaling", "workerSpec")
Object = Mapping[str, Any]


def refusals(service: Object, version: tuple[int, int] = (0, 20)) -> list[str]:
    """List what would be refused."""
    notes = service["metadata"].get("annotations", {})
    mode = notes.get("serving.kserve.io/deploymentMode", "Knative")
    errors = [] if NAME(service["metadata"]["name"]) else ["bad name"]
    scaler = notes.get("serving.kserve.io/autoscalerClass", "hpa")
    if scaler not in {"hpa", "external", "keda", "none"}:
        errors.append("unknown scaler")
    spec = service["spec"]
    errors += _predictor(spec["predictor"])
    errors += _standard(spec["predictor"]) if mode == "Standard" and scaler == "hpa" else ()
    errors += _knative(spec["predictor"]) if mode != "Standard" else ()
    errors += _canaries(spec, mode, version) if "canary" in spec else ()
    return errors


def _predictor(predictor: Object) -> Iterator[str]:
    if len(FRAMEWORKS & set(predictor)) != 1:
        yield "not exactly one implementation"
    if predictor.get("model", {}).get("name"):
        yield "a name of the model"
    if "storageUri" in predictor.get("model", {}) and "storageUris" in predictor:
        yield "two addresses of the model"
    low, high = predictor.get("minReplicas", 1), predictor.get("maxReplicas", 0)
    if low < 0 or high < 0 or (high and low > high):
        yield "replicas outside their bounds"


def _standard(predictor: Object) -> Iterator[str]:
    if predictor.get("scaleMetric", "cpu") not in {"cpu", "memory"}:
        yield "a metric that is not of Standard mode"
    if not 1 <= predictor.get("scaleTarget", 80) <= 100:
        yield "a target that is no percentage"
    if "canaryTrafficPercent" in predictor:
        yield "a share of Knative's in Standard mode"


def _knative(predictor: Object) -> Iterator[str]:
    if predictor.get("scaleMetric", "concurrency") not in {"concurrency", "rps"}:
        yield "a metric that is not of Knative mode"
    if predictor.get("scaleTarget", 1) < 1:
        yield "a target below one"
    if "deploymentStrategy" in predictor:
        yield "a strategy of Deployments"


def _canaries(spec: Object, mode: str, version: tuple[int, int]) -> Iterator[str]:
    if mode != "Standard" or version < (0, 20):
        yield "a canary where there is none"
    predictors = [canary["predictor"] for canary in spec["canary"]]
    names = [predictor.get("name") for predictor in predictors]
    if not all(names) or len(set(names)) < len(names):
        yield "canaries without names of their own"
    if sum(canary["trafficPercent"] for canary in spec["canary"]) > 100:
        yield "shares above 100"
    for predictor in predictors:
        yield from _predictor(predictor)
        yield from (f"a canary with {word}" for word in NOT_ON_A_CANARY if word in predictor)
        if predictor.get("minReplicas", 0) > spec["predictor"].get("minReplicas", 1):
            yield "more copies than the stable version"
