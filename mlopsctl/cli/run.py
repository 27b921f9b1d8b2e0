"""`mlopsctl run`: from raw data to a registered model on this machine.

Exit codes: 0 fine, 1 a step broke, 3 a check or a gate said no, 130 interrupted.
"""

from __future__ import annotations

import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from mlopsctl import __version__, cli

if TYPE_CHECKING:
    from mlopsctl.cli.laptop import Laptop
    from mlopsctl.runtime.local.layout import Layout
    from mlopsctl.runtime.local.walk import Observer, Run

_PATIENCE = 10.0
_QUIET = {"DO_NOT_TRACK": "1", "MLFLOW_DISABLE_TELEMETRY": "true", "PYTHONUNBUFFERED": "1", "PYTHONWARNINGS": "ignore"}


@click.command(name="run")
@click.argument("path", required=False)
@click.option("--env", "environment", help="The environment; `local`, or the only one, by default.")
@click.option("--from", "start", metavar="STEP", help="Do this step and all after it again, changed or not.")
@click.option(
    "--set", "settings", multiple=True, metavar="params.NAME=VALUE", help="A training parameter for this run."
)
@click.option("--now", metavar="TIME", help="The moment the run works for, ISO 8601.")
def command(
    path: str | None, environment: str | None, start: str | None, settings: tuple[str, ...], now: str | None
) -> int:
    """Run a system's steps on this machine, and register its model in `.mlops/` beside the spec.

    PATH is a spec or its folder; left out, the nearest one here or above. Steps whose inputs did not change are reused.
    """
    from mlopsctl.cli import laptop

    laptop.need_libraries()
    with laptop.told():
        prepared = laptop.prepare(path, environment)
        if prepared is None:
            return cli.ERRORS
        if not any(one.purpose == "train" for one in prepared.blueprint.pipelines):
            named = prepared.blueprint.identity.system
            raise click.UsageError(f"`{named}` trains no model, so there is nothing to run")
        _ended_by_signals()
        return _walked(prepared, start, _parameters(settings), _moment(now))


def _walked(prepared: Laptop, start: str | None, params: Mapping[str, Any], asked: datetime | None) -> int:
    """Walk the steps, and conclude."""
    from mlopsctl.cli import progress, summary
    from mlopsctl.runtime.local.walk import walk

    with _alone(prepared.layout) as descriptor, progress.observer() as watching:
        run = _run(prepared, start, params, asked, watching, descriptor)
        began = time.monotonic()
        try:
            ended = walk(run)
        except KeyboardInterrupt:
            watching.__exit__(None, None, None)
            click.echo("interrupted; the next run goes on from the steps that were done", err=True)
            return 130
        finally:
            run.fingerprints.save()
    return summary.conclude(prepared, run, ended, time.monotonic() - began)


def _run(
    prepared: Laptop,
    start: str | None,
    params: Mapping[str, Any],
    asked: datetime | None,
    watching: Observer,
    descriptor: int,
) -> Run:
    """Gather what the walk depends on."""
    from mlopsctl.runtime.local import keys
    from mlopsctl.runtime.local.fingerprints import Fingerprints
    from mlopsctl.runtime.local.moment import moment
    from mlopsctl.runtime.local.walk import Run

    blueprint, layout = prepared
    prints = Fingerprints(layout.folder / "fingerprints.json")
    clock = datetime.now(UTC).replace(microsecond=0)
    data = keys.data(blueprint, layout.home, prints)
    now = moment(layout.folder / "moment.json", blueprint, asked, clock, data)
    around = {
        "tool": keys.tool(__version__, prints),
        "code": keys.code(blueprint, layout.home, prints),
        "data": data or clock.isoformat(),
        "now": now.isoformat(),
    }
    return Run(
        blueprint=blueprint,
        layout=layout,
        now=now,
        parameters=_pipeline_parameters(prepared, params),
        around=around,
        fingerprints=prints,
        program=(sys.executable, "-m", "mlopsctl", "step"),
        environ=_environ(layout),
        observer=watching,
        clock=lambda: datetime.now(UTC),
        again=_again(prepared, start),
        keep=(descriptor,),
    )


def _pipeline_parameters(prepared: Laptop, params: Mapping[str, Any]) -> dict[str, str]:
    """Return the training pipeline's parameters, with what was set for this run."""
    pipeline = next(one for one in prepared.blueprint.pipelines if one.purpose == "train")
    found = {one.name: one.default for one in pipeline.parameters}
    if params:
        found["params"] = json.dumps({**json.loads(found["params"]), **params}, sort_keys=True)
    return {**found, "git-commit": _commit(prepared.layout)}


def _parameters(settings: tuple[str, ...]) -> dict[str, Any]:
    """Read `--set`: a value is JSON where it can be read so, and text where not."""
    found = {}
    for setting in settings:
        name, sign, value = setting.partition("=")
        if not sign or not name.startswith("params.") or name == "params.":
            raise click.UsageError(f"--set wants params.NAME=VALUE, and `{setting}` is not")
        try:
            found[name.removeprefix("params.")] = json.loads(value)
        except ValueError:
            found[name.removeprefix("params.")] = value
    return found


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise click.UsageError(f"--now wants a time such as 2026-01-31T12:00:00+00:00, and `{text}` is none") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _again(prepared: Laptop, start: str | None) -> frozenset[str]:
    """Return the steps that must not be reused: the one named, all after it, and those whose stores are gone."""
    from mlopsctl.runtime.local.walk import steps

    names = [step.name for step in steps(prepared.blueprint)]
    found: set[str] = set()
    if start is not None:
        if start not in names:
            raise click.UsageError(f"there is no step `{start}`; there are: {', '.join(names)}")
        found.update(names[names.index(start) :])
    layout = prepared.layout
    if not layout.tracking.exists():
        found.update(name for name in names if name in ("train", "evaluate", "gate", "register", "monitor"))
    if not layout.online_store.exists() or not layout.feature_registry.exists():
        found.add("materialize")
    return frozenset(found)


def _environ(layout: Layout) -> dict[str, str]:
    """Return the environment of steps: the user's, their code within reach, everything tracked here."""
    paths = [str(layout.home), *os.environ.get("PYTHONPATH", "").split(os.pathsep)]
    return {
        **_QUIET,
        **os.environ,
        "PYTHONPATH": os.pathsep.join(path for path in paths if path),
        "MLFLOW_TRACKING_URI": layout.tracking_uri,
    }


def _commit(layout: Layout) -> str:
    """Return the commit that the spec's folder is at; empty where there is none."""
    try:
        done = subprocess.run(
            ("git", "rev-parse", "HEAD"),  # noqa: S607 - whichever git the user has
            cwd=layout.home,
            capture_output=True,
            text=True,
            timeout=10,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def _ended_by_signals() -> None:
    """Let a polite end of the process be as orderly as Ctrl-C."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupt)


@contextmanager
def _alone(layout: Layout) -> Iterator[int]:
    """Hold the lock of the folder: one run at a time. A step of a run that was killed may hold it for a moment."""
    descriptor = os.open(layout.lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        deadline = time.monotonic() + _PATIENCE
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise click.ClickException(f"another run is at work in {layout.folder}") from None
                time.sleep(0.1)
        yield descriptor
    finally:
        os.close(descriptor)
