"""`mlopsctl start-run`: start a run of a pipeline on Kubeflow Pipelines by name. The rendered jobs call it.

Exit codes: 0 a run is started or not needed, 1 the server does not respond or a name is unknown.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from mlopsctl import cli
from mlopsctl.cli import terminal
from mlopsctl.cli.group import Verb
from mlopsctl.diagnostics.render.visible import visible

if TYPE_CHECKING:
    from mlopsctl.engines.kfp.backend.start_run import RunRequest


@click.command(cls=Verb, name="start-run")
@click.option("--endpoint", required=True, metavar="URL", help="Address of the KFP API.")
@click.option("--namespace", required=True, help="Namespace of the pipeline and its runs.")
@click.option("--experiment", required=True, help="Experiment of the run; created when missing.")
@click.option("--pipeline", required=True, help="Name of the pipeline.")
@click.option("--version", required=True, help="Name of the pipeline version.")
@click.option("--service-account", required=True, help="Service account of the run's pods.")
@click.option("--name", required=True, help="Display name of the run; also identifies it.")
@click.option("--once", is_flag=True, help="Do nothing when the pipeline has a run of this name.")
@click.option(
    "--unless-running",
    is_flag=True,
    help="Do nothing while a run of the pipeline is active that no other schedule started.",
)
@click.option("--set", "parameters", multiple=True, metavar="NAME=VALUE", help="Parameter; repeatable.")
def command(
    endpoint: str,
    namespace: str,
    experiment: str,
    pipeline: str,
    version: str,
    service_account: str,
    name: str,
    once: bool,
    unless_running: bool,
    parameters: tuple[str, ...],
) -> int:
    """Start a run of a pipeline on Kubeflow Pipelines, by name, and do not wait for it."""
    from mlopsctl.engines.kfp.backend.start_run import RunRequest

    if once == unless_running:
        raise click.UsageError("choose one of --once and --unless-running")
    unless: Literal["started", "running"] = "started" if once else "running"
    values = _values(parameters)
    return _start(endpoint, RunRequest(namespace, experiment, pipeline, version, service_account, name, unless, values))


def _start(endpoint: str, request: RunRequest) -> int:
    from mlopsctl.engines.kfp.backend.server import TOKEN_PATH, Server
    from mlopsctl.engines.kfp.backend.start_run import start
    from mlopsctl.runtime.step_context import StepFailed

    token = os.environ.get(TOKEN_PATH)
    try:
        outcome = start(Server(endpoint, Path(token) if token else None), request)
    except StepFailed as broken:
        terminal.echo(visible(f"error: {broken}"), err=True)
        return cli.ERRORS
    if outcome.started:
        message = f"started {request.name}: run {outcome.run} of version {request.version}"
    elif request.unless == "started":
        message = f"{request.name} was already started: run {outcome.run}; nothing to do"
    else:
        message = f"{request.pipeline} is still running: run {outcome.run}; nothing is started"
    terminal.echo(visible(message))
    return cli.OK


def _values(parameters: tuple[str, ...]) -> dict[str, str]:
    values = {}
    for text in parameters:
        name, sign, value = text.partition("=")
        if not sign or not name:
            raise click.UsageError(f"--set must be NAME=VALUE, not `{text}`")
        values[name] = value
    return values
