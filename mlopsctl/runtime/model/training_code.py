"""Run the user's training code: a function in this process, or a command in its own process.

Errors in the user's code are reported with the user's file and line.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import traceback
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from mlopsctl.runtime.data.artifacts import ROWS_FILE, Dataset
from mlopsctl.runtime.failures import first_line
from mlopsctl.runtime.step_context import StepContext, StepFailed

ENTRYPOINT, COMMAND = "spec.model.code.entrypoint", "spec.model.code.command"
_FILES = ("*.pkl", "*.joblib", "*.cloudpickle")


def estimator(step_context: StepContext, data: Dataset, folder: Path, params: Mapping[str, Any]) -> Any:
    """Train; StepFailed if the user's code returns no estimator. `folder` contains the rows."""
    _seed(step_context.model.seed)
    if step_context.model.entrypoint:
        trained, field = _by_function(step_context, step_context.model.entrypoint, data, params), ENTRYPOINT
    else:
        trained, field = _by_command(step_context, data, folder, params), COMMAND
    if not hasattr(trained, "predict"):
        kind = type(trained).__name__
        raise StepFailed(f"the training code returned an object of type `{kind}`, which has no `predict` method", field)
    return trained


def _seed(seed: int) -> None:
    import numpy as np

    random.seed(seed)
    np.random.seed(seed)  # the state of libraries without a seed parameter


def _by_function(step_context: StepContext, entrypoint: str, data: Dataset, params: Mapping[str, Any]) -> Any:
    function = _function(entrypoint)
    try:
        trained = function(data.inputs, data.label, dict(params))
    except (Exception, SystemExit) as error:
        raise StepFailed(f"`{entrypoint}` raised {exception_text(error, step_context.root)}", ENTRYPOINT) from error
    if trained is None:
        raise StepFailed(f"`{entrypoint}` returned nothing; it must return the trained estimator", ENTRYPOINT)
    return trained


def _function(entrypoint: str) -> Any:
    module, _, name = entrypoint.partition(":")
    try:
        return getattr(import_module(module), name)
    except ModuleNotFoundError as error:
        where = f"there is no module `{error.name}`: put it in the folder that steps run in, or install it"
        raise StepFailed(f"`{entrypoint}` cannot be imported: {where}", ENTRYPOINT) from error
    except AttributeError:
        raise StepFailed(f"module `{module}` has no function `{name}`", ENTRYPOINT) from None
    except (Exception, SystemExit) as error:
        raise StepFailed(f"`{module}` cannot be imported: {exception_text(error, Path.cwd())}", ENTRYPOINT) from error


def exception_text(error: BaseException, root: Path) -> str:
    """Return an exception as `Kind: text (file:line)`, the innermost line of the user's own files."""
    frames = traceback.extract_tb(error.__traceback__)
    libraries = ("site-packages", "dist-packages")
    own = [
        f
        for f in frames
        if f.filename.startswith(str(root)) and not any(library in f.filename for library in libraries)
    ]
    ours = str(Path(__file__).resolve().parents[1])
    last = next((f for f in reversed(own) if not f.filename.startswith(ours)), None)
    where = f" ({Path(last.filename).relative_to(root)}:{last.lineno})" if last else ""
    return f"{type(error).__name__}: {first_line(error) or 'no message'}{where}"


def _by_command(step_context: StepContext, data: Dataset, folder: Path, params: Mapping[str, Any]) -> Any:
    """Run the command with the paths in its environment, and load its output."""
    place = step_context.work / "trained"
    place.mkdir(parents=True, exist_ok=True)
    command = list(step_context.model.command)
    try:
        done = subprocess.run(  # noqa: S603 - the command that the spec names
            command, cwd=step_context.root, env=_environment(step_context, data, folder, place, params), check=False
        )
    except OSError as error:
        raise StepFailed(f"`{command[0]}` cannot be started: {error.strerror}", COMMAND) from error
    if done.returncode:
        raise StepFailed(f"`{command[0]}` failed with exit code {done.returncode}", COMMAND)
    return _load_estimator(place)


def _environment(
    step_context: StepContext, data: Dataset, folder: Path, place: Path, params: Mapping[str, Any]
) -> dict[str, str]:
    from mlopsctl.runtime.data.artifacts import INPUT

    return {
        **step_context.environ,
        # `python` in the command is the interpreter of the step.
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), step_context.environ.get("PATH", os.defpath)]),
        "MLOPSCTL_TRAIN": str(folder / ROWS_FILE),
        "MLOPSCTL_INPUTS": json.dumps(data.schema.names(INPUT)),
        "MLOPSCTL_LABEL": step_context.model.label.column,
        "MLOPSCTL_PARAMS": json.dumps(dict(params)),
        "MLOPSCTL_SEED": str(step_context.model.seed),
        "MLOPSCTL_MODEL": str(place),
    }


def _load_estimator(place: Path) -> Any:
    """Load the estimator that a command wrote: an MLflow model, or one pickled file."""
    if (place / "MLmodel").is_file():
        import mlflow.pyfunc

        loaded = mlflow.pyfunc.load_model(str(place))
        return loaded.get_raw_model() if hasattr(loaded, "get_raw_model") else loaded
    files = sorted(file for pattern in _FILES for file in place.glob(pattern))
    if len(files) != 1:
        leftovers = "nothing" if not files else f"{len(files)} of them"
        expected = "an MLflow model or one file *.pkl, *.joblib or *.cloudpickle"
        raise StepFailed(
            f"the command must write {expected} to the folder MLOPSCTL_MODEL; it wrote {leftovers}", COMMAND
        )
    import joblib

    try:
        return joblib.load(files[0])
    except Exception as error:
        raise StepFailed(f"{files[0].name} cannot be loaded: {first_line(error)}", COMMAND) from error
