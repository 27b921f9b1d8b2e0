from __future__ import annotations

import re
import subprocess
import sys
from decimal import Decimal

import pytest

from mlopsctl.catalogue import recordings
from mlopsctl.engines.metrics import carries, exported, metrics, own_metrics, own_name
from mlopsctl.engines.series import children

EXPORTERS = (
    ("seldon", "1"),
    ("seldon", "2"),
    ("kserve", "0.20"),
    ("mlserver", "1.7"),
    ("argo-workflows", "4.1"),
    ("kfp", "2.17"),
    ("feast", "0.67"),
    ("mlflow", "3"),
    ("prometheus", "3"),
    ("prometheus-operator", "0.93"),
    ("kubernetes", "1"),
    ("argocd", "3.5"),
    ("external-secrets", "2"),
)
STACK = (("feast", "0.67"), ("argo-workflows", "4.1"), ("mlflow", "3"), ("seldon", "2"))


@pytest.mark.parametrize(("engine", "version"), EXPORTERS)
def test_every_entry_is_a_metric_that_prometheus_would_accept(engine: str, version: str) -> None:
    table = metrics(engine, version)

    assert table
    for name, metric in table.items():
        assert metric.name == name
        assert re.fullmatch(r"[a-zA-Z_][a-zA-Z0-9_]*", name)
        assert metric.source, name
        assert len(set(metric.labels)) == len(metric.labels)
        assert all(re.fullmatch(r"[a-zA-Z_][a-zA-Z0-9_]*|\*", label) for label in metric.labels), name
        assert list(metric.buckets) == sorted(set(metric.buckets)), name
        assert not metric.buckets or metric.type == "histogram"


def test_an_engine_that_exports_nothing_has_no_metrics() -> None:
    assert metrics("deepchecks", "0.19") == {}


def test_the_generations_of_seldon_export_different_metrics() -> None:
    assert "seldon_pipeline_infer_total" in metrics("seldon", "2.10")
    assert "seldon_pipeline_infer_total" not in metrics("seldon", "1.18")
    assert "seldon_api_executor_server_requests_seconds" in metrics("seldon", "1")


def test_the_locks_of_argo_workflows_are_there_from_4_0() -> None:
    assert "argo_workflows_locks_held" not in metrics("argo-workflows", "3.7")
    assert metrics("argo-workflows", "4.0")["argo_workflows_locks_held"].labels == (
        "type",
        "storage",
        "lock_name",
        "namespace",
    )


def test_every_metric_of_argo_workflows_carries_the_prefix() -> None:
    assert all(name.startswith("argo_workflows_") for name in metrics("argo-workflows", "4.1"))


def test_the_pipeline_histogram_of_seldon_2_has_the_bounds_a_threshold_snaps_to() -> None:
    bounds = metrics("seldon", "2")["seldon_pipeline_infer_api_seconds"].buckets

    assert Decimal("0.1") in bounds
    assert Decimal("0.2") not in bounds


def test_a_stack_has_the_series_of_a_histogram_and_not_its_bare_name() -> None:
    series = exported(STACK)

    assert "seldon_pipeline_infer_api_seconds" not in series
    assert series["seldon_pipeline_infer_api_seconds_bucket"].labels[-1] == "le"
    assert "le" not in series["seldon_pipeline_infer_api_seconds_count"].labels
    assert series["seldon_pipeline_infer_api_seconds_sum"].type == "counter"


def test_a_summary_without_quantiles_has_only_its_sum_and_count() -> None:
    names = [each.name for each in children(metrics("mlserver", "1.7")["model_infer_request_duration"])]

    assert names == ["model_infer_request_duration_sum", "model_infer_request_duration_count"]


def test_a_summary_with_quantiles_can_be_read_by_its_own_name() -> None:
    whole, *rest = children(metrics("prometheus", "3")["prometheus_rule_group_duration_seconds"])

    assert whole.labels == ("quantile",)
    assert all(each.labels == () for each in rest)


def test_every_stack_has_the_basics_of_a_cluster() -> None:
    assert {"up", "ALERTS", "container_memory_working_set_bytes"} <= exported(()).keys()


def test_a_stack_has_no_series_of_engines_that_are_not_in_it() -> None:
    assert "request_predict_seconds_bucket" not in exported(STACK)


def test_argo_workflows_puts_its_prefix_before_the_steps_gauges() -> None:
    assert own_name("mlops_drift_score", "argo-workflows") == "argo_workflows_mlops_drift_score"
    assert own_name("mlops_drift_score", "kfp") == "mlops_drift_score"
    drift = own_metrics("argo-workflows")["argo_workflows_mlops_drift_score"]
    assert drift.name == "argo_workflows_mlops_drift_score"
    assert drift.labels == ("system", "environment", "column", "method")


def test_a_stack_has_the_steps_gauges_under_one_name_only() -> None:
    prefixed, plain = exported(STACK), exported((("kfp", "2.17"),))

    assert "argo_workflows_mlops_quality_score" in prefixed
    assert "mlops_quality_score" not in prefixed
    assert "mlops_quality_score" in plain
    assert "argo_workflows_mlops_quality_score" not in plain


@pytest.mark.parametrize("window", ["5m", "30m", "1h", "2h", "6h", "1d", "3d"])
def test_every_stack_has_the_recording_rules_of_the_objectives(window: str) -> None:
    recorded = exported(STACK)[recordings.error_ratio(window)]

    assert {"slo_id", "slo_window"} <= set(recorded.labels)


@pytest.mark.parametrize(
    ("name", "label", "there"),
    [
        ("argo_workflows_workflowtemplate_triggered_total", "phase", True),
        ("argo_workflows_workflowtemplate_triggered_total", "namespace", True),
        ("argo_workflows_workflowtemplate_triggered_total", "exported_namespace", True),
        ("argo_workflows_workflowtemplate_triggered_total", "exported_name", False),
        ("argo_workflows_workflowtemplate_triggered_total", "workflow", False),
        ("seldon_pipeline_infer_total", "pod", True),
        ("seldon_pipeline_infer_total", "exported_pod", False),
        ("ALERTS", "anything", True),
        ("mlops:slo_error:ratio_rate5m", "slo_id", True),
        ("mlops:slo_error:ratio_rate5m", "pod", False),
    ],
)
def test_a_label_is_the_metrics_own_or_the_targets_or_renamed(name: str, label: str, there: bool) -> None:
    assert carries(exported(STACK)[name], label) is there


def test_tables_are_read_only() -> None:
    with pytest.raises(TypeError):
        metrics("feast", "0.67")["up"] = metrics("prometheus", "3")["up"]  # type: ignore[index]


def test_importing_the_catalogue_loads_no_table_and_no_other_room() -> None:
    code = (
        "import sys; import mlopsctl.engines.metrics, mlopsctl.engines.known, "
        "mlopsctl.engines.deepchecks.checks; "
        "print(*sorted(m for m in sys.modules if m.startswith('mlopsctl.')))"
    )
    loaded = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.split()

    assert "mlopsctl.engines.metrics" in loaded
    tables = ("exported_metrics", "kubernetes_metrics", "facts", "target", "limits")
    assert not [name for name in loaded if name.endswith(tables)]
    assert not [name for name in loaded if not name.startswith(("mlopsctl.catalogue", "mlopsctl.engines"))]
