"""`mlopsctl run`: from raw data to a registered model on this machine.

Exit codes: 0 success, 1 a step failed, 3 a check or a gate failed, 130 interrupted.
"""

from __future__ import annotations

import fcntl
import json
import os
import signal
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from mlopsctl import __version__
from mlopsctl.cli import output as report
from mlopsctl.cli import terminal
from mlopsctl.cli.group import Verb

if TYPE_CHECKING:
    from mlopsctl.runtime.local.layout import Layout
    from mlopsctl.runtime.local.prepare import LocalSystem
    from mlopsctl.runtime.local.scheduler import Observer, Run
    from mlopsctl.runtime.local.step_server import StepServer

_STOP_TIMEOUT_S = 10.0
_FRESH = "MLOPSCTL_FRESH_STEPS"
"""A variable that turns the step server off: every step is started as a process of its own."""
_MOST_FILES_LISTED = 3
_QUIET = {"DO_NOT_TRACK": "1", "MLFLOW_DISABLE_TELEMETRY": "true", "PYTHONUNBUFFERED": "1", "PYTHONWARNINGS": "ignore"}


@click.command(cls=Verb, name="run")
@click.argument("path", required=False)
@click.option("--env", "environment", help="Environment. Default: `local`, or the only one.")
@click.option("--from", "start", metavar="STEP", help="Run this step and all later ones again, changed or not.")
@click.option(
    "--set", "settings", multiple=True, metavar="params.NAME=VALUE", help="Training parameter for this run; repeatable."
)
@click.option("--now", metavar="TIME", help="Reference time of the run, ISO 8601. Default: now.")
def command(
    path: str | None, environment: str | None, start: str | None, settings: tuple[str, ...], now: str | None
) -> int:
    """Run a system's steps on this machine, and register its model in `.mlops/` beside the spec.

    PATH is a spec or its folder. Default: the nearest one in this folder or above it. Steps with unchanged inputs are
    reused.
    """
    from mlopsctl.cli.failures import reported
    from mlopsctl.runtime.local.prepare import PreflightError, need_libraries, prepare

    need_libraries()
    with reported():
        try:
            prepared = prepare(path, environment, preflight=True)
        except PreflightError as error:
            return report.rejected(error, "cannot run: fix the errors above first")
        if not any(pipeline.purpose == "train" for pipeline in prepared.blueprint.pipelines):
            system = prepared.blueprint.identity.system
            raise click.UsageError(f"`{system}` has no model: there is nothing to run")
        _ended_by_signals()
        return _run_steps(prepared, start, _parameters(settings), _moment(now))


def _run_steps(prepared: LocalSystem, start: str | None, params: Mapping[str, Any], requested: datetime | None) -> int:
    """Run the steps and print the summary."""
    from mlopsctl.cli.views import progress, run_summary
    from mlopsctl.runtime.local.scheduler import walk

    with _alone(prepared.layout) as descriptor, progress.observer() as watching, ExitStack() as ending:
        run = _run(prepared, start, params, requested, watching, descriptor)
        if run.server:
            ending.enter_context(run.server)
        began = time.monotonic()
        try:
            ended = walk(run)
        except KeyboardInterrupt:
            watching.__exit__(None, None, None)
            terminal.echo("interrupted; the next run continues after the completed steps", err=True)
            return 130
        finally:
            run.fingerprints.save()
    return run_summary.conclude(prepared, run, ended, time.monotonic() - began)


def _run(
    prepared: LocalSystem,
    start: str | None,
    params: Mapping[str, Any],
    requested: datetime | None,
    watching: Observer,
    descriptor: int,
) -> Run:
    """Collect the inputs of the scheduler and run it."""
    from mlopsctl.runtime.local import keys
    from mlopsctl.runtime.local.fingerprints import Fingerprints
    from mlopsctl.runtime.local.run_time import moment
    from mlopsctl.runtime.local.scheduler import Run

    blueprint, layout, *_ = prepared
    prints = Fingerprints(layout.folder / "fingerprints.json")
    clock = datetime.now(UTC).replace(microsecond=0)
    data = keys.data(blueprint, layout.home, prints)
    now = moment(layout.folder / "moment.json", blueprint, requested, clock, data)
    around = {
        "tool": keys.tool(__version__, prints),
        "code": keys.code(blueprint, layout.home, prints),
        "transforms": keys.transforms(blueprint, layout.home, prints),
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
        again=_repeated_steps(prepared, start),
        keep=(descriptor,),
        server=_server(layout, descriptor),
    )


def _server(layout: Layout, descriptor: int) -> StepServer | None:
    """Return the server that forks steps, where the system can fork them safely and nobody turned it off."""
    from mlopsctl.runtime.local.step_server import StepServer

    if not sys.platform.startswith("linux") or os.environ.get(_FRESH):
        return None
    program = (sys.executable, "-m", "mlopsctl.cli.step_server")
    return StepServer(program, layout.home, _environ(layout), (descriptor,))


def _pipeline_parameters(prepared: LocalSystem, params: Mapping[str, Any]) -> dict[str, str]:
    """Return the training pipeline's parameters, with the settings of this run."""
    pipeline = next(pipeline_ for pipeline_ in prepared.blueprint.pipelines if pipeline_.purpose == "train")
    parameters = {parameter.name: parameter.default for parameter in pipeline.parameters}
    if params:
        parameters["params"] = json.dumps({**json.loads(parameters["params"]), **params}, sort_keys=True)
    return {**parameters, "git-commit": _commit(prepared)}


def _parameters(settings: tuple[str, ...]) -> dict[str, Any]:
    """Parse `--set`: a value is JSON if it parses, else a string."""
    values = {}
    for setting in settings:
        name, sign, value = setting.partition("=")
        if not sign or not name.startswith("params.") or name == "params.":
            raise click.UsageError(f"--set must be params.NAME=VALUE, not `{setting}`")
        try:
            values[name.removeprefix("params.")] = json.loads(value)
        except ValueError:
            values[name.removeprefix("params.")] = value
    return values


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise click.UsageError(f"--now must be a time such as 2026-01-31T12:00:00+00:00, not `{text}`") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _repeated_steps(prepared: LocalSystem, start: str | None) -> frozenset[str]:
    """Return the steps that must run again: the given one, all after it, and those whose stores are missing."""
    from mlopsctl.runtime.local.scheduler import steps

    names = [step.name for step in steps(prepared.blueprint)]
    repeated: set[str] = set()
    if start is not None:
        if start not in names:
            raise click.UsageError(f"there is no step `{start}`; steps: {', '.join(names)}")
        repeated.update(names[names.index(start) :])
    layout = prepared.layout
    if not layout.tracking.exists():
        repeated.update(name for name in names if name in ("train", "evaluate", "gate", "register", "monitor"))
    if not layout.online_store.exists() or not layout.feature_registry.exists():
        repeated.add("materialize")
    return frozenset(repeated)


def _environ(layout: Layout) -> dict[str, str]:
    """Return the environment variables of steps: the user's, with the spec's folder on the path and local tracking."""
    paths = [str(layout.home), *os.environ.get("PYTHONPATH", "").split(os.pathsep)]
    return {
        **_QUIET,
        **os.environ,
        "PYTHONPATH": os.pathsep.join(path for path in paths if path),
        "MLFLOW_TRACKING_URI": layout.tracking_uri,
    }


def _commit(prepared: LocalSystem) -> str:
    """Return the commit of code and spec, with a suffix for uncommitted changes, and print a warning."""
    from mlopsctl.project.git_state import state
    from mlopsctl.runtime.local import keys
    from mlopsctl.runtime.local.outcome import UNCOMMITTED

    code = keys.code_places(prepared.blueprint, prepared.layout.home)
    git = state(prepared.root, [*prepared.source_files, *code])
    if git.why:
        terminal.echo(f"{git.why}: the version records no commit", err=True)
    if git.changed:
        terminal.echo(f"uncommitted changes: {_listed(git.changed)}; the version is marked `{UNCOMMITTED}`", err=True)
    return f"{git.commit}{UNCOMMITTED}" if git.changed else git.commit


def _listed(names: Sequence[str]) -> str:
    more = len(names) - _MOST_FILES_LISTED
    return ", ".join(names[:_MOST_FILES_LISTED]) + (f" and {more} more" if more > 0 else "")


def _ended_by_signals() -> None:
    """Handle SIGTERM like Ctrl-C."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupt)


@contextmanager
def _alone(layout: Layout) -> Iterator[int]:
    """Hold the lock of the folder: one run at a time. A step of a killed run may hold it briefly."""
    descriptor = os.open(layout.lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        deadline = time.monotonic() + _STOP_TIMEOUT_S
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise click.ClickException(f"another run is active in {layout.folder}") from None
                time.sleep(0.1)
        yield descriptor
    finally:
        os.close(descriptor)
