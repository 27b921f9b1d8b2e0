"""A small interpreter of Argo Workflows: it does with a rendered workflow what the controller and its pods do.

In: rendered objects, and a node to run containers on. Out: how each task ended, the outputs, the gauges that the
controller would export. It knows what our templates use and breaks on everything else. Never a cluster, never a wait:
pauses between retries are left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from e2e.pods import Broken, Ended, Files, Node, Pod, copied

Object = dict[str, Any]
Scope = Mapping[str, str]
_PLACEHOLDER = re.compile(r"\{\{([^{}]*)\}\}")
_TERM = re.compile(r"\s*(&&|\|\||!|\(|\)|[A-Za-z0-9_-]+(?:\.[A-Za-z]+)?)")
_RETRY_EXPRESSION = re.compile(r"asInt\(lastRetry\.exitCode\) != (\d+)")
_COMPARISON = re.compile(r"(?:'([^']*)'|([^'\s]+)) (==|!=) (?:'([^']*)'|([^'\s]+))")
# One container at a time runs here, which is all that a mutex asks for.
_KNOWN_TEMPLATE = {"name", "timeout", "retryStrategy", "synchronization", "inputs", "outputs", "metrics", "container"}
_RIGHTS = {"serviceAccountName", "automountServiceAccountToken", "securityContext"}


@dataclass
class Task:
    """How a task ended, and what it left: parameters as text, artifacts as copies."""

    status: str
    parameters: dict[str, str] = field(default_factory=dict)
    artifacts: dict[str, Path] = field(default_factory=dict)
    attempts: list[Ended] = field(default_factory=list)


@dataclass
class Run:
    """One run of a workflow."""

    name: str
    status: str = "Running"
    tasks: dict[str, Task] = field(default_factory=dict)
    on_exit: Task | None = None
    gauges: dict[tuple[str, tuple[tuple[str, str], ...]], float] = field(default_factory=dict)

    @property
    def order(self) -> list[str]:
        """The tasks in the order they ended."""
        return list(self.tasks)


class Controller:
    """Runs workflows from the objects that a cluster was given."""

    def __init__(self, objects: Iterable[Object], node: Node) -> None:
        self._objects = {(obj["kind"], obj["metadata"]["name"]): obj for obj in objects}
        self._node = node

    def submit(self, workflow: Object, name: str) -> Run:
        """Run a Workflow, or a CronWorkflow's `workflowSpec` as a Workflow, to its end."""
        reference = workflow["spec"]["workflowTemplateRef"]["name"]
        spec = self._object("WorkflowTemplate", reference)["spec"]
        given = {
            parameter["name"]: parameter["value"]
            for parameter in workflow["spec"].get("arguments", {}).get("parameters", ())
        }
        known = {parameter["name"]: parameter["value"] for parameter in spec.get("arguments", {}).get("parameters", ())}
        if strange := given.keys() - known.keys():
            raise Broken(f"{reference} has no parameter {sorted(strange)[0]}")
        run = Run(name)
        scope = {f"workflow.parameters.{key}": value for key, value in {**known, **given}.items()}
        _Walk(self, spec, run, {"workflow.name": name, **scope}).all()
        return run

    def trigger(self, cron: str, name: str) -> Run:
        """Run what a CronWorkflow starts."""
        return self.submit({"spec": self._object("CronWorkflow", cron)["spec"]["workflowSpec"]}, name)

    def pod(self, spec: Object, container: Object, name: str) -> Pod:
        """Make a container's pod with the workflow's volumes."""
        volumes = {volume["name"]: volume for volume in spec["volumes"]}
        mounts: dict[str, Files | None] = {}
        for mount in container["volumeMounts"]:
            if mount["name"] not in volumes:
                raise Broken(f"there is no volume {mount['name']}")
            mounts[mount["mountPath"]] = self._volume(volumes[mount["name"]])
        return Pod(self._node, name, mounts)

    def run(self, pod: Pod, container: Object) -> Ended:
        """Run a container in its pod."""
        environment = dict(self._node.variable(variable) for variable in container["env"])
        return pod.run([*container["command"], *container["args"]], environment)

    def store(self, origin: Path, run: str, task: str, name: str) -> Path:
        """Bring an artifact to the bucket."""
        target = self._node.folder / run / "bucket" / task / name
        target.parent.mkdir(parents=True, exist_ok=True)
        copied(origin, target)
        return target

    def _volume(self, volume: Object) -> Files | None:
        if "emptyDir" in volume:
            return None
        sources = volume["projected"]["sources"] if "projected" in volume else [volume]
        files: dict[str, str] = {}
        for source in sources:
            files |= self._object("ConfigMap", source["configMap"]["name"])["data"]
        return files

    def _object(self, kind: str, name: str) -> Object:
        if (kind, name) not in self._objects:
            raise Broken(f"there is no {kind} {name}")
        return self._objects[kind, name]


class _Walk:
    """One walk through a workflow's graph."""

    def __init__(self, controller: Controller, spec: Object, run: Run, scope: Scope) -> None:
        self._controller, self._spec, self._run, self._scope = controller, spec, run, scope
        self._templates = {template["name"]: template for template in spec["templates"]}

    def all(self) -> None:
        """Run the graph, then the template that runs however it ended."""
        waiting = {task["name"]: task for task in self._templates[self._spec["entrypoint"]]["dag"]["tasks"]}
        while waiting:
            ready = [name for name, task in waiting.items() if self._decided(task, waiting)]
            if not ready:
                raise Broken(f"these wait for each other: {', '.join(waiting)}")
            for name in ready:
                task = waiting.pop(name)
                self._run.tasks[name] = self._task(task) if self._wanted(task) else Task("Omitted")
        bad = [task for task in self._run.tasks.values() if task.status in ("Failed", "Error")]
        self._run.status = "Failed" if bad else "Succeeded"
        if "onExit" in self._spec:
            known = {**self._scope, "workflow.status": self._run.status}
            self._run.on_exit = self._leaf(self._templates[self._spec["onExit"]], "on-exit", known, {})
            if self._run.on_exit.status != "Succeeded":
                self._run.status = "Error"

    def _decided(self, task: Object, waiting: Mapping[str, Object]) -> bool:
        return not any(name in waiting for name in _named(task.get("depends", "")))

    def _wanted(self, task: Object) -> bool:
        expression = task.get("depends")
        return expression is None or holds(expression, {name: task.status for name, task in self._run.tasks.items()})

    def _task(self, task: Object) -> Task:
        scope = {**self._scope, **self._outputs()}
        arguments = task.get("arguments", {})
        template = self._templates[task["template"]]
        handed = {
            parameter["name"]: substituted(parameter["value"], scope) for parameter in arguments.get("parameters", ())
        }
        files = {artifact["name"]: self._artifact(artifact["from"]) for artifact in arguments.get("artifacts", ())}
        inputs = template.get("inputs", {})
        for kind, given in (("parameters", handed), ("artifacts", files)):
            if missing := {declared["name"] for declared in inputs.get(kind, ())} - given.keys():
                raise Broken(f"{task['name']} is not given {sorted(missing)[0]}")
        own = {f"inputs.parameters.{name}": value for name, value in handed.items()}
        return self._leaf(template, task["name"], {**self._scope, **own}, files)

    def _outputs(self) -> dict[str, str]:
        return {
            f"tasks.{task}.outputs.parameters.{name}": value
            for task, ended in self._run.tasks.items()
            for name, value in ended.parameters.items()
        }

    def _artifact(self, reference: str) -> Path:
        match = re.fullmatch(r"\{\{tasks\.([^.]+)\.outputs\.artifacts\.([^.}]+)\}\}", reference)
        if match is None or match[2] not in self._run.tasks[match[1]].artifacts:
            raise Broken(f"there is no artifact {reference}")
        return self._run.tasks[match[1]].artifacts[match[2]]

    def _leaf(self, template: Object, name: str, scope: Scope, files: Mapping[str, Path]) -> Task:
        """Run a template's container, again where its strategy says so; each attempt is a new pod."""
        if strange := template.keys() - _KNOWN_TEMPLATE - _RIGHTS:
            raise Broken(f"this interpreter does not know {sorted(strange)[0]}")
        if template.get("synchronization", {"mutexes": []}).keys() != {"mutexes"}:
            raise Broken(f"this interpreter does not know {template['synchronization']}")
        task = Task("Pending")
        strategy = template.get("retryStrategy", {"limit": "0"})
        outputs = template.get("outputs", {})
        inside = walked({"inputs": template.get("inputs", {}), "container": template["container"]}, scope)
        for attempt in range(int(strategy["limit"]) + 1):
            pod_name = f"{self._run.name}/pods/{name}({attempt})"
            pod = self._controller.pod(self._spec, inside["container"], pod_name)
            for artifact in inside["inputs"].get("artifacts", ()):
                pod.put(artifact["path"], files[artifact["name"]])
            ended = self._controller.run(pod, inside["container"])
            task.attempts.append(ended)
            if ended.code == 0:
                self._collect(task, outputs, pod, name)
                break
            task.status = "Failed"
            if not _again(strategy, ended.code):
                break
        self._measure(template, task, scope)
        return task

    def _collect(self, task: Task, outputs: Object, pod: Pod, name: str) -> None:
        """Take what a container left; a file that is not there is an error, a value may have a default."""
        task.status = "Succeeded"
        for parameter in outputs.get("parameters", ()):
            source = parameter["valueFrom"]
            file = pod.inside(source["path"])
            if file.is_file():
                task.parameters[parameter["name"]] = file.read_text(encoding="utf-8").removesuffix("\n")
            elif "default" in source:
                task.parameters[parameter["name"]] = source["default"]
            else:
                task.status = "Error"
        for parameter in outputs.get("artifacts", ()):
            file = pod.inside(parameter["path"])
            if file.exists():
                task.artifacts[parameter["name"]] = self._controller.store(
                    file, self._run.name, name, parameter["name"]
                )
            else:
                task.status = "Error"

    def _measure(self, template: Object, task: Task, scope: Scope) -> None:
        values = {f"outputs.parameters.{name}": value for name, value in task.parameters.items()}
        for metric in template.get("metrics", {}).get("prometheus", ()):
            known = {**scope, **values, "status": task.status}
            if task.status != "Succeeded" or not _when(substituted(metric["when"], known)):
                continue
            labels = tuple((label["key"], substituted(label["value"], known)) for label in metric["labels"])
            self._run.gauges[metric["name"], labels] = _number(substituted(metric["gauge"]["value"], known))


def substituted(text: str, scope: Scope) -> str:
    """Put values in place of placeholders; one that has none is an error. A value is not looked at again."""

    def value(match: re.Match[str]) -> str:
        if match[1] not in scope:
            raise Broken(f"nothing is known of {match[0]}")
        return scope[match[1]]

    return _PLACEHOLDER.sub(value, text)


def walked(data: Any, scope: Scope) -> Any:
    """Substitute in every text of a template."""
    if isinstance(data, str):
        return substituted(data, scope)
    if isinstance(data, dict):
        return {key: walked(value, scope) for key, value in data.items()}
    return [walked(value, scope) for value in data] if isinstance(data, list) else data


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise Broken(f"{text} is no number to export") from None


def _named(expression: str) -> set[str]:
    terms = _TERM.findall(expression)
    return {term.partition(".")[0] for term in terms if term[0].isalnum()}


def holds(expression: str, statuses: Mapping[str, str]) -> bool:
    """Evaluate a task's `depends`."""
    terms = _TERM.findall(expression)
    if "".join(terms) != "".join(expression.split()):
        raise Broken(f"{expression} is no expression")
    value, rest = _either(terms, statuses)
    if rest:
        raise Broken(f"{expression} does not end")
    return value


def _either(terms: list[str], statuses: Mapping[str, str]) -> tuple[bool, list[str]]:
    return _joined(terms, statuses, "||", _both, lambda left, other: left or other)


def _both(terms: list[str], statuses: Mapping[str, str]) -> tuple[bool, list[str]]:
    return _joined(terms, statuses, "&&", _one, lambda left, other: left and other)


def _joined(
    terms: list[str],
    statuses: Mapping[str, str],
    sign: str,
    part: Callable[[list[str], Mapping[str, str]], tuple[bool, list[str]]],
    join: Callable[[bool, bool], bool],
) -> tuple[bool, list[str]]:
    value, rest = part(terms, statuses)
    while rest and rest[0] == sign:
        other, rest = part(rest[1:], statuses)
        value = join(value, other)
    return value, rest


def _one(terms: list[str], statuses: Mapping[str, str]) -> tuple[bool, list[str]]:
    first, *rest = terms
    if first == "!":
        value, rest = _one(rest, statuses)
        return not value, rest
    if first == "(":
        value, rest = _either(rest, statuses)
        return value, rest[1:]
    name, _, status = first.partition(".")
    if name not in statuses:
        raise Broken(f"there is no task {name}")
    return statuses[name] in ([status] if status else ["Succeeded", "Skipped", "Daemoned"]), rest


def _again(strategy: Object, code: int) -> bool:
    if "expression" not in strategy:
        return True
    match = _RETRY_EXPRESSION.fullmatch(strategy["expression"])
    if match is None or strategy["retryPolicy"] != "Always":
        raise Broken(f"this interpreter does not know {strategy}")
    return code != int(match[1])


def _when(condition: str) -> bool:
    """Evaluate a metric's condition: comparisons of texts, all of which have to hold."""
    parts = [_COMPARISON.fullmatch(part) for part in condition.split(" && ")]
    if None in parts:
        raise Broken(f"this interpreter does not know {condition}")
    return all(((part[1] or part[2]) == (part[4] or part[5])) == (part[3] == "==") for part in parts if part)
