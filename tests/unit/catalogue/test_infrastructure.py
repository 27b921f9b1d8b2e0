from __future__ import annotations

import pytest

from mlopsctl.catalogue.infrastructure import (
    BUILT_IN_HEALTH,
    COMMON_SEVERITY,
    SEVERITIES,
    SYNC_WAVES,
    has_health,
    owned_by_autoscaler,
    owned_by_rollout,
    scrape_targets,
    sync_wave,
)


@pytest.mark.parametrize(
    ("engine", "version"),
    [("seldon", "2"), ("seldon", "1"), ("kserve", "0.20"), ("argo-workflows", "4.1"), ("feast", "0.67")],
)
def test_what_is_scraped_is_picked_by_labels(engine: str, version: str) -> None:
    targets = scrape_targets(engine, version)

    assert targets
    assert all(target.selector and target.port and target.path.startswith("/") for target in targets)
    assert len({target.name for target in targets}) == len(targets)


def test_seldon_1_serves_its_metrics_at_a_path_of_its_own() -> None:
    (target,) = scrape_targets("seldon", "1.18")

    assert target.path == "/prometheus"


def test_the_controller_of_argo_workflows_is_scraped_over_https_and_keeps_its_namespace_label() -> None:
    (target,) = scrape_targets("argo-workflows", "4.1")

    assert (target.scheme, target.self_signed, target.honor_labels) == ("https", True, True)


def test_an_engine_without_metrics_is_not_scraped() -> None:
    assert scrape_targets("deepchecks", "0.19") == ()


def test_what_others_need_is_applied_before_them() -> None:
    assert sync_wave("", "ConfigMap") < sync_wave("argoproj.io", "WorkflowTemplate")
    assert sync_wave("argoproj.io", "WorkflowTemplate") < sync_wave("argoproj.io", "CronWorkflow")
    assert sync_wave("mlops.seldon.io", "Model") < sync_wave("mlops.seldon.io", "Pipeline")
    assert sync_wave("mlops.seldon.io", "Pipeline") < sync_wave("mlops.seldon.io", "Experiment")
    assert sync_wave("pipelines.kubeflow.org", "Pipeline") < sync_wave("pipelines.kubeflow.org", "PipelineVersion")
    assert sync_wave("example.com", "Anything") == 0


def test_the_experiments_of_argo_and_of_seldon_are_told_apart() -> None:
    assert has_health("argoproj.io", "Experiment")
    assert not has_health("mlops.seldon.io", "Experiment")
    assert ("argoproj.io", "Experiment") not in SYNC_WAVES


def test_kinds_that_argo_cd_cannot_judge_need_a_health_check_of_ours() -> None:
    assert not has_health("mlops.seldon.io", "Model")
    assert not has_health("machinelearning.seldon.io", "SeldonDeployment")
    assert ("serving.kserve.io", "InferenceService") in BUILT_IN_HEALTH


def test_every_severity_has_the_word_that_installations_route_by() -> None:
    assert tuple(COMMON_SEVERITY) == SEVERITIES


def test_an_autoscaler_writes_to_an_object_of_ours_under_seldon_2_alone() -> None:
    assert owned_by_autoscaler("seldon", "2.10", "rps") == (("mlops.seldon.io", "Model", "/spec/replicas"),)
    assert owned_by_autoscaler("seldon", "2") == owned_by_autoscaler("seldon", "2", "rps")
    assert owned_by_autoscaler("seldon", "2", "lag") == ()
    assert owned_by_autoscaler("seldon", "1", "cpu") == ()
    assert owned_by_autoscaler("kserve", "0.20", "cpu") == ()


@pytest.mark.parametrize(("engine", "version"), [("seldon", "2"), ("seldon", "1"), ("kserve", "0.20")])
def test_a_rollout_writes_shares_of_traffic_and_nothing_else(engine: str, version: str) -> None:
    owned = owned_by_rollout(engine, version)

    assert owned
    assert all(sync_wave(group, kind) >= 0 and (group, kind) in SYNC_WAVES for group, kind, _ in owned)
    assert all(pointer.startswith("/spec/") for _, _, pointer in owned)


def test_an_engine_without_a_router_has_no_rollout_that_writes() -> None:
    assert owned_by_rollout("mlserver", "1.7") == ()
