"""The flavors of models: the libraries they are written in, as the registry packages them.

The registry packages every model with MLflow, so an engine's MLflow server can serve all of them. The server of a
flavor on an engine is a fact of the engine (`engines.model_servers`).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple


class Flavor(NamedTuple):
    """A flavor: its name in the language, and the MLflow module that logs it.

    `files` are the names a bare-file server looks for inside the MLflow package; empty if MLflow's names do not
    fit.
    """

    name: str
    mlflow: str
    files: tuple[str, ...] = ()


class Served(NamedTuple):
    """The server of a flavor on an engine: its names, its runtime, the kind whose signals are read, and the reason."""

    words: tuple[str, ...]
    runtime: str
    kind: str
    note: str


PACKAGED: Final = "the registry's MLflow package is served as it is, with its signature"
"""Why an engine's MLflow server is chosen."""
FLAVORS: Final[Mapping[str, Flavor]] = MappingProxyType(
    {
        flavor.name: flavor
        for flavor in (
            Flavor("sklearn", "mlflow.sklearn", ("model.pkl",)),
            Flavor("xgboost", "mlflow.xgboost", ("model.ubj",)),
            Flavor("lightgbm", "mlflow.lightgbm"),
            Flavor("pytorch", "mlflow.pytorch"),
            Flavor("pyfunc", "mlflow.pyfunc"),
        )
    }
)
