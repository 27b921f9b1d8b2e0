"""MLflow: where runs are tracked and models registered.

In: the call. Out: a client. A server where the workspace names one; else a sqlite store and a folder of artifacts, both
in `.mlops/` below the root, so that nothing has to be running.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from mlopsctl.runtime.call import Call

FOLDER = ".mlops"
_SQLITE = "sqlite:///"


def uri(call: Call) -> str:
    """Return the tracking server's address, or the local store's."""
    named = call.environ.get("MLFLOW_TRACKING_URI") or call.model.tracking_uri
    return named or f"{_SQLITE}{call.root / FOLDER / 'mlflow.db'}"


def client(call: Call) -> Any:
    """Open MLflow's client, and make every other call of MLflow in this process go to the same place."""
    import mlflow

    address = uri(call)
    if address.startswith(_SQLITE):
        Path(address.removeprefix(_SQLITE)).parent.mkdir(parents=True, exist_ok=True)
    mlflow.set_tracking_uri(address)
    mlflow.set_registry_uri(address)
    return mlflow.MlflowClient(address, address)


def experiment(call: Call, opened: Any) -> str:
    """Return the experiment's id, and make the experiment where there is none yet."""
    name = call.model.experiment
    found = opened.get_experiment_by_name(name)
    if found is not None:
        return str(found.experiment_id)
    return str(opened.create_experiment(name, artifact_location=_artifacts(call)))


def _artifacts(call: Call) -> str | None:
    """Say where artifacts go: beside a local store, and to a server's own place otherwise."""
    address = uri(call)
    if not address.startswith(_SQLITE):
        return None
    folder = Path(address.removeprefix(_SQLITE)).parent / "artifacts"
    return folder.resolve().as_uri()


def run_for(call: Call, opened: Any, key: str, tags: Mapping[str, str]) -> str:
    """Return the run of one content: the one there is, or a new one. The same work is not logged twice."""
    where = experiment(call, opened)
    found = opened.search_runs([where], filter_string=f"tags.`{KEY}` = '{key}'", max_results=1)
    if found:
        return str(found[0].info.run_id)
    return str(opened.create_run(where, tags={KEY: key, **tags}).info.run_id)


KEY = "mlopsctl.key"
SYSTEM, ENVIRONMENT = "mlopsctl.system", "mlopsctl.environment"
SPEC_HASH, DATASET_HASH, GIT_COMMIT = "mlopsctl.spec-hash", "mlopsctl.dataset-hash", "mlopsctl.git-commit"
GATES, SNAPSHOT, SIGNATURE = "mlopsctl.gates", "mlopsctl.snapshot", "mlopsctl.signature"
"""Tags of a run and of a registered version; the last is JSON: the model's own inputs and outputs by type."""


def served(call: Call, opened: Any) -> Any | None:
    """Return the registered version that is served: what the lock says, else the alias; None for no version yet."""
    from mlflow.exceptions import MlflowException

    model = call.model
    try:
        if model.served:
            return opened.get_model_version(model.registered_name, model.served.version)
        return opened.get_model_version_by_alias(model.registered_name, model.alias)
    except MlflowException as error:
        if error.error_code in ("RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE", "NOT_FOUND"):
            return None
        raise


def fetched(call: Call, location: str) -> Path:
    """Bring an artifact into the scratch folder, and return where it is."""
    from mlflow.artifacts import download_artifacts

    parts = urlsplit(location)
    if parts.scheme in ("", "file"):
        return Path(unquote(parts.path))
    folder = call.work / "fetched"
    folder.mkdir(parents=True, exist_ok=True)
    return Path(download_artifacts(artifact_uri=location, dst_path=str(folder)))
