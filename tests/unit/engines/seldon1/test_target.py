"""The SeldonDeployment of an endpoint: predictors, traffic, scalers."""

from __future__ import annotations

from copy import deepcopy
from decimal import Decimal
from typing import Any

import pytest
from blueprints import blueprints
from engine_rules import seldon1 as rules
from promql_parser import parse
from served import ROLLOUTS, engine, objects, only, own_labels, put, serving, variations

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.serving import Autoscale
from mlopsctl.engines.seldon1 import target

SELDON = engine("seldon", "1.18")
KIND = "SeldonDeployment"


def deployment(**changes: Any) -> dict[str, Any]:
    return only(target.render(serving(SELDON, kind="deployment", **changes)), KIND)


def scaled(metric: str, target_: str = "70") -> Autoscale:
    return Autoscale(metric, Decimal(target_), None)


def test_no_combination_is_refused_by_the_webhook() -> None:
    for blueprint in variations(SELDON, ("cpu", "memory", "rps"), ("direct", "canary", "shadow"), "deployment"):
        for obj in objects(target.render(blueprint)):
            assert rules.refusals(obj) == []


def test_the_example_is_not_refused_by_the_webhook() -> None:
    assert rules.refusals(only(target.render(forecast()), KIND)) == []


def forecast() -> Blueprint:
    return blueprints("demand-forecast", "prod")["demand-forecast"]


CANDIDATE = "predictors.1"
NODE = "predictors.0.graph"
COMPONENT = "predictors.0.componentSpecs.0"


@pytest.mark.parametrize(
    ("refusal", "changes"),
    [
        ("unknown protocol", {"protocol": "v3"}),
        ("unknown transport", {"transport": "smtp"}),
        ("unknown server type", {"serverType": "rabbit"}),
        ("no predictor", {"predictors": []}),
        ("a predictor is repeated", {f"{CANDIDATE}.name": "stable"}),
        ("a server without a model", {f"{NODE}.modelUri": ""}),
        ("a server that does not speak the protocol", {"protocol": "tensorflow"}),
        ("a node without a container", {f"{NODE}.implementation": None, f"{NODE}.name": "gone"}),
        ("a logger without a mode", {f"{NODE}.logger": {"url": "http://broker"}}),
        ("shares that do not make 100", {f"{CANDIDATE}.traffic": 26}),
        ("two shadows", {"predictors.0.shadow": True, f"{CANDIDATE}.shadow": True}),
        ("a shadow's share outside 0 to 100", {f"{CANDIDATE}.shadow": True, f"{CANDIDATE}.traffic": 101}),
        ("two scalers on one predictor", {f"{COMPONENT}.kedaSpec": {"triggers": []}}),
        ("a number of copies beside a scaler", {"predictors.0.replicas": 2}),
        ("a scaler without a request", {f"{COMPONENT}.spec.containers.0.resources.requests.cpu": None}),
    ],
)
def test_the_webhook_s_rules_find_what_is_wrong(refusal: str, changes: dict[str, object]) -> None:
    wrong = deepcopy(deployment(rollout=ROLLOUTS["canary"], autoscale=scaled("cpu")))
    assert rules.refusals(wrong) == []

    for path, value in changes.items():
        put(wrong["spec"], path, value)

    assert refusal in rules.refusals(wrong)


@pytest.mark.parametrize(
    ("refusal", "predictor"),
    [("a shadow alone", {"shadow": True}), ("one predictor with a share", {"traffic": 75})],
)
def test_the_webhook_s_rules_find_what_no_predictor_can_be_alone(refusal: str, predictor: dict[str, object]) -> None:
    wrong = deepcopy(deployment(candidate=None))
    wrong["spec"]["predictors"][0] |= predictor

    assert refusal in rules.refusals(wrong)


@pytest.mark.parametrize(
    ("strategy", "shares"),
    [("direct", [("stable", 100, None)]), ("canary", [("stable", 75, None), ("candidate", 25, None)])],
)
def test_the_predictors_share_the_traffic_as_the_blueprint_says(strategy: str, shares: list[Any]) -> None:
    changes = {} if strategy == "canary" else {"candidate": None}
    spec = deployment(rollout=ROLLOUTS[strategy], **changes)["spec"]

    assert [
        (predictor["name"], predictor["traffic"], predictor.get("shadow")) for predictor in spec["predictors"]
    ] == shares


def test_a_shadow_gets_a_copy_and_leaves_the_stable_version_all_of_the_traffic() -> None:
    stable, shadow = deployment(rollout=ROLLOUTS["shadow"])["spec"]["predictors"]

    assert ("shadow" not in stable, stable["traffic"]) == (True, 100)
    assert (shadow["shadow"], shadow["traffic"]) == (True, 30)


def test_the_objectives_of_a_shadowed_deployment_count_the_stable_predictor_alone() -> None:
    (endpoint,) = forecast().endpoints
    stable, _ = only(target.render(forecast()), KIND)["spec"]["predictors"]

    assert endpoint.requests is not None
    assert ("predictor_name", "=", stable["name"]) in endpoint.requests.matchers


def test_each_version_is_served_from_its_own_artifact_by_a_node_of_the_same_name() -> None:
    predictors = deployment(rollout=ROLLOUTS["canary"])["spec"]["predictors"]

    assert [predictor["graph"]["modelUri"] for predictor in predictors] == [
        "s3://acme-models/card-fraud/41",
        "s3://acme-models/card-fraud/42",
    ]
    assert {predictor["graph"]["name"] for predictor in predictors} == {"fraud-scorer"}
    assert {predictor["graph"]["implementation"] for predictor in predictors} == {"MLFLOW_SERVER"}
    assert {predictor["graph"]["envSecretRefName"] for predictor in predictors} == {"model-store"}
    assert [predictor["labels"]["app.kubernetes.io/version"] for predictor in predictors] == ["41", "42"]


def test_without_a_secret_the_graph_names_none() -> None:
    blueprint = serving(engine("seldon", "1", {"secret": None}), kind="deployment", candidate=None)

    (predictor,) = only(target.render(blueprint), KIND)["spec"]["predictors"]

    assert "envSecretRefName" not in predictor["graph"]


def test_pods_are_found_by_the_label_that_seldon_gives_them() -> None:
    (predictor,) = deployment(candidate=None)["spec"]["predictors"]

    assert "app.kubernetes.io/managed-by" not in predictor["labels"]
    assert own_labels(serving(SELDON)).items() <= predictor["labels"].items()


def test_every_container_asks_for_resources_and_is_restricted() -> None:
    (predictor,) = deployment(candidate=None)["spec"]["predictors"]
    pod = predictor["componentSpecs"][0]["spec"]
    (container,) = pod["containers"]

    assert container["resources"] == {"requests": {"cpu": "2", "memory": "4Gi"}, "limits": {"memory": "4Gi"}}
    assert container["securityContext"]["allowPrivilegeEscalation"] is False
    assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert predictor["svcOrchSpec"]["resources"]["requests"]["cpu"]


@pytest.mark.parametrize(("flavor", "declared"), [("sklearn", True), ("lightgbm", True), ("pytorch", False)])
def test_a_server_of_trees_is_told_to_use_one_thread_a_request(flavor: str, declared: bool) -> None:
    (predictor,) = deployment(candidate=None, features=None, flavor=flavor)["spec"]["predictors"]
    (container,) = predictor["componentSpecs"][0]["spec"]["containers"]
    assert container.get("env") == ([{"name": "OMP_NUM_THREADS", "value": "1"}] if declared else None)


def test_a_fixed_number_of_copies_is_said_and_a_scaler_s_is_not() -> None:
    (fixed,) = deployment(candidate=None, autoscale=None, min_replicas=3)["spec"]["predictors"]
    (scaling,) = deployment(candidate=None, autoscale=scaled("cpu"))["spec"]["predictors"]

    assert fixed["replicas"] == 3
    assert "replicas" not in scaling
    assert scaling["componentSpecs"][0]["hpaSpec"] == {
        "minReplicas": 2,
        "maxReplicas": 20,
        "metricsv2": [
            {
                "type": "Resource",
                "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 70}},
            }
        ],
    }


def test_requests_are_counted_for_each_predictor_alone_by_a_query_that_parses() -> None:
    spec = deployment(rollout=ROLLOUTS["canary"], autoscale=scaled("rps", "12.50"))["spec"]

    for predictor in spec["predictors"]:
        keda = predictor["componentSpecs"][0]["kedaSpec"]
        (trigger,) = keda["triggers"]
        assert (keda["minReplicaCount"], keda["maxReplicaCount"]) == (2, 20)
        assert trigger["metadata"]["serverAddress"] == "http://prometheus.monitoring:9090"
        assert trigger["metadata"]["threshold"] == "12.50"
        assert str(parse(trigger["metadata"]["query"])) == (
            'sum(rate(seldon_api_executor_server_requests_seconds_count{deployment_name="card-fraud-fraud-scorer",'
            f'predictor_name="{predictor["name"]}"}}[2m]))'
        )


def test_a_share_that_is_no_whole_percentage_is_an_error() -> None:
    (diagnostic,) = target.limits(serving(SELDON, kind="deployment", autoscale=scaled("cpu", "0.7")))

    assert diagnostic.code == "MLC831"


def test_the_example_asks_for_nothing_that_seldon_1_cannot_do() -> None:
    assert target.limits(forecast()) == ()
