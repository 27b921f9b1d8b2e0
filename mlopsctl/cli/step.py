"""`mlopsctl step`: one step of a pipeline, the same command on a laptop and in every engine.

Exit codes: 0 done, 3 the answer is no, 1 broken. Whatever the step and the code it runs print is masked on its way out.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mlopsctl import cli

if TYPE_CHECKING:
    from mlopsctl.blueprint.model import Blueprint
    from mlopsctl.runtime.call import Call
    from mlopsctl.runtime.log import Log

_QUIET = {
    "DISABLE_DEEPCHECKS_ANONYMOUS_TELEMETRY": "1",
    "DISABLE_LATEST_VERSION_CHECK": "1",
    "DO_NOT_TRACK": "1",
    "FEAST_USAGE": "False",
    "GIT_PYTHON_REFRESH": "quiet",
    "GX_ANALYTICS_ENABLED": "false",
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "TQDM_DISABLE": "1",
}
"""What keeps the libraries from calling home and from drawing bars into logs."""
_PATIENCE, _LOOK = float(os.environ.get("MLOPSCTL_PATIENCE", "300")), 2.0
"""Seconds: a mounted ConfigMap follows its object within a minute or two."""


@click.command(name="step")
@click.argument("verb")
@click.option("--blueprint", "file", required=True, type=click.Path(path_type=Path), help="The Blueprint, as JSON.")
@click.option("--expect", metavar="HASH", help="Wait until the Blueprint holds the pipeline of this hash.")
@click.option("--in", "inputs", multiple=True, metavar="NAME=PATH", help="Where an input lies; may be given again.")
@click.option("--out", "outputs", multiple=True, metavar="NAME=PATH", help="Where an output goes; may be given again.")
@click.option("--set", "parameters", multiple=True, metavar="NAME=VALUE", help="A parameter; may be given again.")
@click.option("--read", "left", multiple=True, metavar="NAME=PATH", help="A parameter in a file; may be given again.")
@click.option("--features", type=click.Path(path_type=Path), help="The rendered feature repository.")
@click.option("--work", type=click.Path(path_type=Path), help="A scratch folder; a temporary one by default.")
@click.option("--metrics", type=click.Path(path_type=Path), help="Write the step's gauges here, for Prometheus.")
@click.option("--now", metavar="TIME", help="The moment the step works for, ISO 8601; the clock's by default.")
def command(
    verb: str,
    file: Path,
    expect: str | None,
    inputs: tuple[str, ...],
    outputs: tuple[str, ...],
    parameters: tuple[str, ...],
    left: tuple[str, ...],
    features: Path | None,
    work: Path | None,
    metrics: Path | None,
    now: str | None,
) -> int:
    """Run one step of a pipeline. Relative paths of the spec start from the current folder."""
    from mlopsctl.cli.step_output import captured
    from mlopsctl.runtime.masking import masking

    _prepare()
    blueprint = _expected(file, expect) if expect else _blueprint(file)
    moment = _moment(now)
    handed = {**_named("--set", parameters), **_read(_named("--read", left))}
    named = (_named("--in", inputs), _named("--out", outputs), handed)
    mask = masking(os.environ, blueprint)
    scratch = (work or Path(tempfile.mkdtemp(prefix="mlopsctl-"))).resolve()
    with captured(mask, verb, blueprint) as (log, caught_up):
        try:
            call = _call(verb, blueprint, named, features, scratch, metrics, moment, log)
            return _run(call, caught_up)
        finally:
            if work is None:
                shutil.rmtree(scratch, ignore_errors=True)


def _call(
    verb: str,
    blueprint: Blueprint,
    named: tuple[dict[str, str], dict[str, str], dict[str, str]],
    features: Path | None,
    scratch: Path,
    metrics: Path | None,
    moment: datetime,
    log: Log,
) -> Call:
    from mlopsctl.runtime.call import Call

    inputs, outputs, parameters = named
    return Call(
        step=verb,
        blueprint=blueprint,
        inputs={name: Path(path).resolve() for name, path in inputs.items()},
        outputs={name: Path(path).resolve() for name, path in outputs.items()},
        parameters=parameters,
        root=Path.cwd(),
        features=(features or Path(blueprint.paths.features)).resolve(),
        work=scratch,
        now=moment,
        environ=dict(os.environ),
        log=log,
        metrics=metrics.resolve() if metrics else None,
    )


def _run(call: Call, caught_up: Callable[[], None]) -> int:
    """Run the step, and put every way it can end into one sentence, its last, and a code."""
    from mlopsctl.blueprint.model import REFUSED
    from mlopsctl.runtime.call import Broken, Refused
    from mlopsctl.runtime.failures import sentence
    from mlopsctl.runtime.steps import VERBS, step

    try:
        run = step(call.step)
    except KeyError:
        call.log.fail(f"there is no step `{call.step}`; there are {', '.join(VERBS)}")
        return cli.USAGE
    try:
        call.work.mkdir(parents=True, exist_ok=True)
        run(call)
    except Refused as refusal:
        caught_up()
        call.log.fail(str(refusal), outcome="refused")
        return REFUSED
    except Broken as broken:
        caught_up()
        call.log.fail(str(broken), outcome="broken")
        _trace(broken)
        return cli.ERRORS
    except Exception as error:
        caught_up()
        call.log.fail(sentence(error), outcome="broken")
        _trace(error)
        return cli.ERRORS
    return cli.OK


def _trace(error: Exception) -> None:
    if os.environ.get("MLOPSCTL_TRACEBACK"):
        import traceback

        traceback.print_exception(error)


def _prepare() -> None:
    """Set the process up before any library is imported: quiet, and with the user's code within reach."""
    for name, value in _QUIET.items():
        os.environ.setdefault(name, value)
    if not os.environ.get("MLOPSCTL_TRACEBACK"):
        warnings.simplefilter("ignore")
        os.environ.setdefault("PYTHONWARNINGS", "ignore")
    folder = str(Path.cwd())
    if folder not in sys.path:
        sys.path.insert(0, folder)


def _blueprint(file: Path) -> Blueprint:
    from mlopsctl.blueprint import codec

    try:
        return codec.loads(file.read_bytes())
    except OSError as error:
        raise click.UsageError(f"the blueprint {file} cannot be read: {error.strerror}") from None
    except ValueError as error:
        line = str(error).partition("\n")[0]
        raise click.UsageError(f"{file} is not a blueprint of this version: {line}") from None


def _expected(file: Path, hash: str) -> Blueprint:
    """Read the Blueprint that holds a pipeline; a mounted one may be older than the run, and is then waited for."""
    end = time.monotonic() + _PATIENCE
    while True:
        blueprint = _blueprint(file)
        if any(pipeline.hash == hash for pipeline in blueprint.pipelines):
            return blueprint
        if time.monotonic() >= end:
            raise click.ClickException(f"{file} holds no pipeline {hash}: the run belongs to another Blueprint")
        time.sleep(_LOOK)


def _named(option: str, values: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for value in values:
        name, sign, rest = value.partition("=")
        if not sign or not name:
            raise click.UsageError(f"{option} wants NAME=VALUE, and `{value}` is not")
        found[name] = rest
    return found


def _read(files: dict[str, str]) -> dict[str, str]:
    """Return the texts of the files that hold parameters."""
    found = {}
    for name, path in files.items():
        try:
            found[name] = Path(path).read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise click.UsageError(f"--read {name}: {path} cannot be read: {error}") from None
    return found


def _moment(text: str | None) -> datetime:
    if text is None:
        return datetime.now(UTC)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise click.UsageError(f"--now wants a time such as 2026-01-31T12:00:00+00:00, and `{text}` is none") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
