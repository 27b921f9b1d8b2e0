"""What the Blueprint decides so that a run, a rollout and a monitor cannot go wrong in silence."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import yaml
from blueprints import blueprints, card_fraud

from mlopsctl.blueprint import codec
from mlopsctl.blueprint.model.alerts import OverdueCondition
from mlopsctl.engines.argo_workflows.target import render


def workflow_templates(blueprint):
    """Return every rendered WorkflowTemplate by name."""
    documents = [
        document
        for file in render(blueprint)
        for document in yaml.load_all(file.content, Loader=yaml.CSafeLoader)
        if str(file.path).endswith(".yaml")
    ]
    return {document["metadata"]["name"]: document for document in documents if document["kind"] == "WorkflowTemplate"}


def test_a_rollout_watches_the_candidates_own_requests():
    blueprint = card_fraud()
    own = [slo for slo in blueprint.slos if slo.of_candidate]
    assert [slo.name for slo in own] == ["availability-candidate", "latency-candidate"]
    candidate = blueprint.endpoints[0].candidate_name
    assert candidate == "card-fraud-fraud-scorer-candidate-v42"
    assert all(("pipeline", "=", candidate) in slo.total.matchers for slo in own)
    rollout = next(pipeline for pipeline in blueprint.pipelines if pipeline.purpose == "rollout")
    watched = [p.value for step in rollout.steps for p in step.parameters if p.name == "objectives"]
    assert set(watched) == {"availability,latency,availability-candidate,latency-candidate"}


def test_nobody_is_told_of_a_candidates_objective():
    blueprint = card_fraud()
    assert not [alert for alert in blueprint.alerts if "candidate" in alert.labels.get("slo_id", "")]


def test_the_feature_registry_is_written_by_one_step_at_a_time():
    for blueprint in blueprints("payments", "prod").values():
        for template in workflow_templates(blueprint).values():
            for leaf in template["spec"]["templates"]:
                if leaf["name"] == "materialize":
                    assert leaf["synchronization"] == {"mutexes": [{"name": "payments-feature-registry"}]}


def test_a_monitor_that_has_stopped_is_told_of():
    blueprint = card_fraud()
    (alert,) = [alert for alert in blueprint.alerts if alert.name == "CardFraudMonitoringOverdue"]
    assert blueprint.checks and blueprint.checks.live
    assert isinstance(alert.condition, OverdueCondition)
    assert alert.condition.window == 3 * blueprint.checks.live.every
    assert ("pipeline", "=", "card-fraud-monitor") in alert.condition.series.matchers


def test_steps_that_only_ask_ask_for_little_and_steps_with_rows_for_what_training_has():
    blueprint = card_fraud()
    steps = {step.verb: step.resources for pipeline in blueprint.pipelines for step in pipeline.steps}
    assert {steps[verb].memory for verb in ("shift-traffic", "watch-objectives", "request-training")} == {"256Mi"}
    assert {steps[verb].memory for verb in ("build-dataset", "split", "evaluate", "train")} == {"16Gi"}


def test_every_step_is_told_which_pipeline_it_is_part_of():
    blueprint = card_fraud()
    hashes = {pipeline.name: pipeline.hash for pipeline in blueprint.pipelines}
    templates = workflow_templates(blueprint)
    for name, hash in hashes.items():
        for leaf in templates[name]["spec"]["templates"]:
            words = leaf.get("container", {}).get("args", [])
            if "--expect" in words:
                assert words[words.index("--expect") + 1] == hash
        assert any(
            "--expect" in leaf.get("container", {}).get("args", []) for leaf in templates[name]["spec"]["templates"]
        )


def step(file: Path, expect: str) -> subprocess.CompletedProcess[str]:
    """Run a step that needs nothing, with no patience."""
    words = ["step", "finish", "--blueprint", str(file), "--expect", expect]
    words += ["--set", "pipeline=p", "--set", "run=r", "--set", "status=Succeeded"]
    call = [sys.executable, "-c", "from mlopsctl.cli import main; main()", *words]
    return subprocess.run(call, env={"MLOPSCTL_PATIENCE": "0"}, capture_output=True, text=True, check=False)


def test_a_step_refuses_a_blueprint_of_another_run(tmp_path):
    blueprint = card_fraud()
    file = tmp_path / "blueprint.json"
    file.write_text(codec.dumps(blueprint))
    assert step(file, blueprint.pipelines[0].hash).returncode == 0
    other = step(file, "0000000000")
    assert other.returncode == 1
    assert "the run belongs to another Blueprint" in other.stderr


def test_a_blueprint_reads_back_as_it_was_written():
    for blueprint in blueprints("payments", "prod").values():
        text = codec.dumps(blueprint)
        assert codec.loads(text) == blueprint
        assert codec.dumps(codec.loads(text)) == text
        json.loads(text)
