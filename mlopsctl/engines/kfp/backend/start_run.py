"""Start a run of a rendered pipeline by name, and resolve the server's ids. Does not wait for the run to end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal, NamedTuple

from mlopsctl.engines.kfp.backend.server import Refusal, Server, among, equals, part
from mlopsctl.engines.kfp.conventions import SCHEDULED
from mlopsctl.runtime.step_context import StepFailed

UNFINISHED: Final = ("PENDING", "RUNNING", "CANCELING", "PAUSED")
_NEWEST = "created_at desc"
_EXISTS = 409


@dataclass(frozen=True, slots=True)
class RunRequest:
    """A requested run, and the condition to skip it.

    The condition is a run of that name with any result (`started`), an active run of the pipeline except those of other
    schedules (`running`), or None.
    """

    namespace: str
    experiment: str
    pipeline: str
    version: str
    service_account: str
    name: str
    unless: Literal["started", "running"] | None
    parameters: Mapping[str, str] = field(default_factory=dict)


class Outcome(NamedTuple):
    """The started run, or the run that prevented it."""

    run: str
    started: bool


def start(server: Server, request: RunRequest) -> Outcome:
    """Start the run, unless another run prevents it."""
    pipeline = _pipeline(server, request)
    other = _in_the_way(server, request, pipeline) if request.unless else None
    if other is not None:
        return Outcome(other, started=False)
    body = {
        "display_name": request.name,
        "experiment_id": _experiment(server, request),
        "pipeline_version_reference": {
            "pipeline_id": pipeline,
            "pipeline_version_id": _version(server, request, pipeline),
        },
        "runtime_config": {"parameters": dict(request.parameters)},
        "service_account": request.service_account,
    }
    return Outcome(_text(server.create("/runs", body), "run_id"), started=True)


def starts(server: Server, request: RunRequest, since: datetime) -> list[datetime]:
    """List the start times of runs with this name since a given time, newest first."""
    moments = []
    for run in _runs(server, request, _pipeline(server, request), equals("display_name", request.name)):
        moment = datetime.fromisoformat(_text(run, "created_at").replace("Z", "+00:00"))
        if moment < since:
            break
        if run.get("display_name") == request.name:
            moments.append(moment)
    return moments


def _in_the_way(server: Server, request: RunRequest, pipeline: str) -> str | None:
    """Return the id of the run that prevents a new one."""
    by_name = request.unless == "started"
    run_filter = equals("display_name", request.name) if by_name else among("state", UNFINISHED)
    for run in _runs(server, request, pipeline, run_filter):
        if run.get("display_name") == request.name if by_name else _blocks_start(run, request):
            return _text(run, "run_id")
    return None


def _blocks_start(run: Mapping[str, Any], request: RunRequest) -> bool:
    """Return whether an active run blocks a new one; runs of other schedules do not, or none would ever start."""
    name = str(run.get("display_name"))
    return run.get("state") in UNFINISHED and (name == request.name or not name.endswith(SCHEDULED))


def _runs(server: Server, request: RunRequest, pipeline: str, run_filter: str) -> Iterable[Mapping[str, Any]]:
    """Yield the pipeline's runs that match a filter, newest first."""
    runs = server.list("/runs", "runs", namespace=request.namespace, sort_by=_NEWEST, filter=run_filter)
    return (run for run in runs if (run.get("pipeline_version_reference") or {}).get("pipeline_id") == pipeline)


def _pipeline(server: Server, request: RunRequest) -> str:
    """Return the pipeline's id.

    Names are compared here instead of by the server's filter, which a server with pipelines in Kubernetes does not
    support.
    """
    listed = server.list("/pipelines", "pipelines", namespace=request.namespace)
    pipelines = [
        pipeline
        for pipeline in _objects_named(listed, request.pipeline)
        if pipeline.get("namespace", "") in ("", request.namespace)
    ]
    if not pipelines:
        where = f"namespace `{request.namespace}` of {server.endpoint}"
        raise StepFailed(f"there is no pipeline `{request.pipeline}` in {where}: apply the rendered manifests first")
    return _text(pipelines[0], "pipeline_id")


def _version(server: Server, request: RunRequest, pipeline: str) -> str:
    listed = server.list(f"/pipelines/{part(pipeline)}/versions", "pipeline_versions", sort_by=_NEWEST)
    for version in _objects_named(listed, request.version):
        return _text(version, "pipeline_version_id")
    raise StepFailed(
        f"pipeline `{request.pipeline}` has no version `{request.version}`: apply the rendered manifests first"
    )


def _experiment(server: Server, request: RunRequest) -> str:
    """Return the experiment's id; create the experiment if it does not exist."""
    existing = _known_experiment(server, request)
    if existing is not None:
        return existing
    body = {"display_name": request.experiment, "namespace": request.namespace}
    try:
        return _text(server.create("/experiments", body), "experiment_id")
    except Refusal as refusal:
        made_meanwhile = _known_experiment(server, request) if refusal.status == _EXISTS else None
        if made_meanwhile is None:
            raise
        return made_meanwhile


def _known_experiment(server: Server, request: RunRequest) -> str | None:
    name_filter = equals("display_name", request.experiment)
    listed = server.list("/experiments", "experiments", namespace=request.namespace, filter=name_filter)
    for experiment in _objects_named(listed, request.experiment):
        return _text(experiment, "experiment_id")
    return None


def _objects_named(objects: Iterable[Mapping[str, Any]], name: str) -> Iterable[Mapping[str, Any]]:
    """Return the objects with a name; older servers have only the display name."""
    return (obj for obj in objects if name in (obj.get("name"), obj.get("display_name")))


def _text(answer: Mapping[str, Any], key: str) -> str:
    if not answer.get(key):
        raise StepFailed(f"the response of KFP has no `{key}`")
    return str(answer[key])
