"""What Seldon 2's scheduler and operator refuse, beyond the schemas of its kinds.

In: the objects of one system, as plain dictionaries. Out: one sentence a refusal.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

NAME = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?").fullmatch
SERVERS = {
    "mlserver": "mlserver alibi-detect alibi-explain huggingface lightgbm mlflow python sklearn spark-mlib xgboost",
    "triton": "triton dali fil onnx openvino python pytorch tensorflow tensorrt",
}
Object = Mapping[str, Any]


def refusals(objects: list[dict[str, Any]]) -> list[str]:
    """List what would be refused, in the order of the objects."""
    by_kind: dict[str, dict[str, Object]] = {}
    for obj in objects:
        by_kind.setdefault(obj["kind"], {})[obj["metadata"]["name"]] = obj["spec"]
    return list(_all(by_kind))


def _all(objects: Mapping[str, Mapping[str, Object]]) -> Iterator[str]:
    models = objects.get("Model", {})
    for kind in ("Model", "Pipeline", "Experiment"):
        yield from (f"{kind} {name}: bad name" for name in objects.get(kind, {}) if not NAME(name))
    for name, spec in models.items():
        yield from (f"Model {name}: {why}" for why in _model(spec))
    for name, spec in objects.get("Pipeline", {}).items():
        yield from (f"Pipeline {name}: {why}" for why in _pipeline(name, spec, models))
    taken: set[tuple[str, str]] = set()
    for name, spec in objects.get("Experiment", {}).items():
        yield from (f"Experiment {name}: {why}" for why in _experiment(spec, objects, taken))
    for name, spec in objects.get("HorizontalPodAutoscaler", {}).items():
        yield from (f"HorizontalPodAutoscaler {name}: {why}" for why in _autoscaler(spec, models))


def _model(spec: Object) -> Iterator[str]:
    if not spec.get("storageUri"):
        yield "no artifact"
    if "explainer" in spec and "llm" in spec:
        yield "explainer and llm"
    if not any(set(spec["requirements"]) <= set(able.split()) for able in SERVERS.values()):
        yield "no server meets the requirements"
    if not re.fullmatch(r"\d+([KMGTPE]i?|k)?", spec["memory"]):
        yield "memory is no whole number of bytes"
    low, high, now = spec.get("minReplicas", 0), spec.get("maxReplicas", 10**9), spec.get("replicas")
    if not low <= (now if now is not None else max(low, 1)) <= high:
        yield "replicas outside their bounds"


def _pipeline(name: str, spec: Object, models: Mapping[str, Object]) -> Iterator[str]:
    steps = [step["name"] for step in spec["steps"]]
    if not steps:
        yield "no step"
    if name in steps:
        yield "a step has the pipeline's name"
    if len(set(steps)) < len(steps):
        yield "a step is repeated"
    yield from (f"step {step} is no Model" for step in steps if step not in models)
    yield from (f"output {step} is no step" for step in spec.get("output", {}).get("steps", ()) if step not in steps)
    if "input" in spec and not spec["input"].get("externalInputs"):
        yield "input without external inputs"
    for step in spec["steps"]:
        inputs, triggers = ({_origin(ref) for ref in step.get(word, ())} for word in ("inputs", "triggers"))
        yield from (
            f"{ref} is neither a step nor the pipeline" for ref in inputs | triggers if ref not in {*steps, name}
        )
        if inputs & triggers:
            yield "a step is input and trigger"
    if not spec.get("allowCycles") and _cyclic({step["name"]: step for step in spec["steps"]}):
        yield "the steps go round in a circle"


def _origin(reference: str) -> str:
    return reference.partition(".")[0]


def _cyclic(steps: Mapping[str, Object]) -> bool:
    """Remove steps whose inputs are all removed, until none is left or none can be."""
    waiting = {name: {_origin(ref) for ref in step.get("inputs", ())} & set(steps) for name, step in steps.items()}
    while ready := [name for name, needs in waiting.items() if not needs & set(waiting)]:
        for name in ready:
            del waiting[name]
    return bool(waiting)


def _experiment(
    spec: Object, objects: Mapping[str, Mapping[str, Object]], taken: set[tuple[str, str]]
) -> Iterator[str]:
    kind = {"model": "Model", "pipeline": "Pipeline"}[spec.get("resourceType", "model")]
    names = [candidate["name"] for candidate in spec["candidates"]]
    everyone = [*names, *([spec["mirror"]["name"]] if "mirror" in spec else [])]
    if spec.get("default") not in {None, *names}:
        yield "the default is no candidate"
    if len(set(everyone)) < len(everyone):
        yield "a candidate is repeated"
    yield from (f"{name} is no {kind}" for name in everyone if name not in objects.get(kind, {}))
    weights = [candidate["weight"] for candidate in spec["candidates"]]
    if min(weights, default=-1) < 0 or sum(weights) == 0:
        yield "weights that share nothing out"
    if (kind, spec.get("default", "")) in taken:
        yield "another experiment has the default"
    taken.add((kind, spec.get("default", "")))


def _autoscaler(spec: Object, models: Mapping[str, Object]) -> Iterator[str]:
    target = spec["scaleTargetRef"]
    if (target["apiVersion"], target["kind"]) != ("mlops.seldon.io/v1alpha1", "Model") or target["name"] not in models:
        yield "scales no Model"
        return
    model = models[target["name"]]
    if "replicas" not in model:
        yield "the Model has no replicas to write to"
    if "minReplicas" in model or "maxReplicas" in model:
        yield "two scalers on one Model"
    if not spec["minReplicas"] <= spec["maxReplicas"]:
        yield "bounds that cross"
    for metric in spec["metrics"]:
        if metric["type"] != "Object" or metric["object"]["target"]["type"] != "AverageValue":
            yield "not an average of an object's metric"
        elif metric["object"]["describedObject"] != target:
            yield "reads another object's metric"
