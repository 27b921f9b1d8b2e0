"""Choose the registered version to serve or score with: one that passed its gates, unless its number is given."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.runtime.backends.registry import PACKAGE
from mlopsctl.runtime.failures import outside_cause
from mlopsctl.runtime.local.layout import Layout
from mlopsctl.runtime.model.package_digest import verify
from mlopsctl.runtime.step_context import StepFailed


class Registered(NamedTuple):
    """A version and its package. `why` is the reason for the choice."""

    name: str
    version: str
    folder: Path
    why: str


def find(
    blueprint: Blueprint,
    layout: Layout,
    locked_run: str | None = None,
    number: str | None = None,
    locked_package: str | None = None,
) -> Registered:
    """Choose the version: the given one, otherwise that of the locked run if it is local, otherwise the alias's.

    Its files must match the registered digest: that of the lock for the locked run, otherwise that of the registry.
    """
    import mlflow
    from mlflow.artifacts import download_artifacts
    from mlflow.exceptions import MlflowException

    model = blueprint.model
    if model is None:
        raise StepFailed("this system has no model", "spec.model")
    if not layout.tracking.exists():
        raise StepFailed(f"no version is registered in {layout.folder}: run `mlopsctl run` first")
    mlflow.set_tracking_uri(layout.tracking_uri)
    client = mlflow.MlflowClient(layout.tracking_uri, layout.tracking_uri)
    name = model.registered_name
    try:
        if number:
            version, why = client.get_model_version(name, number), "as asked"
        else:
            locked = _of_run(client, name, locked_run) if locked_run else None
            version = locked or client.get_model_version_by_alias(name, model.alias)
            why = "from mlops.lock" if locked else f"alias `{model.alias}`"
    except MlflowException as error:
        if outside_cause(error):
            raise
        wanted_version = f"version {number}" if number else f"version under the alias `{model.alias}`"
        raise StepFailed(f"there is no {wanted_version} of `{name}`: run `mlopsctl run` to register one") from error
    folder = Path(download_artifacts(artifact_uri=version.source))
    pinned = locked_package if locked_run and version.run_id == locked_run else None
    verify(folder, pinned or version.tags.get(PACKAGE), str(version.version))
    return Registered(name, str(version.version), folder, why)


def _of_run(client: object, name: str, run: str) -> object | None:
    """Find the version that a run registered; a cluster's lock refers to runs of another registry."""
    versions = client.search_model_versions(f"name = '{name}' and run_id = '{run}'")  # type: ignore[attr-defined]
    return versions[0] if versions else None
