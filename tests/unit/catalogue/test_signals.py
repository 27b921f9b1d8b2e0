from __future__ import annotations

import re
from decimal import Decimal

import pytest

from mlopsctl.engines.metrics import carries, exported
from mlopsctl.engines.signals import (
    Series,
    alive_series,
    error_series,
    escape,
    kinds,
    latency_histogram,
    request_series,
    run_ends,
    run_series,
)

ENGINES = (("seldon", "2"), ("seldon", "1"), ("kserve", "0.20"), ("mlserver", "1.7"))
KINDS = [(engine, version, kind) for engine, version in ENGINES for kind in kinds(engine, version)]


def exists(series: Series, engine: str, version: str) -> bool:
    metric = exported([(engine, version)]).get(series.metric)
    return metric is not None and all(carries(metric, label) for label, _, _ in series.matchers)


@pytest.mark.parametrize(("engine", "version", "kind"), KINDS)
def test_every_signal_is_a_series_that_the_engine_exports(engine: str, version: str, kind: str) -> None:
    requests = request_series(engine, version, kind, "scorer")
    errors = error_series(engine, version, kind, "scorer")
    latency = latency_histogram(engine, version, kind, "scorer")

    assert requests is not None
    assert exists(requests, engine, version)
    assert errors is None or exists(errors, engine, version)
    if latency is not None:
        assert exists(latency.bucket, engine, version)
        assert exists(latency.count, engine, version)
        assert Decimal("0.1") in latency.bounds


def test_errors_of_a_seldon_2_pipeline_are_only_the_codes_its_gateway_reports() -> None:
    series = error_series("seldon", "2", "pipeline", "fraud-scorer")

    assert series == Series(
        "seldon_pipeline_infer_total",
        (("pipeline", "=", "fraud-scorer"), ("code", "=~", "5..|Internal|Unknown|FailedPrecondition")),
    )


def test_errors_of_a_seldon_2_model_are_not_the_callers() -> None:
    series = error_series("seldon", "2", "model", "fraud")
    assert series is not None
    pattern = re.compile(series.matchers[-1][2])

    assert pattern.fullmatch("503")
    assert pattern.fullmatch("Unavailable")
    assert not pattern.fullmatch("404")
    assert not pattern.fullmatch("InvalidArgument")


def test_a_bare_seldon_2_model_has_no_latency_histogram() -> None:
    assert latency_histogram("seldon", "2", "model", "fraud") is None
    assert latency_histogram("seldon", "2", "pipeline", "fraud") is not None


def test_kserves_own_servers_tell_no_errors() -> None:
    assert error_series("kserve", "0.20", "service", "fraud") is None
    assert latency_histogram("kserve", "0.20", "service", "fraud") is not None


def test_an_unknown_kind_is_not_observed() -> None:
    assert request_series("seldon", "2", "deployment", "fraud") is None
    assert error_series("github", "", "model", "fraud") is None
    assert latency_histogram("github", "", "model", "fraud") is None
    assert kinds("github", "") == ()


def test_several_names_become_one_pattern_with_each_name_escaped() -> None:
    series = request_series("seldon", "2", "model", ("fraud-v41", "fraud.v42"))
    assert series is not None

    assert series.matchers == (("model", "=~", r"fraud-v41|fraud\.v42"),)


def test_one_name_in_a_tuple_is_matched_exactly() -> None:
    series = request_series("seldon", "2", "model", ("fraud-v41",))

    assert series == request_series("seldon", "2", "model", "fraud-v41")


def test_predictors_of_a_seldon_1_deployment_can_be_picked_so_that_a_shadow_stays_out() -> None:
    series = error_series("seldon", "1", "deployment", "fraud", ("stable", "canary"))
    assert series is not None

    assert series.matchers[:2] == (
        ("deployment_name", "=", "fraud"),
        ("predictor_name", "=~", "stable|canary"),
    )


def test_escaped_text_matches_nothing_but_itself() -> None:
    hostile = r"a.b|c(d)[e]{f}^g$h*i+j?k\l"

    assert re.fullmatch(escape(hostile), hostile)
    assert not re.fullmatch(escape("a.b"), "axb")


def test_failed_runs_of_argo_workflows_are_those_that_failed_or_broke() -> None:
    series = run_series("argo-workflows", "card-fraud-train", "failed")

    assert series == Series(
        "argo_workflows_workflowtemplate_triggered_total",
        (("name", "=", "card-fraud-train"), ("phase", "=~", "Failed|Error")),
    )
    assert exists(series, "argo-workflows", "4.1")


def test_runs_of_kfp_are_found_by_display_names_that_begin_with_the_pipelines() -> None:
    series = run_series("kfp", "card-fraud-train", "succeeded", namespace="ml")
    assert series is not None
    pattern = {label: value for label, _, value in series.matchers}["workflow"]

    assert exists(series, "kfp", "2.17")
    assert series.matchers[0] == ("profile", "=", "ml")
    assert re.fullmatch(pattern, "card-fraud-train-3f9a1c2b7d")
    assert not re.fullmatch(pattern, "card-fraud-trainer-1")


def test_argo_workflows_alone_tells_when_runs_ended() -> None:
    series = run_ends("argo-workflows", "train", "failed", ("s", "e"))

    assert series == Series(
        "argo_workflows_mlops_pipeline_run_ended_timestamp_seconds",
        (("system", "=", "s"), ("environment", "=", "e"), ("pipeline", "=", "train"), ("status", "=~", "Failed|Error")),
    )
    assert [run_ends(engine, "train", "failed", ("s", "e")) for engine in ("kfp", "kale", "polyaxon")] == [None] * 3


def test_a_count_that_falls_comes_with_a_sign_of_life_of_its_exporter() -> None:
    for engine in ("kfp", "kale"):
        alive = alive_series(engine)
        assert alive is not None
        assert exists(alive, "kfp", "2.17")
        assert alive.matchers == ()
    assert alive_series("argo-workflows") is None


def test_kfp_cannot_count_all_finished_runs() -> None:
    assert run_series("kfp", "card-fraud-train", "finished") is None
    assert run_series("github", "card-fraud-train", "failed") is None
