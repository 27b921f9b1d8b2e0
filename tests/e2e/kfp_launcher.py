"""A small interpreter of Kubeflow Pipelines: it does with a rendered pipeline what KFP's driver and launcher do.

In: a pipeline as a file of two documents, the cluster's objects, and a node to run containers on. Out: how each task
ended and what it left. It knows what our pipelines use and breaks on everything else. Never a cluster, never a cache,
never a wait.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from e2e.pods import Broken, Ended, Files, Node, Pod, copied

Object = dict[str, Any]
BUCKET = "/minio"
"""Where the launcher keeps its copies of what is in the bucket."""
OUTPUTS = "/tmp/kfp/outputs"
_PLACEHOLDER = re.compile(r"\{\{\$\.(inputs|outputs)\.(artifacts|parameters)\['([^']+)'\](\.path|\.output_file)?\}\}")


@dataclass
class Task:
    """How a task ended, and what it left."""

    status: str = "PENDING"
    parameters: dict[str, str] = field(default_factory=dict)
    artifacts: dict[str, Path] = field(default_factory=dict)
    attempts: list[Ended] = field(default_factory=list)


@dataclass
class Run:
    """One run of a pipeline."""

    name: str
    tasks: dict[str, Task] = field(default_factory=dict)

    @property
    def status(self) -> str:
        """How the run ended."""
        return "SUCCEEDED" if all(task.status == "SUCCEEDED" for task in self.tasks.values()) else "FAILED"


class Launcher:
    """Runs a pipeline's tasks in the order of its graph."""

    def __init__(self, ir: Object, platform: Object, objects: Iterable[Object], node: Node) -> None:
        self._root, self._components = ir["root"], ir["components"]
        self._executors = ir["deploymentSpec"]["executors"]
        self._platform = platform["platforms"]["kubernetes"]["deploymentSpec"]["executors"]
        self._maps = {obj["metadata"]["name"]: obj["data"] for obj in objects if obj["kind"] == "ConfigMap"}
        self._node = node

    def run(self, name: str, parameters: Mapping[str, str] | None = None) -> Run:
        """Run every task that can be run; what waits for one that failed is skipped."""
        known = self._parameters(parameters or {})
        run = Run(name)
        waiting = dict(self._root["dag"]["tasks"])
        while waiting:
            ready = [name for name, task in waiting.items() if not _needs(task) & waiting.keys()]
            if not ready:
                raise Broken(f"these wait for each other: {', '.join(waiting)}")
            for task_name in ready:
                task = waiting.pop(task_name)
                held_up = any(run.tasks[need].status != "SUCCEEDED" for need in _needs(task))
                run.tasks[task_name] = Task("SKIPPED") if held_up else self._task(run, task_name, task, known)
        return run

    def _parameters(self, given: Mapping[str, str]) -> dict[str, str]:
        parameters = self._root.get("inputDefinitions", {}).get("parameters", {})
        if strange := given.keys() - parameters.keys():
            raise Broken(f"the pipeline has no parameter {sorted(strange)[0]}")
        return {name: given.get(name, parameter.get("defaultValue")) for name, parameter in parameters.items()}

    def _task(self, run: Run, name: str, task: Object, known: Mapping[str, str]) -> Task:
        """Run a task's container until it succeeds, or as often as it may be tried."""
        component = self._components[task["componentRef"]["name"]]
        inputs = task.get("inputs", {})
        values = {key: _value(source, run, known) for key, source in inputs.get("parameters", {}).items()}
        files = {key: _file(source, run) for key, source in inputs.get("artifacts", {}).items()}
        _complete(name, component.get("inputDefinitions", {}), values, files)
        ended = Task()
        for attempt in range(task.get("retryPolicy", {}).get("maxRetryCount", 0) + 1):
            if self._attempt(run, f"{name}({attempt})", component, values, files, ended):
                ended.status = "SUCCEEDED"
                break
            ended.status = "FAILED"
        return ended

    def _attempt(
        self,
        run: Run,
        name: str,
        component: Object,
        values: Mapping[str, str],
        files: Mapping[str, Path],
        task: Task,
    ) -> bool:
        pod = Pod(self._node, f"{run.name}/pods/{name}", self._mounts(component["executorLabel"]))
        for key, file in files.items():
            pod.put(_local(run, "in", key), file)
        definitions = component.get("outputDefinitions", {})
        paths = {key: _local(run, name, key) for key in definitions.get("artifacts", {})}
        places = {
            **{("inputs", "artifacts", key, ".path"): _local(run, "in", key) for key in files},
            **{("inputs", "parameters", key, ""): value for key, value in values.items()},
            **{("outputs", "artifacts", key, ".path"): path for key, path in paths.items()},
            **{
                ("outputs", "parameters", key, ".output_file"): f"{OUTPUTS}/{key}"
                for key in definitions.get("parameters", {})
            },
        }
        for (side, _, _, _), path in places.items():
            if side == "outputs":
                pod.inside(path).parent.mkdir(parents=True, exist_ok=True)
        ended = self._container(pod, component["executorLabel"], places)
        task.attempts.append(ended)
        return ended.code == 0 and self._collected(run, pod, name, paths, definitions, task)

    def _container(self, pod: Pod, executor: str, places: Mapping[tuple[str, str, str, str], str]) -> Ended:
        """Run a container with its placeholders replaced and its secrets as variables."""
        container = self._executors[executor]["container"]
        words = [_filled(word, places) for word in (*container["command"], *container["args"])]
        environment = dict(self._node.variable(variable) for variable in container["env"])
        for secret in self._platform[executor].get("secretAsEnv", ()):
            for pair in secret["keyToEnv"]:
                environment[pair["envVar"]] = self._node.secret(secret["secretName"], pair["secretKey"])
        return pod.run(words, environment)

    def _collected(
        self, run: Run, pod: Pod, name: str, paths: Mapping[str, str], definitions: Object, task: Task
    ) -> bool:
        """Take what a container left; there are no defaults."""
        for key, path in paths.items():
            origin, target = pod.inside(path), self._node.folder / run.name / "bucket" / name / key
            if not origin.exists():
                return False
            target.parent.mkdir(parents=True, exist_ok=True)
            copied(origin, target)
            task.artifacts[key] = target
        for key in definitions.get("parameters", {}):
            file = pod.inside(f"{OUTPUTS}/{key}")
            if not file.is_file():
                return False
            task.parameters[key] = file.read_text(encoding="utf-8")
        return True

    def _mounts(self, executor: str) -> dict[str, Files | None]:
        platform = self._platform[executor]
        mounts: dict[str, Files | None] = {BUCKET: None}
        for config_map in platform["configMapAsVolume"]:
            if config_map["configMapName"] not in self._maps:
                raise Broken(f"there is no ConfigMap {config_map['configMapName']}")
            mounts[config_map["mountPath"]] = self._maps[config_map["configMapName"]]
        return {**mounts, **{empty_dir_mount["mountPath"]: None for empty_dir_mount in platform["emptyDirMounts"]}}


def _needs(task: Object) -> set[str]:
    return set(task.get("dependentTasks", ()))


def _local(run: Run, task: str, key: str) -> str:
    return f"{BUCKET}/mlpipeline/v2/artifacts/{run.name}/{task}/{key}"


def _value(source: Object, run: Run, known: Mapping[str, str]) -> str:
    """Return a parameter: the pipeline's own, or what a task before left."""
    if "componentInputParameter" in source:
        return known[source["componentInputParameter"]]
    origin = source["taskOutputParameter"]
    return run.tasks[origin["producerTask"]].parameters[origin["outputParameterKey"]]


def _file(source: Object, run: Run) -> Path:
    origin = source["taskOutputArtifact"]
    return run.tasks[origin["producerTask"]].artifacts[origin["outputArtifactKey"]]


def _complete(name: str, definitions: Object, values: Mapping[str, str], files: Mapping[str, Path]) -> None:
    for kind, given in (("parameters", values), ("artifacts", files)):
        if definitions.get(kind, {}).keys() != given.keys():
            raise Broken(f"{name} takes other {kind} than it is given")


def _filled(word: str, places: Mapping[tuple[str, str, str, str], str]) -> str:
    """Put paths and values in place of placeholders."""

    def place(match: re.Match[str]) -> str:
        key = (match[1], match[2], match[3], match[4] or "")
        if key not in places:
            raise Broken(f"nothing is known of {match[0]}")
        return places[key]

    return _PLACEHOLDER.sub(place, word)
