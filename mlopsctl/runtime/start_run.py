"""Start a run of a pipeline that Git has: everything is named, and only the server knows the ids.

In: names, and what keeps a run from being started. Out: a run's id, and whether it is a new one. Never waits for a run
to end: what asks is a sync or a clock, and neither has the time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from mlopsctl.runtime.call import Broken
from mlopsctl.runtime.kfp_server import Refusal, Server, among, equals, part

UNFINISHED: Final = ("PENDING", "RUNNING", "CANCELING", "PAUSED")
_NEWEST = "created_at desc"
_EXISTS = 409


@dataclass(frozen=True, slots=True)
class Wanted:
    """A run that is asked for; `once` looks for a run of its name in any state, else for one that still goes on."""

    namespace: str
    experiment: str
    pipeline: str
    version: str
    service_account: str
    name: str
    once: bool
    parameters: Mapping[str, str] = field(default_factory=dict)


class Outcome(NamedTuple):
    """The run that was started, or the one because of which none was."""

    run: str
    started: bool


def start(server: Server, wanted: Wanted) -> Outcome:
    """Start the run, unless there is one that keeps it from being started."""
    pipeline = _pipeline(server, wanted)
    other = _in_the_way(server, wanted, pipeline)
    if other is not None:
        return Outcome(other, started=False)
    body = {
        "display_name": wanted.name,
        "experiment_id": _experiment(server, wanted),
        "pipeline_version_reference": {
            "pipeline_id": pipeline,
            "pipeline_version_id": _version(server, wanted, pipeline),
        },
        "runtime_config": {"parameters": dict(wanted.parameters)},
        "service_account": wanted.service_account,
    }
    return Outcome(_id(server.create("/runs", body), "run_id"), started=True)


def _in_the_way(server: Server, wanted: Wanted, pipeline: str) -> str | None:
    """Return the id of the pipeline's run because of which none is to be started."""
    asked = equals("display_name", wanted.name) if wanted.once else among("state", UNFINISHED)
    runs = server.list("/runs", "runs", namespace=wanted.namespace, sort_by=_NEWEST, filter=asked)
    for run in runs:
        if (run.get("pipeline_version_reference") or {}).get("pipeline_id") != pipeline:
            continue
        if run.get("display_name") == wanted.name if wanted.once else run.get("state") in UNFINISHED:
            return _id(run, "run_id")
    return None


def _pipeline(server: Server, wanted: Wanted) -> str:
    """Return the pipeline's id.

    Names are compared here and not by the server's filter: a server that keeps pipelines in Kubernetes refuses to
    compare.
    """
    listed = server.list("/pipelines", "pipelines", namespace=wanted.namespace)
    found = [one for one in _named(listed, wanted.pipeline) if one.get("namespace", "") in ("", wanted.namespace)]
    if not found:
        where = f"namespace `{wanted.namespace}` of {server.endpoint}"
        raise Broken(f"there is no pipeline `{wanted.pipeline}` in {where}: is what was rendered applied?")
    return _id(found[0], "pipeline_id")


def _version(server: Server, wanted: Wanted, pipeline: str) -> str:
    listed = server.list(f"/pipelines/{part(pipeline)}/versions", "pipeline_versions", sort_by=_NEWEST)
    for version in _named(listed, wanted.version):
        return _id(version, "pipeline_version_id")
    raise Broken(f"pipeline `{wanted.pipeline}` has no version `{wanted.version}`: is what was rendered applied?")


def _experiment(server: Server, wanted: Wanted) -> str:
    """Return the experiment's id; the first run of a system makes it."""
    known = _known_experiment(server, wanted)
    if known is not None:
        return known
    body = {"display_name": wanted.experiment, "namespace": wanted.namespace}
    try:
        return _id(server.create("/experiments", body), "experiment_id")
    except Refusal as refusal:
        made_meanwhile = _known_experiment(server, wanted) if refusal.status == _EXISTS else None
        if made_meanwhile is None:
            raise
        return made_meanwhile


def _known_experiment(server: Server, wanted: Wanted) -> str | None:
    asked = equals("display_name", wanted.experiment)
    listed = server.list("/experiments", "experiments", namespace=wanted.namespace, filter=asked)
    for experiment in _named(listed, wanted.experiment):
        return _id(experiment, "experiment_id")
    return None


def _named(objects: Iterable[Mapping[str, Any]], name: str) -> Iterable[Mapping[str, Any]]:
    """Choose the objects of a name; older servers know only the one that is shown."""
    return (one for one in objects if name in (one.get("name"), one.get("display_name")))


def _id(found: Mapping[str, Any], key: str) -> str:
    if not found.get(key):
        raise Broken(f"KFP's answer has no `{key}`")
    return str(found[key])
