"""Blueprints where KFP runs the pipelines, and a check of the graph that no tool of KFP makes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from blueprints import blueprints
from msgspec.structs import replace

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.platform import Engine

ENDPOINT = "http://ml-pipeline.kubeflow:8888"
EXAMPLES = [
    ("payments", "dev", "card-fraud"),
    ("payments", "dev", "merchants"),
    ("payments", "prod", "card-fraud"),
    ("quickstart", "local", "quickstart"),
    ("demand-forecast", "prod", "demand-forecast"),
]
_QUANTITY = re.compile(r"[0-9]+(\.[0-9]+)?(m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?")
_PLACEHOLDER = re.compile(r"\{\{\$\.(inputs|outputs)\.(artifacts|parameters)\['([^']+)'\](\.path|\.output_file)?\}\}")


def on_kfp(blueprint: Blueprint, version: str = "2.17", **settings: Any) -> Blueprint:
    """Return the Blueprint as it is where KFP runs the pipelines."""
    engine = Engine("kfp", version, {"endpoint": ENDPOINT, "serviceAccount": None, **settings})
    return replace(blueprint, engines=replace(blueprint.engines, pipelines=engine))


def example(name: str, environment: str, system: str) -> Blueprint:
    """Return an example's Blueprint, on KFP whatever its workspace says."""
    return on_kfp(blueprints(name, environment)[system])


def broken(ir: dict[str, Any], platform: dict[str, Any]) -> list[str]:
    """List what does not fit together in a pipeline: names that lead nowhere, types that differ, bad quantities."""
    return [*_tasks(ir), *_components(ir), *_executors(ir, platform)]


def _tasks(ir: dict[str, Any]) -> Iterator[str]:
    tasks, components = ir["root"]["dag"]["tasks"], ir["components"]
    parameters = ir["root"].get("inputDefinitions", {}).get("parameters", {})
    component_specs = {name: components.get(task["componentRef"]["name"], {}) for name, task in tasks.items()}
    before: set[str] = set()
    for name, task in tasks.items():
        if task["componentRef"]["name"] not in components:
            yield f"{name}: no component"
            continue
        needs = set(task.get("dependentTasks", ()))
        if not needs <= before:
            yield f"{name}: waits for {sorted(needs - before)}, which stand not before it"
        inputs = component_specs[name].get("inputDefinitions", {})
        given = task.get("inputs", {})
        for kind in ("artifacts", "parameters"):
            if inputs.get(kind, {}).keys() != given.get(kind, {}).keys():
                yield f"{name}: takes other {kind} than it is given"
            for key, source in given.get(kind, {}).items():
                yield from _source(f"{name}.{key}", kind, source, inputs[kind][key], needs, component_specs, parameters)
        before.add(name)


def _source(
    where: str,
    kind: str,
    source: dict[str, Any],
    declared: dict[str, Any],
    needs: set[str],
    component_specs: dict[str, Any],
    parameters: dict[str, Any],
) -> Iterator[str]:
    if "componentInputParameter" in source:
        parameter = parameters.get(source["componentInputParameter"], {})
        if parameter.get("parameterType") != declared["parameterType"]:
            yield f"{where}: the pipeline has no such parameter"
        return
    ((_, origin),) = source.items()
    key = origin.get("outputArtifactKey") or origin["outputParameterKey"]
    if origin["producerTask"] not in needs:
        yield f"{where}: does not wait for {origin['producerTask']}"
    if component_specs.get(origin["producerTask"], {}).get("outputDefinitions", {}).get(kind, {}).get(key) != declared:
        yield f"{where}: {origin['producerTask']} makes no such thing"


def _components(ir: dict[str, Any]) -> Iterator[str]:
    executors = ir["deploymentSpec"]["executors"]
    for name, component in ir["components"].items():
        executor = executors.get(component["executorLabel"])
        if executor is None:
            yield f"{name}: no executor"
            continue
        words = [word for word in executor["container"]["args"] if "{{" in word]
        used = {match.groups()[:3] for word in words for match in _PLACEHOLDER.finditer(word)}
        declared = {
            (side, kind, key)
            for side, section in (("inputs", "inputDefinitions"), ("outputs", "outputDefinitions"))
            for kind in ("artifacts", "parameters")
            for key in component.get(section, {}).get(kind, {})
        }
        if used != declared:
            yield f"{name}: its command line names {sorted(used ^ declared)}"
        if any(_PLACEHOLDER.sub("", word).count("{{") for word in words):
            yield f"{name}: a placeholder that KFP does not know"


def _executors(ir: dict[str, Any], platform: dict[str, Any]) -> Iterator[str]:
    executors = ir["deploymentSpec"]["executors"]
    if executors.keys() != platform["platforms"]["kubernetes"]["deploymentSpec"]["executors"].keys():
        yield "the platform's executors are not the pipeline's"
    if executors.keys() != {component["executorLabel"] for component in ir["components"].values()}:
        yield "an executor that no component uses"
    for name, executor in executors.items():
        resources = executor["container"]["resources"]
        for key, value in resources.items():
            if key != "accelerator" and not _QUANTITY.fullmatch(value):
                yield f"{name}: {key} is {value}"
        if not resources.get("accelerator", {"resourceCount": "1"})["resourceCount"].isdigit():
            yield f"{name}: an accelerator's count"
