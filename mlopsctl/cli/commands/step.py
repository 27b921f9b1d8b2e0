"""`mlopsctl step`: run one step of a pipeline; the same command locally and in every engine.

Exit codes: 0 success, 3 a check or gate rejects, 1 failure. Secrets are masked in all output of the step and its code.
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
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mlopsctl import cli
from mlopsctl.cli.group import Verb

if TYPE_CHECKING:
    from mlopsctl.blueprint.model.blueprint import Blueprint
    from mlopsctl.runtime.log import Log
    from mlopsctl.runtime.step_context import StepContext

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
"""Settings that disable the libraries' telemetry and progress bars."""
_TIMEOUT_S, _POLL_INTERVAL_S = float(os.environ.get("MLOPSCTL_PATIENCE", "300")), 2.0
"""Seconds: a mounted ConfigMap follows its object within a minute or two."""


@click.command(cls=Verb, name="step")
@click.argument("verb")
@click.option("--blueprint", "file", required=True, type=click.Path(path_type=Path), help="Blueprint, as JSON.")
@click.option("--expect", metavar="HASH", help="Wait until the Blueprint holds the pipeline with this hash.")
@click.option("--in", "inputs", multiple=True, metavar="NAME=PATH", help="Path of an input; repeatable.")
@click.option("--out", "outputs", multiple=True, metavar="NAME=PATH", help="Path of an output; repeatable.")
@click.option("--set", "parameters", multiple=True, metavar="NAME=VALUE", help="Parameter; repeatable.")
@click.option("--read", "left", multiple=True, metavar="NAME=PATH", help="Parameter read from a file; repeatable.")
@click.option("--features", type=click.Path(path_type=Path), help="Rendered feature repository.")
@click.option("--work", type=click.Path(path_type=Path), help="Scratch folder. Default: a temporary one.")
@click.option("--metrics", type=click.Path(path_type=Path), help="File for the step's Prometheus gauges.")
@click.option("--now", metavar="TIME", help="Reference time of the step, ISO 8601. Default: now.")
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

    prepare()
    blueprint = _expected(file, expect) if expect else _blueprint(file)
    moment = _moment(now)
    handed = {**_assignments("--set", parameters), **_file_texts(_assignments("--read", left))}
    options = (_assignments("--in", inputs), _assignments("--out", outputs), handed)
    mask = masking(os.environ, blueprint)
    scratch = (work or Path(tempfile.mkdtemp(prefix="mlopsctl-"))).resolve()
    with captured(mask, verb, blueprint) as (log, caught_up):
        try:
            step_context = _step_context(verb, blueprint, options, features, scratch, metrics, moment, log)
            return _run(step_context, caught_up)
        finally:
            if work is None:
                shutil.rmtree(scratch, ignore_errors=True)


def _step_context(
    verb: str,
    blueprint: Blueprint,
    options: tuple[dict[str, str], dict[str, str], dict[str, str]],
    features: Path | None,
    scratch: Path,
    metrics: Path | None,
    moment: datetime,
    log: Log,
) -> StepContext:
    from mlopsctl.runtime.step_context import StepContext

    inputs, outputs, parameters = options
    return StepContext(
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


def _run(step_context: StepContext, caught_up: Callable[[], None]) -> int:
    """Run the step; print how it ended as its last line, and return the exit code."""
    from mlopsctl.blueprint.model.pipelines import GATE_REJECTED_CODE
    from mlopsctl.runtime.failures import sentence
    from mlopsctl.runtime.step_context import GateRejected, StepFailed
    from mlopsctl.runtime.steps import VERBS, step

    try:
        run = step(step_context.step)
    except KeyError:
        step_context.log.fail(f"there is no step `{step_context.step}`; steps: {', '.join(VERBS)}")
        return cli.USAGE
    try:
        step_context.work.mkdir(parents=True, exist_ok=True)
        run(step_context)
    except GateRejected as refusal:
        caught_up()
        step_context.log.fail(str(refusal), outcome="refused")
        return GATE_REJECTED_CODE
    except StepFailed as broken:
        caught_up()
        step_context.log.fail(str(broken), outcome="broken")
        _trace(broken)
        return cli.ERRORS
    except Exception as error:
        caught_up()
        step_context.log.fail(sentence(error), outcome="broken")
        _trace(error)
        return cli.ERRORS
    return cli.OK


def _trace(error: Exception) -> None:
    if os.environ.get("MLOPSCTL_TRACEBACK"):
        import traceback

        traceback.print_exception(error)


@cache
def prepare() -> None:
    """Set up the process, once, before libraries are imported: quiet, with the user's code on the path."""
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
        raise click.UsageError(f"cannot read the blueprint {file}: {error.strerror}") from None
    except ValueError as error:
        line = str(error).partition("\n")[0]
        raise click.UsageError(f"{file} is not a blueprint of this version: {line}") from None


def _expected(file: Path, hash: str) -> Blueprint:
    """Read the Blueprint with a pipeline; a mounted one may be older than the run, so wait for the update."""
    end = time.monotonic() + _TIMEOUT_S
    while True:
        blueprint = _blueprint(file)
        if any(pipeline.hash == hash for pipeline in blueprint.pipelines):
            return blueprint
        if time.monotonic() >= end:
            raise click.ClickException(f"{file} has no pipeline {hash}: the run belongs to another Blueprint")
        time.sleep(_POLL_INTERVAL_S)


def _assignments(option: str, values: tuple[str, ...]) -> dict[str, str]:
    pairs = {}
    for value in values:
        name, sign, rest = value.partition("=")
        if not sign or not name:
            raise click.UsageError(f"{option} must be NAME=VALUE, not `{value}`")
        pairs[name] = rest
    return pairs


def _file_texts(files: dict[str, str]) -> dict[str, str]:
    """Return the contents of the parameter files."""
    values = {}
    for name, path in files.items():
        try:
            values[name] = Path(path).read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise click.UsageError(f"--read {name}: cannot read {path}: {error}") from None
    return values


def _moment(text: str | None) -> datetime:
    if text is None:
        return datetime.now(UTC)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise click.UsageError(f"--now must be a time such as 2026-01-31T12:00:00+00:00, not `{text}`") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
