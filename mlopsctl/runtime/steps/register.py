"""`register`: create a model version with its evidence, and move the alias last.

A second call for the same run reuses the version. The alias moves only after the version is complete and every gate
has passed, so an interrupted run leaves no incomplete version under it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlopsctl.runtime.backends import chosen, registry
from mlopsctl.runtime.data.artifacts import read_dataset, read_json, write_dataset, write_parameter
from mlopsctl.runtime.model import package
from mlopsctl.runtime.model.package_digest import digest
from mlopsctl.runtime.model.signatures import plain
from mlopsctl.runtime.run_outcome import recorded
from mlopsctl.runtime.scoring import CONTRACT_FILE
from mlopsctl.runtime.scoring import contract as contracts
from mlopsctl.runtime.step_context import GateRejected, StepContext, StepFailed

if TYPE_CHECKING:
    import pandas as pd

IMAGE_COMMIT = "MLOPSCTL_GIT_COMMIT"
"""The variable with the commit of spec and code that an image was built from."""
SNAPSHOT = "snapshot"
SNAPSHOT_ROWS = 10_000


def run(step_context: StepContext) -> None:
    """Log the package and its evidence, register the version, move the alias."""
    verdict = read_json(step_context.input("verdict"))
    if not verdict["passed"]:
        raise GateRejected("a gate failed: no version is registered (spec.checks.gates)")
    folder = step_context.input("model")
    if not package.is_package(folder):
        raise StepFailed(f"{folder} is not an output of the train step")
    metrics = read_json(step_context.input("metrics"))
    evidence = registry.Evidence(
        package=folder,
        metrics=metrics["metrics"],
        documents={"metrics": metrics, "verdict": verdict},
        snapshot=_snapshot(step_context),
        tags=_tags(step_context, folder, verdict),
    )
    run, runs = step_context.parameter("run-id"), chosen.registry(step_context)
    with recorded(step_context, run):
        registered = runs.register(run, evidence)
        runs.conclude(run, registry.REGISTERED)
    write_parameter(step_context.outputs.get("version"), registered.version)
    again = " (it was registered before)" if registered.again else ""
    alias = step_context.model.alias
    message = f"{registered.name} version {registered.version} is registered, and `{alias}` points to it{again}"
    step_context.log.say(message, version=registered.version, alias=alias)


def _snapshot(step_context: StepContext) -> Path:
    """Write the training rows, or a sample if there are many."""
    data = read_dataset(step_context.input("train"))
    folder = step_context.work / SNAPSHOT
    write_dataset(folder, data.with_rows(sampled(data.rows, step_context.model.seed)))
    return folder


def sampled(rows: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Sample at most SNAPSHOT_ROWS rows, in their order; deterministic for a seed."""
    if len(rows) <= SNAPSHOT_ROWS:
        return rows
    return rows.sample(SNAPSHOT_ROWS, random_state=seed).sort_index().reset_index(drop=True)


def _tags(step_context: StepContext, folder: Path, verdict: Mapping[str, Any]) -> dict[str, str]:
    """Return the provenance of a version as tags, which outlive its run."""
    identity = step_context.blueprint.identity
    contract = contracts.read(folder / package.FOLDER / CONTRACT_FILE)
    gates = {gate["metric"]: gate["value"] for gate in verdict["gates"]}
    return {
        **registry.tags_of(step_context.model),
        registry.SYSTEM: identity.system,
        registry.ENVIRONMENT: identity.environment,
        registry.SPEC_HASH: step_context.parameters.get("spec-hash", ""),
        registry.DATASET_HASH: step_context.parameters.get("dataset-hash", ""),
        registry.GIT_COMMIT: commit(step_context),
        registry.PACKAGE: digest(folder),
        registry.GATES: json.dumps(gates, sort_keys=True),
        registry.SIGNATURE: json.dumps(plain(contract, _outputs(folder)), sort_keys=False),
    }


def commit(step_context: StepContext) -> str:
    """Return the commit of the run: its parameter, or the commit that the image was built from.

    A run started by a change in Git has no parameter, because the commit of a rendered file is unknown when rendering.
    """
    return step_context.parameters.get("git-commit") or step_context.environ.get(IMAGE_COMMIT, "")


def _outputs(folder: Path) -> list[str]:
    """List the names of the package's outputs."""
    from mlflow.models import Model

    return [str(input_name) for input_name in Model.load(str(folder)).signature.outputs.input_names()]
