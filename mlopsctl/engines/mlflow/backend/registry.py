"""MLflow as the registry.

A server if the workspace sets one; otherwise a SQLite store and a folder of artifacts, both in `.mlops/` below the
root.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from mlopsctl.runtime.backends.downloads import fetched
from mlopsctl.runtime.backends.registry import (
    BROKEN,
    OUTCOME,
    PACKAGE,
    REASON,
    REFUSED,
    REGISTERED,
    SNAPSHOT,
    Evidence,
    Registered,
    Version,
)
from mlopsctl.runtime.data.artifacts import ROWS_FILE
from mlopsctl.runtime.step_context import StepContext

FOLDER = ".mlops"
KEY = "mlopsctl.key"
_MODEL, _SNAPSHOT = "model", "snapshot"
_SQLITE = "sqlite:///"
_STATUS = {BROKEN: "FAILED", REFUSED: "FAILED", REGISTERED: "FINISHED"}
_LONGEST_TAG = 5000
_NOT_THERE = ("RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE", "NOT_FOUND")


def uri(step_context: StepContext) -> str:
    """Return the tracking server's address, or the local store's."""
    configured = step_context.environ.get("MLFLOW_TRACKING_URI") or step_context.model.tracking_uri
    return configured or f"{_SQLITE}{step_context.root / FOLDER / 'mlflow.db'}"


def client(step_context: StepContext) -> Any:
    """Open MLflow's client, and set the same address for all other MLflow calls in this process."""
    import mlflow

    address = uri(step_context)
    if address.startswith(_SQLITE):
        Path(address.removeprefix(_SQLITE)).parent.mkdir(parents=True, exist_ok=True)
    mlflow.set_tracking_uri(address)
    mlflow.set_registry_uri(address)
    return mlflow.MlflowClient(address, address)


class Mlflow:
    """Tracks runs and registers models with MLflow."""

    def __init__(self, step_context: StepContext) -> None:
        self._context = step_context
        self._client = client(step_context)

    def begin(self, key: str, tags: Mapping[str, str]) -> str:
        """Return the run of a content."""
        where = self._experiment()
        existing = self._client.search_runs([where], filter_string=f"tags.`{KEY}` = '{key}'", max_results=1)
        if existing:
            return str(existing[0].info.run_id)
        return str(self._client.create_run(where, tags={KEY: key, **tags}).info.run_id)

    def _experiment(self) -> str:
        """Return the experiment's id; create the experiment if it does not exist."""
        name = self._context.model.experiment
        experiment = self._client.get_experiment_by_name(name)
        if experiment is not None:
            return str(experiment.experiment_id)
        return str(self._client.create_experiment(name, artifact_location=self._artifacts()))

    def _artifacts(self) -> str | None:
        """Return the artifact location: next to a local store, otherwise the server's default."""
        address = uri(self._context)
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
        """Log the parameters and metrics of a run."""
        for name, text in params.items():
            self._client.log_param(run, name, text)
        for name, value in metrics.items():
            self._client.log_metric(run, name, value)

    def conclude(self, run: str, outcome: str, reason: str = "") -> None:
        """Tag a run with its outcome, and end it if the outcome is final."""
        self._client.set_tag(run, OUTCOME, outcome)
        self._client.set_tag(run, REASON, reason[:_LONGEST_TAG])
        if outcome in _STATUS:
            self._client.set_terminated(run, _STATUS[outcome])

    def register(self, run: str, evidence: Evidence) -> Registered:
        """Log the evidence, register the version, move the alias."""
        root = self._client.get_run(run).info.artifact_uri
        registered = self._version_of(run)
        if registered is None:
            self._log_evidence(run, evidence)
        # A version keeps its first package and digest, even if its run is trained again.
        version = registered or self._create(run, f"{root}/{_MODEL}", {PACKAGE: evidence.tags[PACKAGE]})
        own_tags = {name: value for name, value in evidence.tags.items() if name != PACKAGE}
        tags = {**own_tags, SNAPSHOT: f"{root}/{_SNAPSHOT}/{ROWS_FILE}"}
        for name, value in sorted(tags.items()):
            self._client.set_model_version_tag(version.name, version.version, name, value)
        self._client.set_registered_model_alias(version.name, self._context.model.alias, version.version)
        return Registered(version.name, str(version.version), registered is not None)

    def _version_of(self, run: str) -> Any | None:
        """Find the version that this run was registered as."""
        name = self._context.model.registered_name
        versions = self._client.search_model_versions(f"name = '{name}' and run_id = '{run}'")
        return min(versions, key=lambda version: int(version.version)) if versions else None

    def _log_evidence(self, run: str, evidence: Evidence) -> None:
        logged = self._client.get_run(run).data.metrics
        for name, value in sorted(evidence.metrics.items()):
            if logged.get(name) != value:
                self._client.log_metric(run, name, value)
        self._client.log_artifacts(run, str(evidence.package), _MODEL)
        self._client.log_artifacts(run, str(evidence.snapshot), _SNAPSHOT)
        for name, document in evidence.documents.items():
            self._client.log_dict(run, document, f"{name}.json")

    def _create(self, run: str, source: str, tags: Mapping[str, str]) -> Any:
        from mlflow.exceptions import MlflowException

        name = self._context.model.registered_name
        try:
            self._client.create_registered_model(name)
        except MlflowException as error:
            if error.error_code != "RESOURCE_ALREADY_EXISTS":
                raise
        description = self._context.blueprint.identity.description
        return self._client.create_model_version(name, source, run_id=run, tags=dict(tags), description=description)

    def served(self) -> Version | None:
        """Return the served version."""
        from mlflow.exceptions import MlflowException

        model = self._context.model
        try:
            if model.served:
                version = self._client.get_model_version(model.registered_name, model.served.version)
            else:
                version = self._client.get_model_version_by_alias(model.registered_name, model.alias)
        except MlflowException as error:
            if error.error_code in _NOT_THERE:
                return None
            raise
        return Version(str(version.version), version.source, version.tags)

    def fetch(self, location: str) -> Path:
        """Download an artifact of a version to the scratch folder."""
        return fetched(self._context, location)
