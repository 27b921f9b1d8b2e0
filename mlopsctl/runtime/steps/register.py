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

from mlopsctl.runtime import package, registry
from mlopsctl.runtime.artifacts import read_dataset, read_json, write_dataset, write_parameter
from mlopsctl.runtime.call import Broken, Call, Refused
from mlopsctl.runtime.served import CONTRACT_FILE
from mlopsctl.runtime.served import contract as contracts
from mlopsctl.runtime.signatures import plain

SNAPSHOT = "snapshot"
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
    evidence = registry.Evidence(
        package=folder,
        metrics=metrics["metrics"],
        documents={"metrics": metrics, "verdict": verdict},
        snapshot=_snapshot(call),
        tags=_tags(call, folder, verdict),
    )
    made = registry.opened(call).register(call.parameter("run-id"), evidence)
    write_parameter(call.outputs.get("version"), made.version)
    again = " (it was registered before)" if made.again else ""
    message = f"{made.name} version {made.version} is registered, and `{call.model.alias}` points to it{again}"
    call.log.say(message, version=made.version, alias=call.model.alias)


def _snapshot(call: Call) -> Path:
    """Write the training rows, or an even share of them where they are many."""
    data = read_dataset(call.input("train"))
    step = -(-len(data.rows) // SNAPSHOT_ROWS)
    folder = call.work / SNAPSHOT
    write_dataset(folder, data.with_rows(data.rows.iloc[::step].reset_index(drop=True)))
    return folder


def _tags(call: Call, folder: Path, verdict: Mapping[str, Any]) -> dict[str, str]:
    """Say where a version comes from, in tags that outlive its run."""
    identity = call.blueprint.identity
    contract = contracts.read(folder / package.FOLDER / CONTRACT_FILE)
    gates = {gate["metric"]: gate["value"] for gate in verdict["gates"]}
    return {
        **{str(name): str(value) for name, value in call.model.tags.items()},
        registry.SYSTEM: identity.system,
        registry.ENVIRONMENT: identity.environment,
        registry.SPEC_HASH: call.parameters.get("spec-hash", ""),
        registry.DATASET_HASH: call.parameters.get("dataset-hash", ""),
        registry.GIT_COMMIT: call.parameters.get("git-commit", ""),
        registry.GATES: json.dumps(gates, sort_keys=True),
        registry.SIGNATURE: json.dumps(plain(contract, _outputs(folder)), sort_keys=False),
    }


def _outputs(folder: Path) -> list[str]:
    """List the names of the package's answers."""
    from mlflow.models import Model

    return [str(one) for one in Model.load(str(folder)).signature.outputs.input_names()]
