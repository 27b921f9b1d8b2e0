"""Pipelines: what the engine cannot do is told where it is asked for, and nowhere else."""

from __future__ import annotations

import pytest
from projects import SPEC, WORKSPACE, checked, edited, spec, underlined

from mlopsctl.diagnostics.model import Diagnostic, Severity

ENGINES = "  systems: [systems/*/mlops.yaml]\n"
NO_RUNS = ("    training: {failed: ticket, overdue: ticket}\n", "")
PUSHED = "monitoring: {engine: prometheus-operator, pushgateway: http://push:9091}"


def on(engine: str, *changes: tuple[str, str]) -> str:
    """Return a workspace whose pipelines run on an engine."""
    stack = f"  stack: {{pipelines: {{engine: {engine}}}, {PUSHED}}}\n"
    return edited(WORKSPACE, (ENGINES, ENGINES + stack), *changes)


def told(engine: str, *changes: tuple[str, str], code: str = "MLC823") -> list[Diagnostic]:
    """Return the findings of one code about the example."""
    found = checked(spec(*changes), workspace=on(engine), only="prod").found
    return [one for one in found if one.code == code]


@pytest.mark.parametrize("engine", ["argo-workflows", "kfp"])
def test_engines_that_can_do_it_all_are_silent(engine: str) -> None:
    assert told(engine) == []


def test_polyaxon_starts_nothing_on_a_change() -> None:
    (found,) = told("polyaxon")
    assert (found.severity, found.path) == (Severity.WARNING, "spec.model.retrain.onChange")
    assert "polyaxon run" in found.help


def test_a_time_zone_that_would_be_lost_is_an_error_with_a_way_out() -> None:
    here, zone = '{cron: "0 3 * * 1", timezone: Etc/UTC}', '{cron: "0 6 * * 1", timezone: Europe/Berlin}'
    (found,) = told("polyaxon", (here, zone), ("onChange: true", "onChange: false"))
    assert (found.severity, found.path) == (Severity.ERROR, "spec.model.retrain.schedule.timezone")
    assert underlined(edited(SPEC, (here, zone), ("onChange: true", "onChange: false")), found) == "Europe/Berlin"
    assert "Etc/UTC" in found.help


@pytest.mark.parametrize("engine", ["polyaxon", "kale"])
def test_a_run_that_no_step_may_start_is_an_error(engine: str) -> None:
    drift = ("onChange: true", "onDrift: {cooldown: 1d, maxPerWeek: 1}")
    errors = [one for one in told(engine, drift) if one.severity is Severity.ERROR]
    assert [error.path for error in errors] == ["spec.model.retrain.onDrift"]


def test_kale_starts_nothing_at_all_and_says_so_for_each_start() -> None:
    assert {one.path: one.severity for one in told("kale")} == dict.fromkeys(
        [
            "spec.features.views.card_activity.materialize.every",
            "spec.checks.live.every",
            "spec.model.retrain.schedule",
            "spec.model.retrain.onChange",
        ],
        Severity.WARNING,
    )


def test_kale_keeps_no_time_limit_and_no_resources_of_a_step() -> None:
    asked = ("    split:", "    timeout: 1h\n    resources: {cpu: '2', memory: 4Gi}\n    split:")
    paths = {one.path for one in told("kale", asked)}
    lost = {"spec.model.timeout", "spec.model.resources.cpu", "spec.model.resources.memory"}
    assert lost <= paths
    assert not {one.path for one in told("polyaxon", asked)} & lost


def test_a_gpu_is_kept_by_all_and_told_by_none() -> None:
    asked = ("    split:", "    resources: {gpu: {count: 1}}\n    split:")
    assert not [one for one in told("kale", asked) if "resources" in one.path]


@pytest.mark.parametrize(
    ("engine", "kept"), [("polyaxon", []), ("kale", ["retries", "timeout", "resources"]), ("kfp", [])]
)
def test_what_the_workspace_says_of_every_step_is_told_once(engine: str, kept: list[str]) -> None:
    defaults = "  defaults: {retries: 3, timeout: 1h, resources: {cpu: '1', memory: 2Gi}}\n"
    workspace = on(engine, ("  environments:\n", f"{defaults}  environments:\n"))
    found = checked(spec(), workspace=workspace).found
    paths = [one.path for one in found if one.code == "MLC823" and one.path.startswith("spec.defaults")]
    assert paths == [f"spec.defaults.{name}" for name in kept]


def test_a_default_that_nobody_wrote_is_no_finding() -> None:
    assert not [one for one in told("kale") if "defaults" in one.path or "timeout" in one.path]


def test_an_alert_on_runs_that_nobody_counts_is_an_error() -> None:
    found = told("polyaxon", code="MLC606")
    assert [one.path for one in found] == ["spec.alerts.training.failed", "spec.alerts.training.overdue"]
    assert told("polyaxon", NO_RUNS, code="MLC606") == []
    assert told("kale", code="MLC606") == []


@pytest.mark.parametrize(("engine", "asked"), [("polyaxon", 1), ("kale", 1), ("kfp", 0), ("argo-workflows", 0)])
def test_a_rollout_that_nothing_starts_is_told_where_there_is_a_candidate(engine: str, asked: int) -> None:
    lock = """\
apiVersion: mlopsctl.dev/v1alpha1
kind: Lock
metadata: {name: acme}
environments:
  prod:
    models:
      card-fraud@champion:
        version: "3"
        uri: s3://models/card-fraud/3
        candidate: {version: "4", uri: s3://models/card-fraud/4}
"""
    found = checked(spec(), workspace=on(engine), lock=lock, only="prod").found
    paths = [one.path for one in found if one.code == "MLC823"]
    assert paths.count("spec.serving.endpoints.scorer.rollout") == asked


def test_an_engine_that_was_not_understood_is_not_held_against_anybody() -> None:
    assert told("polyaxonn") == []
