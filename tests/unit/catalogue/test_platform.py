from __future__ import annotations

import pytest
from argocd_health import BUILT_IN_HEALTH

from mlopsctl.catalogue.platform import (
    Owned,
    ScrapeTarget,
)
from mlopsctl.engines.base import ARGO_CD
from mlopsctl.engines.known import by_name, kinds, sync_wave
from mlopsctl.engines.model_servers import serving


def scrapes(engine: str, version: str) -> tuple[ScrapeTarget, ...]:
    facts = by_name(engine, version)
    assert facts is not None
    return facts.scrapes


def written_by_scaler(engine: str, version: str, metric: str) -> tuple[Owned, ...]:
    servers = serving(engine, version)
    assert servers is not None
    return servers.autoscaled.get(metric, ())


def written_by_rollout(engine: str, version: str) -> tuple[Owned, ...]:
    servers = serving(engine, version)
    assert servers is not None
    return servers.traffic.owned if servers.traffic else ()


@pytest.mark.parametrize(
    ("engine", "version"),
    [("seldon", "2"), ("seldon", "1"), ("kserve", "0.20"), ("argo-workflows", "4.1"), ("feast", "0.67")],
)
def test_what_is_scraped_is_picked_by_labels(engine: str, version: str) -> None:
    targets = scrapes(engine, version)

    assert targets
    assert all(target.selector and target.port and target.path.startswith("/") for target in targets)
    assert len({target.name for target in targets}) == len(targets)


def test_seldon_1_serves_its_metrics_at_a_path_of_its_own() -> None:
    (target,) = scrapes("seldon", "1.18")

    assert target.path == "/prometheus"


def test_the_controller_of_argo_workflows_is_scraped_over_https_and_keeps_its_namespace_label() -> None:
    (target,) = scrapes("argo-workflows", "4.1")

    assert (target.scheme, target.self_signed, target.honor_labels) == ("https", True, True)


def test_an_engine_without_metrics_is_not_scraped() -> None:
    assert scrapes("deepchecks", "0.19") == ()


def test_what_others_need_is_applied_before_them() -> None:
    assert sync_wave("", "ConfigMap") < sync_wave("argoproj.io", "WorkflowTemplate")
    assert sync_wave("argoproj.io", "WorkflowTemplate") < sync_wave("argoproj.io", "CronWorkflow")
    assert sync_wave("mlops.seldon.io", "Model") < sync_wave("mlops.seldon.io", "Pipeline")
    assert sync_wave("mlops.seldon.io", "Pipeline") < sync_wave("mlops.seldon.io", "Experiment")
    assert sync_wave("pipelines.kubeflow.org", "Pipeline") < sync_wave("pipelines.kubeflow.org", "PipelineVersion")
    assert sync_wave("example.com", "Anything") == 0


SERVERS = (
    *(("mlops.seldon.io", kind) for kind in ("Model", "Pipeline", "Experiment")),
    ("machinelearning.seldon.io", "SeldonDeployment"),
    ("serving.kserve.io", "InferenceService"),
)


@pytest.mark.parametrize("server", SERVERS)
def test_a_server_that_never_becomes_ready_holds_up_no_schedule_and_no_alert(server: tuple[str, str]) -> None:
    earlier = {kind: wave.wave for kind, wave in kinds().items() if kind[0] == "monitoring.coreos.com"}
    earlier |= {kind: sync_wave(*kind) for kind in (("argoproj.io", "CronWorkflow"), ("batch", "CronJob"))}
    assert max(earlier.values()) < sync_wave(*server)
    assert sync_wave(*server) < sync_wave("grafana.integreatly.org", "GrafanaDashboard")


def test_the_experiments_of_argo_and_of_seldon_are_told_apart() -> None:
    assert ("argoproj.io", "Experiment") in BUILT_IN_HEALTH
    assert ("mlops.seldon.io", "Experiment") not in BUILT_IN_HEALTH
    assert ("argoproj.io", "Experiment") not in kinds()


def test_kinds_that_argo_cd_cannot_judge_need_a_health_check_of_ours() -> None:
    judged = {kind for kind, facts in kinds().items() if facts.health == ARGO_CD}
    assert judged
    assert judged <= BUILT_IN_HEALTH
    assert kinds()["mlops.seldon.io", "Model"].health == "health.lua"
    assert not {kind for kind, facts in kinds().items() if facts.health != ARGO_CD} & BUILT_IN_HEALTH


def test_an_autoscaler_writes_to_an_object_of_ours_under_seldon_2_alone() -> None:
    assert written_by_scaler("seldon", "2.10", "rps") == (("mlops.seldon.io", "Model", "/spec/replicas"),)
    assert written_by_scaler("seldon", "2", "lag") == ()
    assert written_by_scaler("seldon", "1", "cpu") == ()
    assert written_by_scaler("kserve", "0.20", "cpu") == ()


@pytest.mark.parametrize(("engine", "version"), [("seldon", "2"), ("seldon", "1"), ("kserve", "0.20")])
def test_a_rollout_writes_shares_of_traffic_and_nothing_else(engine: str, version: str) -> None:
    owned = written_by_rollout(engine, version)

    assert owned
    assert all(sync_wave(group, kind) >= 0 and (group, kind) in kinds() for group, kind, _ in owned)
    assert all(pointer.startswith("/spec/") for _, _, pointer in owned)


def test_an_engine_without_a_router_has_no_rollout_that_writes() -> None:
    assert written_by_rollout("mlserver", "1.7") == ()


def test_the_secret_of_the_receivers_is_there_before_the_object_that_an_operator_drops_without_it() -> None:
    assert sync_wave("external-secrets.io", "ExternalSecret") < sync_wave("monitoring.coreos.com", "AlertmanagerConfig")
    assert kinds()["external-secrets.io", "ExternalSecret"].health == ARGO_CD
