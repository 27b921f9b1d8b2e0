"""`mlopsctl serve`: the registered model behind MLServer on this machine, with features looked up online."""

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

if TYPE_CHECKING:
    from mlopsctl.blueprint.model import Blueprint
    from mlopsctl.cli.laptop import Laptop
    from mlopsctl.runtime.local.registered import Registered
    from mlopsctl.runtime.local.server import Ports

_PORT = click.IntRange(0, 65535)
_PINS = Path(__file__).resolve().parent.parent.parent / "constraints" / "serve.txt"


class Wanted(NamedTuple):
    """An endpoint: its name in the spec, the model's in addresses, and the run that the lock names for it."""

    spec_name: str
    name: str
    run: str | None


@click.command(name="serve")
@click.argument("endpoint", required=False)
@click.option("--spec", "path", help="The spec or its folder; by default the nearest one here or above.")
@click.option("--env", "environment", help="The environment; `local`, or the only one, by default.")
@click.option("--model-version", help="The registered version; by default the one that the alias points to.")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port", type=_PORT, default=8080, show_default=True, help="The port of the V2 protocol; 0 for a free one."
)
@click.option(
    "--metrics-port", type=_PORT, default=8082, show_default=True, help="The port of the metrics; 0 for a free one."
)
@click.option(
    "--features-port", type=_PORT, default=0, show_default="a free one", help="The port of the feature server."
)
@click.option("--venv", help="The server's virtual environment; .mlops/serve-venv by default.")
def command(
    endpoint: str | None,
    path: str | None,
    environment: str | None,
    model_version: str | None,
    host: str,
    port: int,
    metrics_port: int,
    features_port: int,
    venv: str | None,
) -> int:
    """Serve ENDPOINT on this machine until Ctrl-C. Left out, the only one there is.

    MLServer runs in a virtual environment of its own, made when it is first needed. Where the endpoint has features
    looked up, Feast's feature server runs beside it.
    """
    from mlopsctl.cli import laptop
    from mlopsctl.runtime.local import server

    laptop.need_libraries()
    with laptop.told():
        prepared = laptop.prepare(path, environment)
        if prepared is None:
            return cli.ERRORS
        chosen = _endpoint(prepared.blueprint, endpoint)
        where = server.ports(port, metrics_port, features_port)
        _ended_by_signals()
        try:
            return _serve(prepared, chosen, model_version, host, where, venv)
        except KeyboardInterrupt:
            click.echo("stopped", err=True)
            return cli.OK


def _serve(prepared: Laptop, endpoint: Wanted, number: str | None, host: str, where: Ports, venv: str | None) -> int:
    from mlopsctl.runtime.local import registered, serve_environment, server

    blueprint, layout = prepared
    found = registered.find(blueprint, layout, endpoint.run, number)
    folder = Path(venv).absolute() if venv else layout.folder / "serve-venv"
    pins = _PINS if _PINS.is_file() else None
    python = serve_environment.interpreter(folder, found.folder / "requirements.txt", pins, os.environ, _tell)
    settings = server.write(layout, endpoint.name, found, host, where)
    contract = json.loads((found.folder / "mlopsctl" / "contract.json").read_text())
    looks_up = contract["asks"] == "request" and bool(contract["views"])
    with ExitStack() as ending:
        started = []
        if looks_up:
            _tell_ages(prepared)
            started.append(server.start_features(layout, where, os.environ))
            ending.callback(server.stop, tuple(started))
        started.append(server.start_model(layout, python, settings, where, os.environ, looks_up=looks_up))
        ending.callback(server.stop, tuple(started))
        if looks_up:
            server.wait(started[0], where.features, "/health")
        server.wait(started[-1], where.http, f"/v2/models/{endpoint.name}/ready")
        _told(prepared, endpoint, found, host, where, contract)
        server.watch(started)
    return cli.OK


def _tell(message: str) -> None:
    click.echo(message, err=True)


def _endpoint(blueprint: Blueprint, named: str | None) -> Wanted:
    """Choose the endpoint by its name in the spec, whether or not the lock has a version for it."""
    from mlopsctl.blueprint.names import join as joined

    system = blueprint.identity.system
    known = {one.spec_name: Wanted(one.spec_name, one.name, one.stable.version.run) for one in blueprint.endpoints}
    known |= {name: Wanted(name, joined(system, name), None) for name in blueprint.left_out}
    if named is None and len(known) == 1:
        return next(iter(known.values()))
    if named not in known:
        listed = ", ".join(known) or "none"
        wanted = f"there is no endpoint `{named}`" if named else "name an endpoint"
        raise click.UsageError(f"{wanted}; there are: {listed}")
    return known[named]


def _tell_ages(prepared: Laptop) -> None:
    """Warn of features that are older than their ttl: the server treats them as missing."""
    from mlopsctl.runtime.local import state

    record = state.read(prepared.layout.step("materialize"))
    features = prepared.blueprint.features
    for view in features.views if features and record else ():
        text = record.parameters.get(f"timestamp-{view.name}", "") if record else ""
        if text.replace(".", "", 1).isdigit():
            moment = datetime.fromtimestamp(float(text), UTC)
            age = (datetime.now(UTC) - moment).total_seconds()
            if age > view.ttl:
                _tell(
                    f"the newest features of `{view.name}` are of {moment:%Y-%m-%d %H:%M} UTC, older than their ttl, "
                    "and answers do without them; `mlopsctl run` brings newer data in"
                )


def _told(
    prepared: Laptop, endpoint: Wanted, found: Registered, host: str, where: Ports, contract: dict[str, Any]
) -> None:
    """Say where the endpoint answers, and show a request that works."""
    from mlopsctl.runtime.local.scoring import example_row
    from mlopsctl.runtime.local.server import example

    address = "127.0.0.1" if host == "0.0.0.0" else host  # noqa: S104 - compared, not bound
    base = f"http://{address}:{where.http}/v2/models/{endpoint.name}"
    body = json.dumps(example(contract, example_row(contract, prepared.layout.step("split"))))
    click.echo(f"{endpoint.spec_name} serves {found.name} version {found.version}, {found.why}")
    click.echo(f"  ask        {base}/infer")
    click.echo(f"  schema     {base}")
    click.echo(f"  metrics    http://{address}:{where.metrics}/metrics")
    if contract["asks"] == "request" and contract["views"]:
        click.echo(f"  features   http://127.0.0.1:{where.features}")
    click.echo(
        f"  try        {join(('curl', '-s', f'{base}/infer', '-H', 'Content-Type: application/json', '-d', body))}"
    )
    click.echo("Ctrl-C ends it", err=True)


def _ended_by_signals() -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupt)
