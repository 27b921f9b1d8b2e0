"""The package of a model: MLflow's own folder for its flavor, with the contract and the code that serves it inside.

In: an estimator and its contract. Out: a folder that `mlflow.pyfunc` loads as a model which looks features up, runs the
transforms and names its answers, and that the flavor's own loader still loads as the bare estimator.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable, Mapping
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlopsctl.catalogue.flavors import served_by
from mlopsctl.runtime import served, user_code
from mlopsctl.runtime.call import Broken, Call
from mlopsctl.runtime.failures import first_line, sentence
from mlopsctl.runtime.served import contract as contracts
from mlopsctl.runtime.served.estimator import NATIVE
from mlopsctl.runtime.served.lookup import HttpLookup
from mlopsctl.runtime.served.scorer import Scorer

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


def save(call: Call, folder: Path, estimator: Any, contract: contracts.Contract, rows: pd.DataFrame) -> None:
    """Write the package to a folder that is not there yet; `rows` are some of those the model was trained on."""
    try:
        answers = Scorer(contract, estimator, HttpLookup(contract.server)).predict(rows)
    except Exception as error:
        raise Broken(f"the model cannot answer rows that it was trained on: {sentence(error)}", _CODE_FIELD) from error
    requirements = list(_requirements(contract.flavor))
    _native(folder, estimator, contract, requirements)
    _ours(folder, contract)
    _code(folder / CODE, modules(call, contract))
    _as_function(call, folder, contract, rows, answers)


def scorer(folder: Path, server: str = "") -> Scorer:
    """Load a package's own scorer, with the code it was packed with unless it is this tool's; needs no server."""
    from mlopsctl.runtime.served.estimator import load

    contract = contracts.read(folder / FOLDER / served.CONTRACT_FILE)
    code = str(folder / CODE)
    if code not in sys.path:
        sys.path.append(code)
    return Scorer(contract, load(contract, folder / FOLDER), HttpLookup(server or contract.server))


def is_package(folder: Path) -> bool:
    """Tell whether a folder is one of ours."""
    return (folder / FOLDER / served.CONTRACT_FILE).is_file()


def _native(folder: Path, estimator: Any, contract: contracts.Contract, requirements: list[str]) -> None:
    """Let the flavor save the estimator, at the root, where servers of that flavor look for it."""
    from importlib import import_module

    if contract.flavor == "mlflow.pyfunc":
        _function(folder, estimator, requirements)
        return
    more = {"serialization_format": "cloudpickle"} if contract.flavor == "mlflow.sklearn" else {}
    try:
        import_module(contract.flavor).save_model(estimator, str(folder), pip_requirements=requirements, **more)
    except Exception as error:
        message = f"a {type(estimator).__name__} cannot be saved as {contract.flavor}: {first_line(error)}"
        raise Broken(message, "spec.model.flavor") from error


def _function(folder: Path, estimator: Any, requirements: list[str]) -> None:
    """Save a model that is a function: MLflow's own class, or anything with `predict`."""
    import mlflow
    from mlflow.models import Model

    folder.mkdir(parents=True)
    kept = estimator if isinstance(estimator, mlflow.pyfunc.PythonModel) else _wrapped(estimator)
    mlflow.pyfunc.save_model(str(folder / FOLDER / NATIVE), python_model=kept, pip_requirements=requirements)
    Model().save(str(folder / "MLmodel"))
    for file in ("requirements.txt", "conda.yaml", "python_env.yaml"):
        shutil.copyfile(folder / FOLDER / NATIVE / file, folder / file)


def _wrapped(estimator: Any) -> Any:
    import mlflow

    class Wrapped(mlflow.pyfunc.PythonModel):  # type: ignore[misc]
        """Calls the object that the user's code returned."""

        def predict(self, context: Any, model_input: Any, params: Any = None) -> Any:
            """Answer by the object's own `predict`."""
            del context, params
            return estimator.predict(model_input)

    return Wrapped()


def _ours(folder: Path, contract: contracts.Contract) -> None:
    (folder / FOLDER).mkdir(exist_ok=True)
    (folder / FOLDER / served.CONTRACT_FILE).write_text(contracts.text(contract))


def _code(folder: Path, modules: Iterable[str]) -> None:
    """Copy the code that serves, and the user's packages that the transforms and the estimator come from."""
    _copy(Path(served.__file__).parent, folder / MODULE)
    for name in modules:
        found = find_spec(name)
        if found is None:
            continue
        if found.submodule_search_locations:
            _copy(Path(next(iter(found.submodule_search_locations))), folder / name)
        elif found.origin:
            shutil.copyfile(found.origin, folder / f"{name}.py")
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    if size > _LARGEST_CODE:
        message = f"the code beside the model has {size // 2**20} MiB, and {_LARGEST_CODE // 2**20} are allowed"
        raise Broken(f"{message}: keep data out of the package", _CODE_FIELD)


def _copy(origin: Path, folder: Path) -> None:
    shutil.copytree(origin, folder, ignore=shutil.ignore_patterns("__pycache__", "*.pyc", ".*"), dirs_exist_ok=True)


def modules(call: Call, contract: contracts.Contract) -> list[str]:
    """List the user's packages that travel with the model."""
    functions = [one.function for one in contract.transforms]
    return user_code.packages([*functions, *([call.model.entrypoint] if call.model.entrypoint else ())])


def _as_function(
    call: Call, folder: Path, contract: contracts.Contract, rows: pd.DataFrame, answers: pd.DataFrame
) -> None:
    """Make our code the package's `python_function`, beside the flavor's own entry, with what a request holds."""
    import mlflow.pyfunc
    from mlflow.models import Model
    from mlflow.models.utils import _save_example

    from mlopsctl.runtime.signatures import signature

    described = Model.load(str(folder))
    # MLflow puts a second entry of the same name nowhere: the flavor's own has to go first.
    described.flavors.pop("python_function", None)
    request = request_rows(contract, rows)
    described.signature = signature(contract, request, answers)
    if not served_bare(call, contract):
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
    """Take from rows of a data set the columns that a request has."""
    if contract.asks == "inputs":
        return rows[[one.name for one in contract.inputs]]
    return rows[[one.name for one in asked(contract)]]


def asked(contract: contracts.Contract) -> tuple[contracts.Column, ...]:
    """Return the columns of a request: keys, then request fields, each once."""
    return tuple({one.name: one for one in (*contract.keys, *contract.request)}.values())


def served_bare(call: Call, contract: contracts.Contract) -> bool:
    """Tell whether a server reads the bare file in the package: it would take an example's file for the model's."""
    engine = call.blueprint.engines.serving
    looks_up = contract.asks == "request"
    found = served_by(call.model.flavor, engine.name, engine.version, looks_up=looks_up)
    return found is not None and found.kind == "service"


def _requirements(flavor: str) -> Iterable[str]:
    """Yield the libraries the model needs, at the versions it was trained with; what is not here did not train it."""
    for name in (*_ALWAYS, *_LIBRARIES[flavor]):
        try:
            yield f"{name}=={version(name)}"
        except PackageNotFoundError:
            continue
