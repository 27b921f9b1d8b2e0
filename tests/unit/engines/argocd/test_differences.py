"""What Argo CD leaves alone, by engine; and what it may carry over from the cluster without losing a new version."""

from __future__ import annotations

import pytest
from blueprints import blueprints
from served import ROLLOUTS, endpoint, engine, serving

from mlopsctl.engines.argocd.differences import ignored, may_be_kept

DEPLOYMENT = ("machinelearning.seldon.io", "SeldonDeployment")
MODEL = ("mlops.seldon.io", "Model")
EXPERIMENT = ("mlops.seldon.io", "Experiment")


def test_a_share_inside_a_list_is_ignored_but_never_carried_over() -> None:
    blueprint = serving(engine("seldon", "1"), kind="deployment", rollout=ROLLOUTS["canary"])
    rules = ignored(blueprint, {DEPLOYMENT})
    assert [(rule["kind"], rule["jsonPointers"]) for rule in rules] == [
        ("SeldonDeployment", ["/spec/predictors/0/traffic", "/spec/predictors/1/traffic"])
    ]
    assert not may_be_kept(rules)


def test_a_kind_that_was_not_rendered_is_not_mentioned() -> None:
    blueprint = serving(engine("seldon", "2"), rollout=ROLLOUTS["canary"])
    assert [rule["kind"] for rule in ignored(blueprint, {MODEL})] == ["Model"]


@pytest.mark.parametrize("strategy", ["direct", "shadow"])
def test_without_a_canary_nothing_shifts_traffic(strategy: str) -> None:
    blueprint = serving(engine("seldon", "2"), rollout=ROLLOUTS[strategy], autoscale=None)
    assert ignored(blueprint, {MODEL, EXPERIMENT}) == []
    assert not may_be_kept([])


def test_without_a_candidate_nothing_shifts_traffic() -> None:
    assert endpoint().candidate
    blueprint = serving(engine("seldon", "2"), rollout=ROLLOUTS["canary"], candidate=None, autoscale=None)
    assert ignored(blueprint, {MODEL, EXPERIMENT}) == []


def test_the_content_that_a_version_is_named_by_is_not_compared() -> None:
    rules = ignored(blueprints("payments", "dev")["card-fraud"], {("pipelines.kubeflow.org", "PipelineVersion")})
    assert [rule["jsonPointers"] for rule in rules] == [["/spec/pipelineSpec", "/spec/platformSpec"]]
    assert may_be_kept(rules)
