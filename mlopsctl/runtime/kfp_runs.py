"""Training runs on Kubeflow Pipelines that drift asked for: those there were, and a new one.

In: the call and the training pipeline; which version Git has now, and whom a run's pods are, from the variables that
the rendered step has. Out: when such runs were started; a new run's name, which all of them share.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Final

from mlopsctl.blueprint.model import Pipeline
from mlopsctl.runtime import start_run
from mlopsctl.runtime.call import Broken, Call
from mlopsctl.runtime.kfp_server import TOKEN_PATH, Server

VERSION: Final = "MLOPSCTL_START_VERSION"
ACCOUNT: Final = "MLOPSCTL_START_ACCOUNT"


def starts(call: Call, pipeline: Pipeline, since: datetime) -> list[datetime]:
    """List when runs were started for drift."""
    return start_run.starts(_server(call), _wanted(call, pipeline), since)


def start(call: Call, pipeline: Pipeline) -> str:
    """Start the run."""
    wanted = _wanted(call, pipeline)
    outcome = start_run.start(_server(call), wanted)
    return f"{wanted.name} (run {outcome.run})"


def _server(call: Call) -> Server:
    token = call.environ.get(TOKEN_PATH)
    return Server(call.blueprint.engines.pipelines.settings["endpoint"], Path(token) if token else None)


def _wanted(call: Call, pipeline: Pipeline) -> start_run.Wanted:
    return start_run.Wanted(
        namespace=call.blueprint.place.namespace,
        experiment=call.blueprint.identity.system,
        pipeline=pipeline.name,
        version=_told(call, VERSION),
        service_account=_told(call, ACCOUNT),
        name=f"{pipeline.name}-drift",
        unless=None,
    )


def _told(call: Call, variable: str) -> str:
    if not call.environ.get(variable):
        raise Broken(f"the variable {variable} is not set: the rendered step says what to start, and this is not one")
    return call.environ[variable]
