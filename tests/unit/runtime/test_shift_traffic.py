from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
from blueprints import card_fraud
from unit.runtime.cluster import Objects, kubeconfig
from unit.runtime.doubles import call_of, server
from unit.runtime.variants import served_by

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.runtime.step_context import StepFailed
from mlopsctl.runtime.steps import shift_traffic

NAME = "card-fraud-fraud-scorer"
COMING = card_fraud().endpoints[0].candidate_name
SELDON2 = {"candidates": [{"name": NAME, "weight": 95}, {"name": COMING, "weight": 5}]}
SELDON1 = {"predictors": [{"name": "stable", "traffic": 95}, {"name": "candidate", "traffic": 5, "graph": {}}]}
STANDARD = {"predictor": {}, "canary": [{"trafficPercent": 5, "predictor": {"name": "v42"}}]}
KNATIVE = {"predictor": {"canaryTrafficPercent": 5}}

pytestmark = [pytest.mark.oracle, pytest.mark.filterwarnings("ignore")]


def shifted(blueprint: Blueprint, folder: Path, objects: Objects, weight: str = "25") -> tuple[list[Any], list[Any]]:
    with server(objects) as (address, requests):
        given = {"endpoint": NAME, "weight": weight}
        environ = kubeconfig(folder, address)
        call, said = call_of(blueprint, folder, "shift-traffic", parameters=given, environ=environ)
        shift_traffic.run(call)
    return requests, said


@pytest.mark.parametrize(
    ("engine", "version", "settings", "spec", "path", "after"),
    [
        (
            "seldon",
            "2",
            {},
            SELDON2,
            "mlops.seldon.io/v1alpha1/namespaces/ml-prod/experiments",
            {"candidates": [{"name": NAME, "weight": 75}, {"name": COMING, "weight": 25}]},
        ),
        (
            "seldon",
            "1",
            {},
            SELDON1,
            "machinelearning.seldon.io/v1/namespaces/ml-prod/seldondeployments",
            {"predictors": [{"name": "stable", "traffic": 75}, {"name": "candidate", "traffic": 25, "graph": {}}]},
        ),
        (
            "kserve",
            "0.20",
            {"mode": "Standard"},
            STANDARD,
            "serving.kserve.io/v1beta1/namespaces/ml-prod/inferenceservices",
            {"predictor": {}, "canary": [{"trafficPercent": 25, "predictor": {"name": "v42"}}]},
        ),
        (
            "kserve",
            "0.20",
            {"mode": "Knative"},
            KNATIVE,
            "serving.kserve.io/v1beta1/namespaces/ml-prod/inferenceservices",
            {"predictor": {"canaryTrafficPercent": 25}},
        ),
    ],
    ids=["seldon-2", "seldon-1", "kserve-standard", "kserve-knative"],
)
def test_each_engine_is_told_in_its_own_words_and_only_once(
    tmp_path: Path, engine: str, version: str, settings: Any, spec: Any, path: str, after: Any
) -> None:
    objects = Objects(copy.deepcopy(spec))
    blueprint = served_by(card_fraud(), engine, version, settings)
    requests, said = shifted(blueprint, tmp_path, objects)
    assert objects.spec == after
    assert {request.path for request in requests} == {f"/apis/{path}/{NAME}"}
    assert said[-1]["message"].endswith("gets 25 percent of the traffic")
    again, said = shifted(blueprint, tmp_path, objects)
    assert [request.method for request in again] == ["GET"]
    assert said[-1]["message"].endswith("already has 25 percent of the traffic")


def test_a_change_in_between_is_met_by_reading_again(tmp_path: Path) -> None:
    objects = Objects(copy.deepcopy(SELDON2), lost=1)
    requests, _ = shifted(card_fraud(), tmp_path, objects)
    assert [request.method for request in requests] == ["GET", "PATCH", "GET", "PATCH"]
    assert objects.spec["candidates"][1]["weight"] == 25


def test_a_candidate_that_is_gone_is_told(tmp_path: Path) -> None:
    with pytest.raises(StepFailed, match="has no candidate"):
        shifted(card_fraud(), tmp_path, Objects({"candidates": [{"name": NAME, "weight": 100}]}))


def test_an_object_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(StepFailed, match=f"cannot read experiments/{NAME}: not found in namespace `ml-prod`"):
        shifted(card_fraud(), tmp_path, lambda _: (404, {}))  # type: ignore[arg-type]


@pytest.mark.parametrize("weight", ["", "-1", "101", "half"])
def test_a_weight_that_is_no_percentage_changes_nothing(tmp_path: Path, weight: str) -> None:
    call, _ = call_of(card_fraud(), tmp_path, "shift-traffic", parameters={"endpoint": NAME, "weight": weight})
    with pytest.raises(StepFailed, match="must be a percentage"):
        shift_traffic.run(call)
