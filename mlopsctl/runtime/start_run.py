"""Start a run of a pipeline that Git has: everything is named, and only the server knows the ids.

In: names, and what keeps a run from being started. Out: a run's id, and whether it is a new one. Never waits for a run
to end: what asks is a sync or a clock, and neither has the time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal, NamedTuple

from mlopsctl.runtime.call import Broken
from mlopsctl.runtime.kfp_server import Refusal, Server, among, equals, part

UNFINISHED: Final = ("PENDING", "RUNNING", "CANCELING", "PAUSED")
_NEWEST = "created_at desc"
_EXISTS = 409


@dataclass(frozen=True, slots=True)
class Wanted:
    """A run that is asked for, and what keeps it from being started.

    That is a run of its name however it ended (`started`), any run of the pipeline that goes on (`running`), or None.
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
    """The run that was started, or the one because of which none was."""

    run: str
    started: bool


def start(server: Server, wanted: Wanted) -> Outcome:
    """Start the run, unless there is one that keeps it from being started."""
    pipeline = _pipeline(server, wanted)
    other = _in_the_way(server, wanted, pipeline) if wanted.unless else None
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
    return Outcome(_text(server.create("/runs", body), "run_id"), started=True)


def starts(server: Server, wanted: Wanted, since: datetime) -> list[datetime]:
    """List when runs of this name were started, the newest first, back to a moment."""
    found = []
    for run in _runs(server, wanted, _pipeline(server, wanted), equals("display_name", wanted.name)):
        moment = datetime.fromisoformat(_text(run, "created_at").replace("Z", "+00:00"))
        if moment < since:
            break
        if run.get("display_name") == wanted.name:
            found.append(moment)
    return found


def _in_the_way(server: Server, wanted: Wanted, pipeline: str) -> str | None:
    """Return the id of the pipeline's run because of which none is to be started."""
    named = wanted.unless == "started"
    asked = equals("display_name", wanted.name) if named else among("state", UNFINISHED)
    for run in _runs(server, wanted, pipeline, asked):
        if run.get("display_name") == wanted.name if named else run.get("state") in UNFINISHED:
            return _text(run, "run_id")
    return None


def _runs(server: Server, wanted: Wanted, pipeline: str, asked: str) -> Iterable[Mapping[str, Any]]:
    """Yield the pipeline's runs that a filter lets through, the newest first."""
    runs = server.list("/runs", "runs", namespace=wanted.namespace, sort_by=_NEWEST, filter=asked)
    return (one for one in runs if (one.get("pipeline_version_reference") or {}).get("pipeline_id") == pipeline)


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
    return _text(found[0], "pipeline_id")


def _version(server: Server, wanted: Wanted, pipeline: str) -> str:
    listed = server.list(f"/pipelines/{part(pipeline)}/versions", "pipeline_versions", sort_by=_NEWEST)
    for version in _named(listed, wanted.version):
        return _text(version, "pipeline_version_id")
    raise Broken(f"pipeline `{wanted.pipeline}` has no version `{wanted.version}`: is what was rendered applied?")


def _experiment(server: Server, wanted: Wanted) -> str:
    """Return the experiment's id; the first run of a system makes it."""
    known = _known_experiment(server, wanted)
    if known is not None:
        return known
    body = {"display_name": wanted.experiment, "namespace": wanted.namespace}
    try:
        return _text(server.create("/experiments", body), "experiment_id")
    except Refusal as refusal:
        made_meanwhile = _known_experiment(server, wanted) if refusal.status == _EXISTS else None
        if made_meanwhile is None:
            raise
        return made_meanwhile


def _known_experiment(server: Server, wanted: Wanted) -> str | None:
    asked = equals("display_name", wanted.experiment)
    listed = server.list("/experiments", "experiments", namespace=wanted.namespace, filter=asked)
    for experiment in _named(listed, wanted.experiment):
        return _text(experiment, "experiment_id")
    return None


def _named(objects: Iterable[Mapping[str, Any]], name: str) -> Iterable[Mapping[str, Any]]:
    """Choose the objects of a name; older servers know only the one that is shown."""
    return (one for one in objects if name in (one.get("name"), one.get("display_name")))


def _text(found: Mapping[str, Any], key: str) -> str:
    if not found.get(key):
        raise Broken(f"KFP's answer has no `{key}`")
    return str(found[key])
