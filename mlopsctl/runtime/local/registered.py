"""The registered version that is served and scored with.

In: a Blueprint, perhaps a version's number. Out: the version, and the folder of its package. Never one that no gate let
pass, unless it is asked for by number.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from mlopsctl.blueprint.model import Blueprint
from mlopsctl.runtime.call import Broken
from mlopsctl.runtime.failures import known
from mlopsctl.runtime.local.layout import Layout


class Registered(NamedTuple):
    """A version and its package. `why` says how it was chosen."""

    name: str
    version: str
    folder: Path
    why: str


def find(blueprint: Blueprint, layout: Layout, locked_run: str | None = None, number: str | None = None) -> Registered:
    """Choose the version: the one asked for, else that of the lock's run, where it was made here, else the alias's."""
    import mlflow
    from mlflow.artifacts import download_artifacts
    from mlflow.exceptions import MlflowException

    model = blueprint.model
    if model is None:
        raise Broken("this system trains no model", "spec.model")
    if not layout.tracking.exists():
        raise Broken(f"nothing is registered in {layout.folder}: `mlopsctl run` comes first")
    mlflow.set_tracking_uri(layout.tracking_uri)
    client = mlflow.MlflowClient(layout.tracking_uri, layout.tracking_uri)
    name = model.registered_name
    try:
        if number:
            found, why = client.get_model_version(name, number), "as asked"
        else:
            locked = _of_run(client, name, locked_run) if locked_run else None
            found = locked or client.get_model_version_by_alias(name, model.alias)
            why = "which mlops.lock names" if locked else f"alias `{model.alias}`"
    except MlflowException as error:
        if known(error):
            raise
        wanted = f"version {number}" if number else f"version under the alias `{model.alias}`"
        raise Broken(f"there is no {wanted} of `{name}` here: `mlopsctl run` registers one") from error
    return Registered(name, str(found.version), Path(download_artifacts(artifact_uri=found.source)), why)


def _of_run(client: object, name: str, run: str) -> object | None:
    """Find the version that a run made; the lock of a cluster names runs of another registry."""
    found = client.search_model_versions(f"name = '{name}' and run_id = '{run}'")  # type: ignore[attr-defined]
    return found[0] if found else None
