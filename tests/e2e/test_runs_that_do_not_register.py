"""Runs that are refused or break, as the registry tells them: with parameters, metrics where they got so far, and why.

The oracle is MLflow's own client.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from e2e.system import SPEC, Ran, System, blueprint_of, make

from mlopsctl.blueprint import codec

pytestmark = [pytest.mark.e2e, pytest.mark.oracle, pytest.mark.filterwarnings("ignore")]


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> System:
    return make(tmp_path_factory.mktemp("refused"))


@pytest.fixture(scope="module")
def split(system: System) -> Ran:
    built = system.step("build-dataset")
    ran = system.step("split", inputs={"dataset": built.outputs["dataset"]})
    assert ran.code == 0, ran.text
    return ran


@pytest.fixture(scope="module")
def trained(system: System, split: Ran) -> Ran:
    ran = train(system, split)
    assert ran.code == 0, ran.text
    return ran


def train(system: System, split: Ran, params: str = "", **more: Any) -> Ran:
    inputs = {"train": split.outputs["train"]}
    return system.step("train", inputs=inputs, settings={"params": params, "spec-hash": "h"}, **more)


def runs(system: System) -> list[Any]:
    import mlflow

    client = mlflow.MlflowClient(system.tracking, system.tracking)
    experiment = client.get_experiment_by_name("churn")
    assert experiment is not None
    return list(client.search_runs([experiment.experiment_id]))


def run_of(system: System, ran: Ran) -> Any:
    return next(run for run in runs(system) if run.info.run_id == ran.parameter("run-id"))


def evaluated(system: System, split: Ran, trained: Ran) -> Ran:
    ran = system.step("evaluate", inputs={"model": trained.outputs["model"], "holdout": split.outputs["holdout"]})
    assert ran.code == 0, ran.text
    return ran


def variant(system: System, old: str, new: str) -> Path:
    file = system.folder / "variant.json"
    assert old in SPEC
    file.write_text(codec.dumps(blueprint_of(SPEC.replace(old, new))))
    return file


def test_metrics_are_logged_before_the_gate_speaks_and_its_refusal_is_told(
    system: System, split: Ran, trained: Ran
) -> None:
    metrics = evaluated(system, split, trained)
    before = run_of(system, trained)
    assert before.data.metrics["roc_auc"] == pytest.approx(metrics.document("metrics")["metrics"]["roc_auc"])
    assert before.data.params == {"depth": "3", "seed": "7"}

    strict = variant(system, "roc_auc: {min: 0.7,", "roc_auc: {min: 0.9999,")
    refused = system.step("gate", inputs={"metrics": metrics.outputs["metrics"]}, blueprint=strict)
    assert refused.code == 3, refused.text
    after = run_of(system, trained)
    assert after.info.status == "FAILED"
    assert after.data.tags["mlopsctl.outcome"] == "refused"
    assert "spec.checks.gates.roc_auc" in after.data.tags["mlopsctl.reason"]
    assert after.data.params == before.data.params


def test_a_refused_model_check_is_told(system: System, split: Ran, trained: Ran) -> None:
    inputs = {"model": trained.outputs["model"], "train": split.outputs["train"], "holdout": split.outputs["holdout"]}
    strict = variant(system, "{threshold: 0.9}", "{threshold: -0.9}")
    refused = system.step("check-model", inputs=inputs, blueprint=strict)
    assert refused.code == 3, refused.text
    tags = run_of(system, trained).data.tags
    assert (tags["mlopsctl.outcome"], "TrainTestPerformance" in tags["mlopsctl.reason"]) == ("refused", True)


def test_training_that_breaks_is_a_failed_run_with_its_parameters(system: System, split: Ran) -> None:
    broken = train(system, split, '{"depth": "deep"}', run="broken")
    assert broken.code == 1, broken.text
    (run,) = [run for run in runs(system) if run.data.params.get("depth") == "deep"]
    assert run.info.status == "FAILED"
    assert run.data.tags["mlopsctl.outcome"] == "broken"
    assert "churn.train:train" in run.data.tags["mlopsctl.reason"]


def test_a_registry_that_cannot_be_told_does_not_change_how_the_step_ends(
    system: System, split: Ran, trained: Ran
) -> None:
    metrics = evaluated(system, split, trained)
    strict = variant(system, "roc_auc: {min: 0.7,", "roc_auc: {min: 0.9999,")
    gone = {"MLFLOW_TRACKING_URI": f"sqlite:///{system.folder / 'mlops.yaml' / 'no.db'}"}
    (system.folder / "mlops.yaml").touch()
    refused = system.step("gate", inputs={"metrics": metrics.outputs["metrics"]}, blueprint=strict, environ=gone)
    assert refused.code == 3, refused.text
    assert "cannot record in the registry" in refused.said


def test_a_third_value_in_the_label_of_two_classes_breaks_the_build(system: System) -> None:
    import pandas as pd

    file = system.folder / "data" / "contracts.parquet"
    kept = file.read_bytes()
    rows = pd.read_parquet(file)
    words = rows["left"].map({True: "yes", False: "no"})
    words.iloc[:3] = "maybe"
    try:
        rows.assign(left=words).to_parquet(file)
        texts = variant(system, "left: {type: bool}", "left: {type: string}")
        broken = system.step("build-dataset", run="third", blueprint=texts)
    finally:
        file.write_bytes(kept)
    assert broken.code == 1, broken.text
    assert "of a binary-classification has 3 values" in broken.last
    assert "'maybe' in 3 rows" in broken.last
    assert "spec.data.labels.churned" in broken.last
