"""Training runs on Kubeflow Pipelines started by drift: list them, and create one."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Final

from mlopsctl.blueprint.model.pipelines import Pipeline
from mlopsctl.engines.kfp.backend import start_run
from mlopsctl.engines.kfp.backend.server import TOKEN_PATH, Server
from mlopsctl.runtime.step_context import StepContext, StepFailed

VERSION: Final = "MLOPSCTL_START_VERSION"
ACCOUNT: Final = "MLOPSCTL_START_ACCOUNT"


def starts(step_context: StepContext, pipeline: Pipeline, since: datetime) -> list[datetime]:
    """List the start times of runs for drift."""
    return start_run.starts(_server(step_context), _run_request(step_context, pipeline), since)


def start(step_context: StepContext, pipeline: Pipeline) -> str:
    """Start the run."""
    request = _run_request(step_context, pipeline)
    outcome = start_run.start(_server(step_context), request)
    return f"{request.name} (run {outcome.run})"


def _server(step_context: StepContext) -> Server:
    token = step_context.environ.get(TOKEN_PATH)
    return Server(step_context.blueprint.engines.pipelines.settings["endpoint"], Path(token) if token else None)


def _run_request(step_context: StepContext, pipeline: Pipeline) -> start_run.RunRequest:
    return start_run.RunRequest(
        namespace=step_context.blueprint.place.namespace,
        experiment=step_context.blueprint.identity.system,
        pipeline=pipeline.name,
        version=_variable(step_context, VERSION),
        service_account=_variable(step_context, ACCOUNT),
        name=f"{pipeline.name}-drift",
        unless=None,
    )


def _variable(step_context: StepContext, variable: str) -> str:
    if not step_context.environ.get(variable):
        raise StepFailed(f"the variable {variable} is not set: only a rendered step has it")
    return step_context.environ[variable]
