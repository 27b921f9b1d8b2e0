"""The user's training code: a function in this process, or a command in one of its own.

In: the training rows, parameters, a seed. Out: an estimator. What goes wrong in the user's code is said with its file
and line, and never with our own.
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

from mlopsctl.runtime.artifacts import ROWS_FILE, Dataset
from mlopsctl.runtime.call import Broken, Call
from mlopsctl.runtime.failures import first_line

ENTRYPOINT, COMMAND = "spec.model.code.entrypoint", "spec.model.code.command"
_FILES = ("*.pkl", "*.joblib", "*.cloudpickle")


def estimator(call: Call, data: Dataset, folder: Path, params: Mapping[str, Any]) -> Any:
    """Train; Broken where the user's code does not give an estimator. `folder` is where the rows lie."""
    _seed(call.model.seed)
    if call.model.entrypoint:
        found, field = _by_function(call, call.model.entrypoint, data, params), ENTRYPOINT
    else:
        found, field = _by_command(call, data, folder, params), COMMAND
    if not hasattr(found, "predict"):
        raise Broken(f"the training code gave a {type(found).__name__}, which has no `predict`", field)
    return found


def _seed(seed: int) -> None:
    import numpy as np

    random.seed(seed)
    np.random.seed(seed)  # what libraries that take no seed draw from


def _by_function(call: Call, entrypoint: str, data: Dataset, params: Mapping[str, Any]) -> Any:
    function = _function(entrypoint)
    try:
        found = function(data.inputs, data.label, dict(params))
    except (Exception, SystemExit) as error:
        raise Broken(f"`{entrypoint}` raised {said(error, call.root)}", ENTRYPOINT) from error
    if found is None:
        raise Broken(f"`{entrypoint}` returned nothing; it must return the trained estimator", ENTRYPOINT)
    return found


def _function(entrypoint: str) -> Any:
    module, _, name = entrypoint.partition(":")
    try:
        return getattr(import_module(module), name)
    except ModuleNotFoundError as error:
        where = f"there is no module `{error.name}`: it must lie in the folder that steps run in, or be installed"
        raise Broken(f"`{entrypoint}` cannot be imported: {where}", ENTRYPOINT) from error
    except AttributeError:
        raise Broken(f"module `{module}` has no function `{name}`", ENTRYPOINT) from None
    except (Exception, SystemExit) as error:
        raise Broken(f"`{module}` cannot be imported: {said(error, Path.cwd())}", ENTRYPOINT) from error


def said(error: BaseException, root: Path) -> str:
    """Return an exception as `Kind: text (file:line)`, the innermost line of the user's own files."""
    frames = traceback.extract_tb(error.__traceback__)
    libraries = ("site-packages", "dist-packages")
    own = [f for f in frames if f.filename.startswith(str(root)) and not any(one in f.filename for one in libraries)]
    ours = str(Path(__file__).parent)
    last = next((f for f in reversed(own) if not f.filename.startswith(ours)), None)
    where = f" ({Path(last.filename).relative_to(root)}:{last.lineno})" if last else ""
    return f"{type(error).__name__}: {first_line(error) or 'no text'}{where}"


def _by_command(call: Call, data: Dataset, folder: Path, params: Mapping[str, Any]) -> Any:
    """Run the command with the paths in its environment, and load what it left."""
    place = call.work / "trained"
    place.mkdir(parents=True, exist_ok=True)
    words = list(call.model.command)
    try:
        done = subprocess.run(words, cwd=call.root, env=_environment(call, data, folder, place, params), check=False)  # noqa: S603 - the user's own command
    except OSError as error:
        raise Broken(f"`{words[0]}` cannot be started: {error.strerror}", COMMAND) from error
    if done.returncode:
        raise Broken(f"`{words[0]}` ended with {done.returncode}", COMMAND)
    return _left(place)


def _environment(call: Call, data: Dataset, folder: Path, place: Path, params: Mapping[str, Any]) -> dict[str, str]:
    from mlopsctl.runtime.artifacts import INPUT

    return {
        **call.environ,
        # `python` in the command is the one that the step runs with.
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), call.environ.get("PATH", os.defpath)]),
        "MLOPSCTL_TRAIN": str(folder / ROWS_FILE),
        "MLOPSCTL_INPUTS": json.dumps(data.schema.names(INPUT)),
        "MLOPSCTL_LABEL": call.model.label.column,
        "MLOPSCTL_PARAMS": json.dumps(dict(params)),
        "MLOPSCTL_SEED": str(call.model.seed),
        "MLOPSCTL_MODEL": str(place),
    }


def _left(place: Path) -> Any:
    """Load the estimator that a command left: an MLflow model, or one pickled file."""
    if (place / "MLmodel").is_file():
        import mlflow.pyfunc

        loaded = mlflow.pyfunc.load_model(str(place))
        return loaded.get_raw_model() if hasattr(loaded, "get_raw_model") else loaded
    files = sorted(file for pattern in _FILES for file in place.glob(pattern))
    if len(files) != 1:
        found = "nothing" if not files else f"{len(files)} of them"
        wanted = "an MLflow model or one file *.pkl, *.joblib or *.cloudpickle"
        raise Broken(f"the command must leave {wanted} in the folder MLOPSCTL_MODEL; it left {found}", COMMAND)
    import joblib

    try:
        return joblib.load(files[0])
    except Exception as error:
        raise Broken(f"{files[0].name} cannot be loaded: {first_line(error)}", COMMAND) from error
