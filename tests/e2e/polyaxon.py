"""A small interpreter of Polyaxon: it does with a rendered component what its compiler, agent and sidecar do.

In: a component as it is rendered, the cluster's objects, and a node to run containers on. Out: how each operation ended
and what it left in the artifacts store. It knows what our components use and breaks on everything else. Never a
cluster, never a cache, never a wait.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from e2e.pods import Broken, Ended, Files, Node, Pod, copied

Object = dict[str, Any]
CONTEXT = "/plx-context/artifacts"
_TEMPLATE = re.compile(r"\{\{ ?([a-z_.]+) ?\}\}")


@dataclass
class Operation:
    """How an operation ended; `outputs` is its folder in the store."""

    status: str = "created"
    outputs: Path = Path()
    attempts: list[Ended] = field(default_factory=list)


@dataclass
class Run:
    """One run of a component."""

    operations: dict[str, Operation] = field(default_factory=dict)

    @property
    def status(self) -> str:
        """How the run ended."""
        return (
            "succeeded" if all(operation.status == "succeeded" for operation in self.operations.values()) else "failed"
        )


class Agent:
    """Runs a component's operations in the order of its graph."""

    def __init__(self, component: Object, objects: Iterable[Object], node: Node, store: Path) -> None:
        self._component = component
        self._maps = {obj["metadata"]["name"]: obj["data"] for obj in objects if obj["kind"] == "ConfigMap"}
        self._node, self._store = node, store

    def run(self, name: str, params: Mapping[str, str] | None = None) -> Run:
        """Run every operation that can be run; what waits for one that failed is skipped."""
        inputs = {declared["name"]: declared["value"] for declared in self._component.get("inputs", ())}
        if unknown := set(params or {}) - set(inputs):
            raise Broken(f"the component has no input {sorted(unknown)}")
        inputs.update(params or {})
        run = Run()
        for operation in self._component["run"]["operations"]:
            needs = operation.get("dependencies", [])
            if all(run.operations[need].status == "succeeded" for need in needs):
                run.operations[operation["name"]] = self._operation(name, operation, inputs, run)
            else:
                run.operations[operation["name"]] = Operation("skipped")
        return run

    def _operation(self, run_name: str, operation: Object, inputs: Mapping[str, str], run: Run) -> Operation:
        uuid = f"{run_name}-{operation['name']}"
        known = {"globals.run_outputs_path": f"{CONTEXT}/{uuid}/outputs"}
        for name, param in operation.get("params", {}).items():
            kind, _, other = param["ref"].partition(".")
            if kind == "dag":
                known[name] = inputs[param["value"].removeprefix("inputs.")]
            elif other in operation["dependencies"] and param["value"] == "artifacts.outputs":
                known[name] = str(run.operations[other].outputs.relative_to(self._store))
            else:
                raise Broken(f"{operation['name']} takes {param} and does not wait for it")
        job = _filled(operation["component"]["run"], known)
        ended = Operation("failed", self._store / uuid / "outputs")
        termination = operation["termination"]
        never_again = [
            code
            for rule in termination.get("podFailurePolicy", {}).get("rules", ())
            for code in rule["onExitCodes"]["values"]
        ]
        for attempt in range(1 + termination.get("maxRetries", 0)):
            ended.attempts.append(self._pod(f"{uuid}-{attempt}", uuid, job, ended.outputs))
            if ended.attempts[-1].code == 0:
                ended.status = "succeeded"
                break
            if ended.attempts[-1].code in never_again:
                break
        return ended

    def _pod(self, name: str, uuid: str, job: Object, outputs: Path) -> Ended:
        """Run one pod: what is fetched before, the container, what the sidecar uploads when it has ended well."""
        container = job["container"]
        pod = Pod(self._node, name, dict(self._mounts(job)))
        pod.inside(f"{CONTEXT}/{uuid}/outputs").mkdir(parents=True)
        for init in job.get("init", ()):
            for origin, target in init["paths"]:
                if not (self._store / origin).exists():
                    raise Broken(f"there is no {origin} in the store")
                pod.put(f"{init['path']}/{target}", self._store / origin)
        environment = dict(map(self._node.variable, container["env"]))
        ended = pod.run([*container["command"], *container["args"]], environment)
        if ended.code == 0:
            outputs.parent.mkdir(parents=True)
            copied(pod.inside(f"{CONTEXT}/{uuid}/outputs"), outputs)
        return ended

    def _mounts(self, job: Object) -> Iterator[tuple[str, Files | None]]:
        volumes = {volume["name"]: volume for volume in job["volumes"]}
        for mount in job["container"]["volumeMounts"]:
            volume = volumes[mount["name"]]
            yield mount["mountPath"], self._maps[volume["configMap"]["name"]] if "configMap" in volume else None
        yield from ((init["path"], None) for init in job.get("init", ()))
        yield CONTEXT, None


def _filled(value: Any, known: Mapping[str, str]) -> Any:
    """Fill in templates in every text; one that names nothing breaks."""
    if isinstance(value, dict):
        return {key: _filled(inner, known) for key, inner in value.items()}
    if isinstance(value, list):
        return [_filled(inner, known) for inner in value]
    return _TEMPLATE.sub(lambda match: known[match[1]], value) if isinstance(value, str) else value
