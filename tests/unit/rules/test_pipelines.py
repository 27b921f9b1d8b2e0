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


def limits_of(engine: str, *changes: tuple[str, str], code: str = "MLC823") -> list[Diagnostic]:
    """Return the findings of one code about the example."""
    diagnostics = checked(spec(*changes), workspace=on(engine), only="prod").diagnostics
    return [diagnostic for diagnostic in diagnostics if diagnostic.code == code]


@pytest.mark.parametrize("engine", ["argo-workflows", "kfp"])
def test_engines_that_can_do_it_all_are_silent(engine: str) -> None:
    assert limits_of(engine) == []


def test_polyaxon_starts_nothing_on_a_change() -> None:
    (diagnostic,) = limits_of("polyaxon")
    assert (diagnostic.severity, diagnostic.path) == (Severity.WARNING, "spec.model.retrain.onChange")
    assert "polyaxon run" in diagnostic.help


def test_a_time_zone_that_would_be_lost_is_an_error_with_a_way_out() -> None:
    schedule, zone = '{cron: "0 3 * * 1", timezone: Etc/UTC}', '{cron: "0 6 * * 1", timezone: Europe/Berlin}'
    (diagnostic,) = limits_of("polyaxon", (schedule, zone), ("onChange: true", "onChange: false"))
    assert (diagnostic.severity, diagnostic.path) == (Severity.ERROR, "spec.model.retrain.schedule.timezone")
    assert (
        underlined(edited(SPEC, (schedule, zone), ("onChange: true", "onChange: false")), diagnostic) == "Europe/Berlin"
    )
    assert "Etc/UTC" in diagnostic.help


@pytest.mark.parametrize("engine", ["polyaxon", "kale"])
def test_a_run_that_no_step_may_start_is_an_error(engine: str) -> None:
    drift = ("onChange: true", "onDrift: {cooldown: 1d, maxPerWeek: 1}")
    errors = [diagnostic for diagnostic in limits_of(engine, drift) if diagnostic.severity is Severity.ERROR]
    assert [error.path for error in errors] == ["spec.model.retrain.onDrift"]


def test_kale_starts_nothing_at_all_and_says_so_for_each_start() -> None:
    assert {diagnostic.path: diagnostic.severity for diagnostic in limits_of("kale")} == dict.fromkeys(
        [
            "spec.features.views.card_activity.materialize.every",
            "spec.checks.live.every",
            "spec.model.retrain.schedule",
            "spec.model.retrain.onChange",
        ],
        Severity.WARNING,
    )


def test_kale_keeps_no_time_limit_and_no_resources_of_a_step() -> None:
    change = ("    split:", "    timeout: 1h\n    resources: {cpu: '2', memory: 4Gi}\n    split:")
    paths = {diagnostic.path for diagnostic in limits_of("kale", change)}
    lost = {"spec.model.timeout", "spec.model.resources.cpu", "spec.model.resources.memory"}
    assert lost <= paths
    assert not {diagnostic.path for diagnostic in limits_of("polyaxon", change)} & lost


def test_a_gpu_is_kept_by_all_and_told_by_none() -> None:
    change = ("    split:", "    resources: {gpu: {count: 1}}\n    split:")
    assert not [diagnostic for diagnostic in limits_of("kale", change) if "resources" in diagnostic.path]


@pytest.mark.parametrize(
    ("engine", "kept"), [("polyaxon", []), ("kale", ["retries", "timeout", "resources"]), ("kfp", [])]
)
def test_what_the_workspace_says_of_every_step_is_told_once(engine: str, kept: list[str]) -> None:
    defaults = "  defaults: {retries: 3, timeout: 1h, resources: {cpu: '1', memory: 2Gi}}\n"
    workspace = on(engine, ("  environments:\n", f"{defaults}  environments:\n"))
    diagnostics = checked(spec(), workspace=workspace).diagnostics
    paths = [
        diagnostic.path
        for diagnostic in diagnostics
        if diagnostic.code == "MLC823" and diagnostic.path.startswith("spec.defaults")
    ]
    assert paths == [f"spec.defaults.{name}" for name in kept]


def test_a_default_that_nobody_wrote_is_no_finding() -> None:
    assert not [
        diagnostic for diagnostic in limits_of("kale") if "defaults" in diagnostic.path or "timeout" in diagnostic.path
    ]


def test_an_alert_on_runs_that_nobody_counts_is_an_error() -> None:
    alerts = limits_of("polyaxon", code="MLC606")
    assert [diagnostic.path for diagnostic in alerts] == ["spec.alerts.training.failed", "spec.alerts.training.overdue"]
    assert limits_of("polyaxon", NO_RUNS, code="MLC606") == []
    assert limits_of("kale", code="MLC606") == []


@pytest.mark.parametrize(("engine", "count"), [("polyaxon", 1), ("kale", 1), ("kfp", 0), ("argo-workflows", 0)])
def test_a_rollout_that_nothing_starts_is_told_where_there_is_a_candidate(engine: str, count: int) -> None:
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
    diagnostics = checked(spec(), workspace=on(engine), lock=lock, only="prod").diagnostics
    paths = [diagnostic.path for diagnostic in diagnostics if diagnostic.code == "MLC823"]
    assert paths.count("spec.serving.endpoints.scorer.rollout") == count


def test_an_engine_that_was_not_understood_is_not_held_against_anybody() -> None:
    assert limits_of("polyaxonn") == []
