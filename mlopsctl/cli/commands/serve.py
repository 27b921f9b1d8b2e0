"""`mlopsctl serve`: serve the registered model with MLServer on this machine, with online features."""

from __future__ import annotations

import json
import os
import signal
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from shlex import join
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from mlopsctl import cli
from mlopsctl.cli import terminal
from mlopsctl.cli.group import Verb

if TYPE_CHECKING:
    from mlopsctl.blueprint.model.blueprint import Blueprint
    from mlopsctl.blueprint.model.serving import Endpoint
    from mlopsctl.runtime.local.prepare import LocalSystem
    from mlopsctl.runtime.local.registered import Registered
    from mlopsctl.runtime.local.server import Ports

_PORT = click.IntRange(0, 65535)
_PINS = Path(__file__).resolve().parents[3] / "constraints" / "serve.txt"


class LocalEndpoint(NamedTuple):
    """An endpoint: its name in the spec, the model's name in URLs, and the locked run and package."""

    spec_name: str
    name: str
    run: str | None
    package: str | None = None


@click.command(cls=Verb, name="serve")
@click.argument("path", required=False)
@click.option("--endpoint", metavar="NAME", help="Endpoint to serve. Default: the only one.")
@click.option("--env", "environment", help="Environment. Default: `local`, or the only one.")
@click.option("--model-version", help="Registered version. Default: the one that the alias points to.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=_PORT, default=8080, show_default=True, help="Port of the V2 protocol; 0 for a free one.")
@click.option(
    "--metrics-port", type=_PORT, default=8082, show_default=True, help="Port of the metrics; 0 for a free one."
)
@click.option("--features-port", type=_PORT, default=0, show_default="a free one", help="Port of the feature server.")
@click.option("--venv", help="Virtual environment of the server. Default: .mlops/serve-venv.")
def command(
    path: str | None,
    endpoint: str | None,
    environment: str | None,
    model_version: str | None,
    host: str,
    port: int,
    metrics_port: int,
    features_port: int,
    venv: str | None,
) -> int:
    """Serve an endpoint on this machine until Ctrl-C.

    PATH is a spec or its folder. Default: the nearest one in this folder or above it.

    MLServer runs in its own virtual environment, created on first use. Feast's feature server runs as well when the
    endpoint looks up features.
    """
    from mlopsctl.cli.failures import reported
    from mlopsctl.runtime.local import server
    from mlopsctl.runtime.local.prepare import need_libraries, prepare

    need_libraries()
    with reported():
        prepared = prepare(path, environment)
        chosen = _endpoint(prepared.blueprint, endpoint)
        where = server.ports(port, metrics_port, features_port)
        _ended_by_signals()
        try:
            return _serve(prepared, chosen, model_version, host, where, venv)
        except KeyboardInterrupt:
            terminal.echo("stopped", err=True)
            return cli.OK


def _serve(
    prepared: LocalSystem, endpoint: LocalEndpoint, number: str | None, host: str, where: Ports, venv: str | None
) -> int:
    from mlopsctl.runtime.local import registered, serve_environment, server

    blueprint, layout, *_ = prepared
    version = registered.find(blueprint, layout, endpoint.run, number, endpoint.package)
    folder = Path(venv).absolute() if venv else layout.folder / "serve-venv"
    pins = _PINS if _PINS.is_file() else None
    python = serve_environment.interpreter(folder, version.folder / "requirements.txt", pins, os.environ, _print)
    settings = server.write(layout, endpoint.name, version, host, where)
    contract = json.loads((version.folder / "mlopsctl" / "contract.json").read_text())
    looks_up = contract["asks"] == "request" and bool(contract["views"])
    with ExitStack() as ending:
        started = []
        if looks_up:
            _warn_of_stale_features(prepared)
            started.append(server.start_features(layout, where, os.environ))
            ending.callback(server.stop, tuple(started))
        started.append(server.start_model(layout, python, settings, where, os.environ, looks_up=looks_up))
        ending.callback(server.stop, tuple(started))
        if looks_up:
            server.wait(started[0], where.features, "/health")
        server.wait(started[-1], where.http, f"/v2/models/{endpoint.name}/ready")
        _print_addresses(prepared, endpoint, version, host, where, contract)
        server.watch(started)
    return cli.OK


def _print(message: str) -> None:
    terminal.echo(message, err=True)


def _endpoint(blueprint: Blueprint, chosen_name: str | None) -> LocalEndpoint:
    """Choose the endpoint by its name in the spec, with or without a locked version."""
    from mlopsctl.blueprint.decide.names import join as joined

    system = blueprint.identity.system
    endpoints = {endpoint.spec_name: _local_endpoint(endpoint) for endpoint in blueprint.endpoints}
    endpoints |= {name: LocalEndpoint(name, joined(system, name), None) for name in blueprint.left_out}
    if chosen_name is None and len(endpoints) == 1:
        return next(iter(endpoints.values()))
    if chosen_name not in endpoints:
        listed = ", ".join(endpoints) or "none"
        problem = f"there is no endpoint `{chosen_name}`" if chosen_name else "choose an endpoint with --endpoint"
        raise click.UsageError(f"{problem}; endpoints: {listed}")
    return endpoints[chosen_name]


def _local_endpoint(endpoint: Endpoint) -> LocalEndpoint:
    version = endpoint.stable.version
    return LocalEndpoint(endpoint.spec_name, endpoint.name, version.run, version.package)


def _warn_of_stale_features(prepared: LocalSystem) -> None:
    """Warn of features older than their ttl: the server treats them as missing."""
    from mlopsctl.runtime.local import state

    record = state.read(prepared.layout.step("materialize"))
    features = prepared.blueprint.features
    for view in features.views if features and record else ():
        text = record.parameters.get(f"timestamp-{view.name}", "") if record else ""
        if text.replace(".", "", 1).isdigit():
            moment = datetime.fromtimestamp(float(text), UTC)
            age = (datetime.now(UTC) - moment).total_seconds()
            if age > view.ttl:
                _print(
                    f"the newest features of `{view.name}` are from {moment:%Y-%m-%d %H:%M} UTC, older than their ttl: "
                    "they count as missing; run `mlopsctl run` to load newer data"
                )


def _print_addresses(
    prepared: LocalSystem,
    endpoint: LocalEndpoint,
    version: Registered,
    host: str,
    where: Ports,
    contract: dict[str, Any],
) -> None:
    """Print the endpoint's URLs and a working request."""
    from mlopsctl.runtime.local.scoring import example_row
    from mlopsctl.runtime.local.server import example

    address = "127.0.0.1" if host == "0.0.0.0" else host  # noqa: S104 - compared, not bound
    base = f"http://{address}:{where.http}/v2/models/{endpoint.name}"
    body = json.dumps(example(contract, example_row(contract, prepared.layout.step("split"))))
    terminal.echo(f"{endpoint.spec_name} serves {version.name} version {version.version}, {version.why}")
    terminal.echo(f"  predict    {base}/infer")
    terminal.echo(f"  schema     {base}")
    terminal.echo(f"  metrics    http://{address}:{where.metrics}/metrics")
    if contract["asks"] == "request" and contract["views"]:
        terminal.echo(f"  features   http://127.0.0.1:{where.features}")
    terminal.echo(
        f"  try        {join(('curl', '-s', f'{base}/infer', '-H', 'Content-Type: application/json', '-d', body))}"
    )
    terminal.echo("press Ctrl-C to stop", err=True)


def _ended_by_signals() -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupt)
