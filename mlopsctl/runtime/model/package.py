"""The package of a model: an MLflow model folder with the contract and the scoring code."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlopsctl.engines.model_servers import served_by
from mlopsctl.runtime import scoring
from mlopsctl.runtime.failures import first_line, sentence
from mlopsctl.runtime.model import requirements, user_code
from mlopsctl.runtime.scoring import contract as contracts
from mlopsctl.runtime.scoring.estimator import NATIVE
from mlopsctl.runtime.scoring.lookup import HttpLookup
from mlopsctl.runtime.scoring.scorer import Scorer
from mlopsctl.runtime.scoring.vectors import own_columns
from mlopsctl.runtime.step_context import StepContext, StepFailed

if TYPE_CHECKING:
    import pandas as pd

MODULE = "mlopsctl_served"
FOLDER = "mlopsctl"
CODE = "code"
_CODE_FIELD = "spec.model.code"
_LARGEST_CODE = 20 * 1024 * 1024
_ALWAYS = ("mlflow", "cloudpickle", "numpy", "pandas")
_LIBRARIES: Mapping[str, tuple[str, ...]] = {
    "mlflow.sklearn": ("scikit-learn", "scipy"),
    "mlflow.xgboost": ("xgboost", "xgboost-cpu", "scikit-learn"),
    "mlflow.lightgbm": ("lightgbm", "scikit-learn", "skops"),
    "mlflow.pytorch": ("torch",),
    "mlflow.pyfunc": ("scikit-learn",),
}


def save(
    step_context: StepContext,
    folder: Path,
    estimator: Any,
    contract: contracts.Contract,
    rows: pd.DataFrame,
    run: str = "",
) -> None:
    """Write the package to a new folder; `rows` are a sample of the training rows.

    `run` is the tracked run that trained it; later steps read it from the package.
    """
    try:
        answers = Scorer(contract, estimator, HttpLookup(contract.server)).predict(rows)
    except Exception as error:
        raise StepFailed(f"the model cannot predict its own training rows: {sentence(error)}", _CODE_FIELD) from error
    pins = requirements.pinned((*_ALWAYS, *_LIBRARIES[contract.flavor]))
    _native(folder, estimator, contract, pins)
    _ours(folder, contract)
    _code(folder / CODE, modules(step_context, contract))
    _as_function(step_context, folder, contract, rows, answers, run)
    _complete(step_context, folder, pins, own_columns(contract, rows))


def scorer(folder: Path, server: str = "") -> Scorer:
    """Load a package's scorer, with the code inside the package unless it equals this version's; needs no server."""
    from mlopsctl.runtime.scoring.estimator import load

    contract = contracts.read(folder / FOLDER / scoring.CONTRACT_FILE)
    code = str(folder / CODE)
    if code not in sys.path:
        sys.path.append(code)
    return Scorer(contract, load(contract, folder / FOLDER), HttpLookup(server or contract.server))


def is_package(folder: Path) -> bool:
    """Return whether a folder is a package of mlopsctl."""
    return (folder / FOLDER / scoring.CONTRACT_FILE).is_file()


def _complete(step_context: StepContext, folder: Path, pins: list[str], rows: pd.DataFrame) -> None:
    """Add the packages that the model imports and the spec's requirements to the package's requirements."""
    from mlflow.models import update_model_requirements

    imported = requirements.together(requirements.imported(step_context, folder, rows), pins)
    complete = requirements.together(imported, requirements.named_requirements(step_context.model.requirements))
    more = [requirement for requirement in complete if requirement not in pins]
    if more:
        step_context.log.say(f"the model requires {', '.join(more)}", requirements=more)
        update_model_requirements(str(folder), "add", more)


def run_of(folder: Path) -> str:
    """Return the tracked run of a package; empty if it has none."""
    from mlflow.models import Model

    return str(Model.load(str(folder)).run_id or "") if (folder / "MLmodel").is_file() else ""


def _native(folder: Path, estimator: Any, contract: contracts.Contract, pins: list[str]) -> None:
    """Save the estimator with its flavor at the root, where servers of that flavor expect it."""
    from importlib import import_module

    if contract.flavor == "mlflow.pyfunc":
        _function(folder, estimator, pins)
        return
    more = {"serialization_format": "cloudpickle"} if contract.flavor == "mlflow.sklearn" else {}
    try:
        import_module(contract.flavor).save_model(estimator, str(folder), pip_requirements=pins, **more)
    except Exception as error:
        message = f"a {type(estimator).__name__} cannot be saved as {contract.flavor}: {first_line(error)}"
        raise StepFailed(message, "spec.model.flavor") from error


def _function(folder: Path, estimator: Any, pins: list[str]) -> None:
    """Save a model that is a function: MLflow's class, or an object with `predict`."""
    import mlflow
    from mlflow.models import Model

    folder.mkdir(parents=True)
    wrapped = estimator if isinstance(estimator, mlflow.pyfunc.PythonModel) else _wrapped(estimator)
    mlflow.pyfunc.save_model(str(folder / FOLDER / NATIVE), python_model=wrapped, pip_requirements=pins)
    Model().save(str(folder / "MLmodel"))
    for file in ("requirements.txt", "conda.yaml", "python_env.yaml"):
        shutil.copyfile(folder / FOLDER / NATIVE / file, folder / file)


def _wrapped(estimator: Any) -> Any:
    import mlflow

    class Wrapped(mlflow.pyfunc.PythonModel):  # type: ignore[misc]
        """Calls the object that the user's code returned."""

        def predict(self, context: Any, model_input: Any, params: Any = None) -> Any:
            """Call the object's `predict`."""
            del context, params
            return estimator.predict(model_input)

    return Wrapped()


def _ours(folder: Path, contract: contracts.Contract) -> None:
    (folder / FOLDER).mkdir(exist_ok=True)
    (folder / FOLDER / scoring.CONTRACT_FILE).write_text(contracts.text(contract))


def _code(folder: Path, modules: Iterable[str]) -> None:
    """Copy the scoring code, and the user's packages with the transforms and the estimator."""
    _copy(Path(scoring.__file__).parent, folder / MODULE)
    for name in modules:
        spec = find_spec(name)
        if spec is None:
            continue
        if spec.submodule_search_locations:
            _copy(Path(next(iter(spec.submodule_search_locations))), folder / name)
        elif spec.origin:
            shutil.copyfile(spec.origin, folder / f"{name}.py")
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    if size > _LARGEST_CODE:
        message = f"the code beside the model has {size // 2**20} MiB; the limit is {_LARGEST_CODE // 2**20} MiB"
        raise StepFailed(f"{message}: keep data out of the package", _CODE_FIELD)


def _copy(origin: Path, folder: Path) -> None:
    shutil.copytree(origin, folder, ignore=shutil.ignore_patterns("__pycache__", "*.pyc", ".*"), dirs_exist_ok=True)


def modules(step_context: StepContext, contract: contracts.Contract) -> list[str]:
    """List the user's packages that the model package contains."""
    functions = [transform.function for transform in contract.transforms]
    return user_code.packages([*functions, *([step_context.model.entrypoint] if step_context.model.entrypoint else ())])


def _as_function(
    step_context: StepContext,
    folder: Path,
    contract: contracts.Contract,
    rows: pd.DataFrame,
    answers: pd.DataFrame,
    run: str,
) -> None:
    """Set the scoring code as the package's `python_function`, besides the flavor's entry, with the signature."""
    import mlflow.pyfunc
    from mlflow.models import Model
    from mlflow.models.utils import _save_example

    from mlopsctl.runtime.model.signatures import signature

    described = Model.load(str(folder))
    # MLflow does not add a second entry of the same name: the flavor's entry must be removed first.
    described.flavors.pop("python_function", None)
    request = request_rows(contract, rows)
    described.run_id = run or None
    described.signature = signature(contract, request, answers)
    if not served_bare(step_context, contract):
        _save_example(described, request.head(1), str(folder))
    mlflow.pyfunc.add_to_model(
        described,
        loader_module=MODULE,
        data=FOLDER,
        code=CODE,
        conda_env="conda.yaml",
        python_env="python_env.yaml",
    )
    described.save(str(folder / "MLmodel"))


def request_rows(contract: contracts.Contract, rows: pd.DataFrame) -> pd.DataFrame:
    """Select the columns of a request from rows of a data set."""
    if contract.asks == "inputs":
        return rows[[input_.name for input_ in contract.inputs]]
    return rows[[column.name for column in request_columns(contract)]]


def request_columns(contract: contracts.Contract) -> tuple[contracts.Column, ...]:
    """Return the columns of a request: keys, then request fields, each once."""
    return tuple({key.name: key for key in (*contract.keys, *contract.request)}.values())


def served_bare(step_context: StepContext, contract: contracts.Contract) -> bool:
    """Return whether a server reads the model file in the package, and could mistake an example's file for it."""
    engine = step_context.blueprint.engines.serving
    looks_up = contract.asks == "request"
    image = served_by(step_context.model.flavor, engine.name, engine.version, looks_up=looks_up)
    return image is not None and image.kind == "service"
