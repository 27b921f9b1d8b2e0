"""`mlopsctl start-run`: start a run of a pipeline on Kubeflow Pipelines by name. The rendered jobs call it.

Exit codes: 0 when a run was started, or need not be; 1 when the server cannot be reached or does not know a name.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from mlopsctl import cli
from mlopsctl.diagnostics.visible import visible

if TYPE_CHECKING:
    from mlopsctl.runtime.start_run import Wanted


@click.command(name="start-run")
@click.option("--endpoint", required=True, metavar="URL", help="The address of KFP's API.")
@click.option("--namespace", required=True, help="The namespace of the pipeline and of its runs.")
@click.option("--experiment", required=True, help="What the run belongs to; made where there is none.")
@click.option("--pipeline", required=True, help="The pipeline's name.")
@click.option("--version", required=True, help="The name of the pipeline's version.")
@click.option("--service-account", required=True, help="Whom the run's pods are.")
@click.option("--name", required=True, help="The name to show; runs are counted by it.")
@click.option("--once", is_flag=True, help="Start nothing where the pipeline has a run of this name.")
@click.option("--unless-running", is_flag=True, help="Start nothing while a run of the pipeline goes on.")
@click.option("--set", "parameters", multiple=True, metavar="NAME=VALUE", help="A parameter; may be given again.")
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
    from mlopsctl.runtime.start_run import Wanted

    if once == unless_running:
        raise click.UsageError("say what keeps a run from being started: --once or --unless-running, one of them")
    unless: Literal["started", "running"] = "started" if once else "running"
    values = _values(parameters)
    return _start(endpoint, Wanted(namespace, experiment, pipeline, version, service_account, name, unless, values))


def _start(endpoint: str, wanted: Wanted) -> int:
    from mlopsctl.runtime.call import Broken
    from mlopsctl.runtime.kfp_server import TOKEN_PATH, Server
    from mlopsctl.runtime.start_run import start

    token = os.environ.get(TOKEN_PATH)
    try:
        outcome = start(Server(endpoint, Path(token) if token else None), wanted)
    except Broken as broken:
        click.echo(visible(f"error: {broken}"), err=True)
        return cli.ERRORS
    if outcome.started:
        said = f"started {wanted.name}: run {outcome.run} of version {wanted.version}"
    elif wanted.unless == "started":
        said = f"{wanted.name} was started before: run {outcome.run}; nothing to do"
    else:
        said = f"{wanted.pipeline} is still running: run {outcome.run}; nothing is started"
    click.echo(visible(said))
    return cli.OK


def _values(parameters: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for text in parameters:
        name, sign, value = text.partition("=")
        if not sign or not name:
            raise click.UsageError(f"--set wants NAME=VALUE, and `{text}` is not")
        found[name] = value
    return found
