"""MLflow as the registry.

In: the call. Out: a client. A server where the workspace names one; else a sqlite store and a folder of artifacts, both
in `.mlops/` below the root, so that nothing has to be running.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from mlopsctl.runtime.artifacts import ROWS_FILE
from mlopsctl.runtime.call import Call
from mlopsctl.runtime.registry import SNAPSHOT, Evidence, Registered, Version

FOLDER = ".mlops"
KEY = "mlopsctl.key"
_MODEL, _SNAPSHOT = "model", "snapshot"
_SQLITE = "sqlite:///"
_NOT_THERE = ("RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE", "NOT_FOUND")


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


def fetched(call: Call, location: str) -> Path:
    """Bring an artifact into the scratch folder, and return where it is."""
    from mlflow.artifacts import download_artifacts

    parts = urlsplit(location)
    if parts.scheme in ("", "file"):
        return Path(unquote(parts.path))
    folder = call.work / "fetched"
    folder.mkdir(parents=True, exist_ok=True)
    return Path(download_artifacts(artifact_uri=location, dst_path=str(folder)))


class Mlflow:
    """Tracks runs and registers models with MLflow."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self._client = client(call)

    def begin(self, key: str, tags: Mapping[str, str]) -> str:
        """Return the run of one content."""
        where = self._experiment()
        found = self._client.search_runs([where], filter_string=f"tags.`{KEY}` = '{key}'", max_results=1)
        if found:
            return str(found[0].info.run_id)
        return str(self._client.create_run(where, tags={KEY: key, **tags}).info.run_id)

    def _experiment(self) -> str:
        """Return the experiment's id, and make the experiment where there is none yet."""
        name = self._call.model.experiment
        found = self._client.get_experiment_by_name(name)
        if found is not None:
            return str(found.experiment_id)
        return str(self._client.create_experiment(name, artifact_location=self._artifacts()))

    def _artifacts(self) -> str | None:
        """Say where artifacts go: beside a local store, and to a server's own place otherwise."""
        address = uri(self._call)
        if not address.startswith(_SQLITE):
            return None
        folder = Path(address.removeprefix(_SQLITE)).parent / "artifacts"
        return folder.resolve().as_uri()

    @contextmanager
    def running(self, run: str) -> Iterator[None]:
        """Keep a run open."""
        import mlflow

        mlflow.start_run(run_id=run)
        try:
            yield
        except BaseException:
            mlflow.end_run("FAILED")
            raise
        mlflow.end_run("FINISHED")

    def log(self, run: str, params: Mapping[str, str], metrics: Mapping[str, float]) -> None:
        """Log what a run was made with."""
        for name, text in params.items():
            self._client.log_param(run, name, text)
        for name, value in metrics.items():
            self._client.log_metric(run, name, value)

    def register(self, run: str, evidence: Evidence) -> Registered:
        """Log the evidence, register the version, move the alias."""
        root = self._client.get_run(run).info.artifact_uri
        known = self._version_of(run)
        if known is None:
            self._log_evidence(run, evidence)
        version = known or self._create(run, f"{root}/{_MODEL}")
        tags = {**evidence.tags, SNAPSHOT: f"{root}/{_SNAPSHOT}/{ROWS_FILE}"}
        for name, value in sorted(tags.items()):
            self._client.set_model_version_tag(version.name, version.version, name, value)
        self._client.set_registered_model_alias(version.name, self._call.model.alias, version.version)
        return Registered(version.name, str(version.version), known is not None)

    def _version_of(self, run: str) -> Any | None:
        """Find the version that this run was registered as."""
        name = self._call.model.registered_name
        found = self._client.search_model_versions(f"name = '{name}' and run_id = '{run}'")
        return min(found, key=lambda one: int(one.version)) if found else None

    def _log_evidence(self, run: str, evidence: Evidence) -> None:
        for name, value in sorted(evidence.metrics.items()):
            self._client.log_metric(run, name, value)
        self._client.log_artifacts(run, str(evidence.package), _MODEL)
        self._client.log_artifacts(run, str(evidence.snapshot), _SNAPSHOT)
        for name, document in evidence.documents.items():
            self._client.log_dict(run, document, f"{name}.json")

    def _create(self, run: str, source: str) -> Any:
        from mlflow.exceptions import MlflowException

        name = self._call.model.registered_name
        try:
            self._client.create_registered_model(name)
        except MlflowException as error:
            if error.error_code != "RESOURCE_ALREADY_EXISTS":
                raise
        description = self._call.blueprint.identity.description
        return self._client.create_model_version(name, source, run_id=run, description=description)

    def served(self) -> Version | None:
        """Return the version that is served."""
        from mlflow.exceptions import MlflowException

        model = self._call.model
        try:
            if model.served:
                found = self._client.get_model_version(model.registered_name, model.served.version)
            else:
                found = self._client.get_model_version_by_alias(model.registered_name, model.alias)
        except MlflowException as error:
            if error.error_code in _NOT_THERE:
                return None
            raise
        return Version(str(found.version), found.source, found.tags)
