"""What is rendered for Argo Workflows runs: the YAML's own containers, one after the other, with the real steps."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from e2e import rendered
from e2e.argo import Controller, Run
from e2e.pods import Node

pytestmark = [pytest.mark.e2e, pytest.mark.oracle]
for library in ("feast", "deepchecks", "mlflow"):
    pytest.importorskip(library, reason="the steps' libraries are not installed: run `make test`")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the quickstart with its data, rendered."""
    return rendered.example(tmp_path_factory.mktemp("argo") / "quickstart", "quickstart")


def cluster(folder: Path) -> Controller:
    """Return a controller that was sent every object as it is rendered now."""
    node = Node(
        folder=folder.parent / "node",
        image=folder,
        programs={"mlopsctl": [str(rendered.PROGRAM)]},
        environ={"MLFLOW_TRACKING_URI": f"sqlite:///{database(folder)}"},
    )
    return Controller(rendered.objects(folder), node)


def database(folder: Path) -> Path:
    return folder / "registry" / "mlflow.db"


@pytest.fixture(scope="module")
def trained(folder: Path) -> Run:
    """Run what a change starts."""
    (workflow,) = [obj for obj in rendered.objects(folder) if obj["kind"] == "Workflow"]
    return cluster(folder).submit(workflow, workflow["metadata"]["name"])


def failure_text(run: Run) -> str:
    """Say how a run went, for a test that fails."""
    lines = [f"{name}: {task.status}" for name, task in run.tasks.items()]
    failed = [task.attempts[-1].text for task in run.tasks.values() if task.status in ("Failed", "Error")]
    return "\n".join([*lines, *failed])


def test_a_change_trains_checks_and_registers_the_model(folder: Path, trained: Run) -> None:
    assert trained.status == "Succeeded", failure_text(trained)
    assert trained.order[-1] == "register"
    assert {task.status for task in trained.tasks.values()} == {"Succeeded"}

    (version,) = rendered.registered(database(folder))
    assert (version.model, version.version, version.aliases) == ("churn", 1, ("champion",))
    assert trained.tasks["register"].parameters["version"] == "1"


def test_what_is_registered_says_what_it_was_made_of(folder: Path, trained: Run) -> None:
    (version,) = rendered.registered(database(folder))
    (template,) = [
        obj
        for obj in rendered.objects(folder)
        if obj["kind"] == "WorkflowTemplate" and obj["metadata"]["name"] == "quickstart-train"
    ]
    parameters = {parameter["name"]: parameter["value"] for parameter in template["spec"]["arguments"]["parameters"]}

    assert parameters["spec-hash"] in version.tags.values()
    assert trained.tasks["build-dataset"].parameters["dataset-hash"] in version.tags.values()


def test_every_check_wrote_its_report_and_every_gate_its_verdict(trained: Run) -> None:
    reports = [name for name, task in trained.tasks.items() if "report" in task.artifacts]
    assert reports
    for name in reports:
        assert any(trained.tasks[name].artifacts["report"].iterdir()), name
    verdict = json.loads(trained.tasks["gate"].artifacts["verdict"].read_text())
    assert trained.tasks["gate"].parameters["passed"] == "true", verdict


def test_the_outcome_is_told_when_all_is_over(trained: Run) -> None:
    assert trained.on_exit is not None
    assert trained.on_exit.status == "Succeeded"
    (ended,) = trained.on_exit.attempts
    assert f"run {trained.name} of quickstart-train ended: Succeeded" in ended.text


def test_the_clock_materialises_and_the_controller_exports_how_new_the_features_are(folder: Path, trained: Run) -> None:
    run = cluster(folder).trigger("quickstart-materialize", "quickstart-materialize-1")

    assert run.status == "Succeeded", failure_text(run)
    ((metric, labels),) = run.gauges
    assert metric == "mlops_feature_timestamp_seconds"
    assert dict(labels)["view"] == "customer_activity"
    assert run.gauges[metric, labels] > 1.7e9


def test_the_clock_monitors_what_the_lock_says_and_the_controller_exports_the_drift(folder: Path, trained: Run) -> None:
    (version,) = rendered.registered(database(folder))
    rendered.settle(folder, "churn@champion", version)
    quiet = cluster(folder).trigger("quickstart-monitor", "quickstart-monitor-1")
    rendered.make_data(folder, "--drift")
    drifted = cluster(folder).trigger("quickstart-monitor", "quickstart-monitor-2")

    assert quiet.status == drifted.status == "Succeeded", failure_text(quiet) + failure_text(drifted)
    before, after = drift(quiet), drift(drifted)
    assert before.keys() == after.keys() == {"visits_7d", "spend_30d", "spend_per_visit"}
    assert quiet.tasks["monitor"].parameters["drifted"] == "false", before
    assert drifted.tasks["monitor"].parameters["drifted"] == "true", after
    assert all(after[column] > before[column] for column in before), (before, after)


def drift(run: Run) -> dict[str, float]:
    return {
        dict(labels)["column"]: value for (name, labels), value in run.gauges.items() if name == "mlops_drift_score"
    }
