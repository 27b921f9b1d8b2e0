"""What serves a model of each flavor on each engine.

In: a flavor of the language. Out: the words each engine wants. The registry packages every model with
MLflow, so an engine's MLflow server can serve all of them; `served_by` holds the choice and its reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple


class Server(NamedTuple):
    """The words by which each engine picks the server of a model; None or empty where it has none.

    `kserve_kind` is the kind whose series `catalogue.signals` reads for that KServe runtime.
    """

    seldon2_requirements: tuple[str, ...]
    seldon1_implementation: str | None
    kserve_format: str | None
    kserve_runtime: str | None
    kserve_kind: str
    mlserver_implementation: str | None


class Flavor(NamedTuple):
    """A flavor: the MLflow module that logs it, its server for the MLflow package and for the bare file.

    `files` are the names a bare-file server looks for inside the MLflow package; empty when MLflow's own
    names do not fit.
    """

    name: str
    mlflow: str
    packaged: Server
    native: Server | None
    files: tuple[str, ...] = ()


class Served(NamedTuple):
    """What serves a flavor on one engine: its words, KServe's runtime, the signal kind, and why."""

    words: tuple[str, ...]
    runtime: str
    kind: str
    note: str


PACKAGED: Final = Server(
    ("mlflow",), "MLFLOW_SERVER", "mlflow", "kserve-mlserver", "model", "mlserver_mlflow.MLflowRuntime"
)
FLAVORS: Final[Mapping[str, Flavor]] = MappingProxyType(
    {
        flavor.name: flavor
        for flavor in (
            Flavor(
                "sklearn",
                "mlflow.sklearn",
                PACKAGED,
                Server(
                    ("sklearn",),
                    "SKLEARN_SERVER",
                    "sklearn",
                    "kserve-sklearnserver",
                    "service",
                    "mlserver_sklearn.SKLearnModel",
                ),
                ("model.pkl",),
            ),
            Flavor(
                "xgboost",
                "mlflow.xgboost",
                PACKAGED,
                Server(
                    ("xgboost",),
                    "XGBOOST_SERVER",
                    "xgboost",
                    "kserve-xgbserver",
                    "service",
                    "mlserver_xgboost.XGBoostModel",
                ),
                ("model.ubj",),
            ),
            Flavor(
                "lightgbm",
                "mlflow.lightgbm",
                PACKAGED,
                Server(
                    ("lightgbm",),
                    None,
                    "lightgbm",
                    "kserve-lgbserver",
                    "service",
                    "mlserver_lightgbm.LightGBMModel",
                ),
            ),
            # Bare PyTorch needs a server and a file layout of its own: Triton or TorchServe.
            Flavor("pytorch", "mlflow.pytorch", PACKAGED, None),
            Flavor("pyfunc", "mlflow.pyfunc", PACKAGED, None),
        )
    }
)

_BY_MLFLOW: Final = "the registry's MLflow package is served as it is, with its signature"
_BY_KSERVE: Final = (
    "KServe's own server reads the model file inside the MLflow package, and only that server has a latency "
    "histogram; the model must be logged as that file and without an input example"
)


def flavor(name: str) -> Flavor | None:
    """Find a flavor by the language's name."""
    return FLAVORS.get(name)


def served_by(name: str, engine: str, version: str, *, looks_up: bool = False) -> Served | None:
    """Decide what serves a registered model of a flavor on an engine; None when nothing does.

    A model that looks its own features up (`looks_up`) is code beside the bare file, so the package is served.
    """
    found = FLAVORS.get(name)
    if found is None:
        return None
    if engine == "seldon" and version.partition(".")[0] == "1":
        return Served((PACKAGED.seldon1_implementation or "",), "", "deployment", _BY_MLFLOW)
    if engine == "seldon":
        return Served(PACKAGED.seldon2_requirements, "", "model", _BY_MLFLOW)
    if engine == "mlserver":
        return Served((PACKAGED.mlserver_implementation or "",), "", "model", _BY_MLFLOW)
    if engine == "kserve":
        own = found.native if found.files and not looks_up else None
        server = own or PACKAGED
        note = _BY_KSERVE if own else _BY_MLFLOW
        return Served((server.kserve_format or "",), server.kserve_runtime or "", server.kserve_kind, note)
    return None


def endpoint_kind(name: str, engine: str, version: str, *, looks_up: bool) -> str:
    """Return the word of `catalogue.signals` for what counts an endpoint's requests.

    Under Seldon 2 an endpoint that looks features up is a Pipeline, which has a latency histogram.
    """
    if engine == "seldon" and version.startswith("2") and looks_up:
        return "pipeline"
    served = served_by(name, engine, version, looks_up=looks_up)
    return served.kind if served else "service"
