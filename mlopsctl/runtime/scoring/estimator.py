"""Load the estimator of a package, saved in its flavor."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

from .contract import Contract

NATIVE = "native"
"""The folder, next to the contract, of a model that only MLflow's function flavor can load."""


def load(contract: Contract, folder: Path) -> Any:
    """Load the estimator; `folder` is the contract's, inside the package."""
    if contract.flavor == "mlflow.pyfunc":
        import mlflow.pyfunc

        return mlflow.pyfunc.load_model(str(folder / NATIVE))
    return import_module(contract.flavor).load_model(str(folder.parent))
