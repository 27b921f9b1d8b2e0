"""Every reference inside a rendered pipeline leads somewhere: the API server looks at none of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from mlopsctl.blueprint.model.blueprint import Blueprint

Objects = dict[tuple[str, str], dict[str, Any]]
TAG = re.compile(r"\{\{(.*?)\}\}")


def of_kind(objects: Objects, kind: str) -> list[dict[str, Any]]:
    return [document for (of, _), document in objects.items() if of == kind]


def names(holder: dict[str, Any], *path: str) -> set[str]:
    value: Any = holder
    for key in path:
        value = value.get(key, {})
    return {item["name"] for item in value}


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)


def tags(value: Any) -> set[str]:
    return {tag for text in strings(value) for tag in TAG.findall(text)}


def before(task: str, waits: dict[str, set[str]]) -> set[str]:
    tasks = set(waits[task])
    for other in waits[task]:
        tasks |= before(other, waits)
    return tasks


def graph(spec: dict[str, Any]) -> tuple[dict[str, dict[str, Any]], dict[str, dict[str, Any]]]:
    templates = {template["name"]: template for template in spec["templates"]}
    tasks = {task["name"]: task for task in templates[spec["entrypoint"]]["dag"]["tasks"]}
    return templates, tasks


def test_every_task_names_a_template_and_every_template_but_the_exit_is_a_task(
    example: Blueprint, objects: Callable[[Blueprint], Objects]
) -> None:
    for document in of_kind(objects(example), "WorkflowTemplate"):
        templates, tasks = graph(document["spec"])
        used = {task["template"] for task in tasks.values()}
        assert used | {"main", document["spec"]["onExit"]} == set(templates)
        assert len(templates) == len(document["spec"]["templates"]), "two templates of one name"


def test_what_a_task_is_handed_was_made_by_a_task_before_it(
    example: Blueprint, objects: Callable[[Blueprint], Objects]
) -> None:
    looked = 0
    for document in of_kind(objects(example), "WorkflowTemplate"):
        templates, tasks = graph(document["spec"])
        waits = {
            name: set(re.findall(r"([a-z0-9-]+)\.Succeeded", task.get("depends", ""))) for name, task in tasks.items()
        }
        assert all(wait <= set(tasks) for wait in waits.values())
        for name, task in tasks.items():
            for tag in tags(task):
                _, producer, _, kind, output = tag.split(".")
                assert producer in before(name, waits), (name, tag)
                assert output in names(templates[tasks[producer]["template"]], "outputs", kind), (name, tag)
                looked += 1
    assert looked > 5


def test_a_template_is_handed_exactly_what_it_takes(
    example: Blueprint, objects: Callable[[Blueprint], Objects]
) -> None:
    for document in of_kind(objects(example), "WorkflowTemplate"):
        templates, tasks = graph(document["spec"])
        for task in tasks.values():
            for kind in ("parameters", "artifacts"):
                given, taken = names(task, "arguments", kind), names(templates[task["template"]], "inputs", kind)
                assert given == taken, task["name"]


def test_every_variable_of_a_container_and_a_metric_is_known_there(
    example: Blueprint, objects: Callable[[Blueprint], Objects]
) -> None:
    for document in of_kind(objects(example), "WorkflowTemplate"):
        spec = document["spec"]
        of_run = {f"workflow.parameters.{name}" for name in names(spec, "arguments", "parameters")}
        for template in spec["templates"]:
            if template["name"] == "main":
                continue
            inputs = {f"inputs.parameters.{name}" for name in names(template, "inputs", "parameters")}
            at_end = {"workflow.name", "workflow.status"} if template["name"] == spec["onExit"] else set()
            assert tags(template["container"]) <= of_run | inputs | at_end
            outputs = {f"outputs.parameters.{name}" for name in names(template, "outputs", "parameters")}
            assert tags(template.get("metrics")) <= outputs | {"status"}


def test_every_file_a_step_is_told_of_lies_in_a_folder_it_may_write(
    example: Blueprint, objects: Callable[[Blueprint], Objects]
) -> None:
    for document in of_kind(objects(example), "WorkflowTemplate"):
        volumes = {volume["name"]: volume for volume in document["spec"]["volumes"]}
        for template in document["spec"]["templates"][1:]:
            mounts = template["container"]["volumeMounts"]
            assert {mount["name"] for mount in mounts} == set(volumes)
            writable = [mount["mountPath"] for mount in mounts if "emptyDir" in volumes[mount["name"]]]
            args = template["container"]["args"]
            paths = [args[at + 1].partition("=")[2] for at, word in enumerate(args) if word in ("--in", "--out")]
            declared = [
                declared_artifact["path"] for declared_artifact in template.get("inputs", {}).get("artifacts", [])
            ]
            for artifact in template.get("outputs", {}).get("artifacts", []):
                declared.append(artifact["path"])
            for parameter in template.get("outputs", {}).get("parameters", []):
                declared.append(parameter["valueFrom"]["path"])
            assert sorted(paths) == sorted(declared), template["name"]
            assert all(path.startswith(tuple(f"{folder}/" for folder in writable)) for path in paths)


def test_runs_and_schedules_name_a_template_and_parameters_that_it_has(
    example: Blueprint, objects: Callable[[Blueprint], Objects]
) -> None:
    manifests = objects(example)
    starts = [document["spec"]["workflowSpec"] for document in of_kind(manifests, "CronWorkflow")]
    starts += [document["spec"] for document in of_kind(manifests, "Workflow")]
    assert starts
    for spec in starts:
        template = manifests["WorkflowTemplate", spec["workflowTemplateRef"]["name"]]
        assert names(spec, "arguments", "parameters") <= names(template["spec"], "arguments", "parameters")


def test_every_account_and_config_map_that_is_named_is_rendered(
    example: Blueprint, objects: Callable[[Blueprint], Objects]
) -> None:
    manifests = objects(example)
    for document in of_kind(manifests, "WorkflowTemplate"):
        spec = document["spec"]
        accounts = {spec["serviceAccountName"], spec["executor"]["serviceAccountName"]}
        accounts |= {
            template["serviceAccountName"] for template in spec["templates"] if "serviceAccountName" in template
        }
        assert all(("ServiceAccount", account) in manifests for account in accounts)
        maps = {volume["configMap"]["name"] for volume in spec["volumes"] if "configMap" in volume}
        maps |= {spec["artifactRepositoryRef"]["configMap"]} if "artifactRepositoryRef" in spec else set()
        assert all(("ConfigMap", name) in manifests for name in maps - set(example.feature_maps))
