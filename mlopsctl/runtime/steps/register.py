"""`register`: a model version with everything that explains it, and the alias, which moves last.

In: `model`, `metrics`, `verdict`, `train`, `dataset`; parameters `run-id`, `dataset-hash`, `spec-hash`, `git-commit`.
Out: the parameter `version`. Called again for the same run it finds the version that is there. The alias moves only
when the version is whole and every gate held, so that a run cut short leaves nothing half-registered under it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mlopsctl.runtime import package, tracking
from mlopsctl.runtime.artifacts import ROWS_FILE, read_dataset, read_json, write_dataset, write_parameter
from mlopsctl.runtime.call import Broken, Call, Refused
from mlopsctl.runtime.served import CONTRACT_FILE
from mlopsctl.runtime.served import contract as contracts
from mlopsctl.runtime.signatures import plain

MODEL, SNAPSHOT = "model", "snapshot"
SNAPSHOT_ROWS = 10_000


def run(call: Call) -> None:
    """Log the package and its evidence, register the version, move the alias."""
    verdict = read_json(call.input("verdict"))
    if not verdict["passed"]:
        raise Refused("a gate did not hold, and nothing is registered (spec.checks.gates)")
    folder = call.input("model")
    if not package.is_package(folder):
        raise Broken(f"{folder} is not a model of the train step")
    metrics = read_json(call.input("metrics"))
    run_id = call.parameter("run-id")
    client = tracking.client(call)
    root = client.get_run(run_id).info.artifact_uri
    known = _version_of(call, client, run_id)
    if known is None:
        _evidence(call, client, run_id, folder, metrics)
    version = known or _create(call, client, run_id, f"{root}/{MODEL}")
    for name, value in sorted(_tags(call, folder, verdict, f"{root}/{SNAPSHOT}").items()):
        client.set_model_version_tag(version.name, version.version, name, value)
    client.set_registered_model_alias(version.name, call.model.alias, version.version)
    write_parameter(call.outputs.get("version"), str(version.version))
    again = " (it was registered before)" if known else ""
    message = f"{version.name} version {version.version} is registered, and `{call.model.alias}` points to it{again}"
    call.log.say(message, version=str(version.version), alias=call.model.alias)


def _version_of(call: Call, client: Any, run_id: str) -> Any | None:
    """Find the version that this run was registered as."""
    found = client.search_model_versions(f"name = '{call.model.registered_name}' and run_id = '{run_id}'")
    return min(found, key=lambda one: int(one.version)) if found else None


def _evidence(call: Call, client: Any, run_id: str, folder: Path, metrics: Mapping[str, Any]) -> None:
    """Log what a version is made of: the package, the numbers, the snapshot that drift is measured against."""
    for name, value in sorted(metrics["metrics"].items()):
        client.log_metric(run_id, name, value)
    client.log_artifacts(run_id, str(folder), MODEL)
    client.log_artifacts(run_id, str(_snapshot(call)), SNAPSHOT)
    for name in ("metrics", "verdict"):
        client.log_dict(run_id, read_json(call.input(name)), f"{name}.json")


def _snapshot(call: Call) -> Path:
    """Write the training rows, or an even share of them where they are many."""
    data = read_dataset(call.input("train"))
    step = -(-len(data.rows) // SNAPSHOT_ROWS)
    folder = call.work / SNAPSHOT
    write_dataset(folder, data.with_rows(data.rows.iloc[::step].reset_index(drop=True)))
    return folder


def _create(call: Call, client: Any, run_id: str, source: str) -> Any:
    from mlflow.exceptions import MlflowException

    name = call.model.registered_name
    try:
        client.create_registered_model(name)
    except MlflowException as error:
        if error.error_code != "RESOURCE_ALREADY_EXISTS":
            raise
    return client.create_model_version(name, source, run_id=run_id, description=call.blueprint.identity.description)


def _tags(call: Call, folder: Path, verdict: Mapping[str, Any], snapshot: str) -> dict[str, str]:
    """Say where a version comes from, in tags that outlive its run."""
    identity = call.blueprint.identity
    contract = contracts.read(folder / package.FOLDER / CONTRACT_FILE)
    gates = {gate["metric"]: gate["value"] for gate in verdict["gates"]}
    return {
        **{str(name): str(value) for name, value in call.model.tags.items()},
        tracking.SYSTEM: identity.system,
        tracking.ENVIRONMENT: identity.environment,
        tracking.SPEC_HASH: call.parameters.get("spec-hash", ""),
        tracking.DATASET_HASH: call.parameters.get("dataset-hash", ""),
        tracking.GIT_COMMIT: call.parameters.get("git-commit", ""),
        tracking.GATES: json.dumps(gates, sort_keys=True),
        tracking.SNAPSHOT: f"{snapshot}/{ROWS_FILE}",
        tracking.SIGNATURE: json.dumps(plain(contract, _outputs(folder)), sort_keys=False),
    }


def _outputs(folder: Path) -> list[str]:
    """List the names of the package's answers."""
    from mlflow.models import Model

    return [str(one) for one in Model.load(str(folder)).signature.outputs.input_names()]
