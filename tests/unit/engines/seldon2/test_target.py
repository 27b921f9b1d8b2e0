"""The objects of Seldon 2: Models, Pipelines, Experiments, autoscalers."""

from __future__ import annotations

from copy import deepcopy
from decimal import Decimal
from typing import Any

import pytest
import yaml
from blueprints import blueprints
from engine_rules import seldon2 as rules
from msgspec.structs import replace
from served import ROLLOUTS, endpoint, engine, objects, only, put, serving, variations

from mlopsctl.blueprint.model.blueprint import Blueprint, Shared
from mlopsctl.blueprint.model.metrics import Series
from mlopsctl.blueprint.model.pipelines import Resources
from mlopsctl.blueprint.model.serving import Autoscale
from mlopsctl.engines.known import sync_wave
from mlopsctl.engines.seldon2 import target

SELDON = engine("seldon", "2")
RPS = Autoscale("rps", Decimal(50), Series("seldon_pipeline_infer_total"))
CANARY = ROLLOUTS["canary"]


def canary() -> list[dict[str, Any]]:
    return objects(target.render(serving(SELDON, rollout=CANARY, autoscale=RPS)))


@pytest.mark.parametrize("kind", ["pipeline", "model"])
def test_no_combination_is_refused_by_the_scheduler(kind: str) -> None:
    for blueprint in variations(SELDON, ("rps", "lag"), ("direct", "canary", "shadow"), kind):
        assert rules.refusals(objects(target.render(blueprint))) == []


@pytest.mark.parametrize(("example", "environment"), [("payments", "prod"), ("quickstart", "local")])
def test_no_example_is_refused_by_the_scheduler(example: str, environment: str) -> None:
    for blueprint in blueprints(example, environment).values():
        assert rules.refusals(objects(target.render(blueprint))) == []


@pytest.mark.parametrize(
    ("kind", "path", "value", "refusal"),
    [
        ("Model", "metadata.name", "card.v1", "bad name"),
        ("Model", "spec.storageUri", "", "no artifact"),
        ("Model", "spec.requirements", ["mlflow", "onnx"], "no server meets the requirements"),
        ("Model", "spec.memory", "1.5Gi", "memory is no whole number of bytes"),
        ("Model", "spec.minReplicas", 9, "replicas outside their bounds"),
        ("Model", "spec.maxReplicas", 9, "two scalers on one Model"),
        ("Model", "spec.replicas", None, "the Model has no replicas to write to"),
        ("Pipeline", "spec.steps", [], "no step"),
        ("Pipeline", "spec.steps.0.name", "card-fraud-fraud-scorer", "a step has the pipeline's name"),
        ("Pipeline", "spec.steps.0.name", "gone", "step gone is no Model"),
        ("Pipeline", "spec.output.steps.0", "gone", "output gone is no step"),
        ("Pipeline", "spec.input", {}, "input without external inputs"),
        ("Pipeline", "spec.steps.0.inputs", ["gone.outputs"], "gone is neither a step nor the pipeline"),
        ("Pipeline", "spec.steps.0.inputs", ["card-fraud-fraud-scorer-v41"], "the steps go round in a circle"),
        ("Experiment", "spec.default", "gone", "the default is no candidate"),
        ("Experiment", "spec.candidates.1.name", "card-fraud-fraud-scorer", "a candidate is repeated"),
        ("Experiment", "spec.resourceType", "model", "card-fraud-fraud-scorer is no Model"),
        ("Experiment", "spec.candidates.1.weight", -1, "weights that share nothing out"),
        ("HorizontalPodAutoscaler", "spec.scaleTargetRef.name", "gone", "scales no Model"),
        ("HorizontalPodAutoscaler", "spec.minReplicas", 99, "bounds that cross"),
        ("HorizontalPodAutoscaler", "spec.metrics.0.object.target.type", "Value", "not an average"),
        ("HorizontalPodAutoscaler", "spec.metrics.0.object.describedObject.name", "gone", "reads another object's"),
    ],
)
def test_the_scheduler_s_rules_find_what_is_wrong(kind: str, path: str, value: object, refusal: str) -> None:
    broken = deepcopy(canary())
    put(next(manifest for manifest in broken if manifest["kind"] == kind), path, value)

    assert any(refusal in text for text in rules.refusals(broken))


def test_an_endpoint_that_looks_features_up_is_a_pipeline_of_one_step() -> None:
    files = target.render(serving(SELDON, candidate=None, autoscale=None))

    pipeline = only(files, "Pipeline")
    assert pipeline["metadata"]["name"] == "card-fraud-fraud-scorer"
    assert pipeline["spec"] == {
        "steps": [{"name": "card-fraud-fraud-scorer-v41", "inputsJoinType": "inner"}],
        "output": {"steps": ["card-fraud-fraud-scorer-v41"], "stepsJoin": "inner"},
    }
    assert only(files, "Model")["metadata"]["name"] == "card-fraud-fraud-scorer-v41"


def test_a_bare_model_has_the_endpoint_s_name_whatever_its_version() -> None:
    files = target.render(serving(SELDON, kind="model", rollout=CANARY, autoscale=None))

    models = [obj["metadata"]["name"] for obj in objects(files) if obj["kind"] == "Model"]
    assert models == ["card-fraud-fraud-scorer", "card-fraud-fraud-scorer-candidate-v42"]
    assert only(files, "Experiment")["spec"]["resourceType"] == "model"
    assert not any(obj["kind"] == "Pipeline" for obj in objects(files))


def test_only_a_model_named_by_its_version_outlives_the_sync_that_replaces_it() -> None:
    note = "argocd.argoproj.io/sync-options"
    behind = only(target.render(serving(SELDON, candidate=None)), "Model")
    bare = only(target.render(serving(SELDON, kind="model", candidate=None)), "Model")

    assert behind["metadata"]["annotations"][note] == "PruneLast=true"
    assert note not in bare["metadata"].get("annotations", {})


def test_a_model_says_where_it_is_what_it_needs_and_which_version_it_is() -> None:
    model = only(target.render(serving(SELDON, candidate=None, autoscale=None, min_replicas=3)), "Model")

    assert model["metadata"]["labels"]["app.kubernetes.io/version"] == "41"
    assert model["spec"] == {
        "storageUri": "s3://acme-models/card-fraud/41",
        "secretName": "model-store",
        "requirements": ["mlflow"],
        "memory": "4Gi",
        "replicas": 3,
    }


def test_without_a_secret_the_model_names_none() -> None:
    model = only(target.render(serving(engine("seldon", "2", {"secret": None}), candidate=None)), "Model")

    assert "secretName" not in model["spec"]


def test_a_canary_shares_the_traffic_as_the_blueprint_says() -> None:
    experiment = only(target.render(serving(SELDON, rollout=CANARY)), "Experiment")

    assert experiment["metadata"]["name"] == endpoint().name
    assert experiment["spec"] == {
        "default": "card-fraud-fraud-scorer",
        "resourceType": "pipeline",
        "candidates": [
            {"name": "card-fraud-fraud-scorer", "weight": 75},
            {"name": "card-fraud-fraud-scorer-candidate-v42", "weight": 25},
        ],
    }


def test_a_shadow_answers_nobody() -> None:
    spec = only(target.render(serving(SELDON, rollout=ROLLOUTS["shadow"])), "Experiment")["spec"]

    assert spec["candidates"] == [{"name": "card-fraud-fraud-scorer", "weight": 100}]
    assert spec["mirror"] == {"name": "card-fraud-fraud-scorer-candidate-v42", "percent": 30}


def test_requests_are_followed_by_an_autoscaler_and_lag_by_seldon() -> None:
    lag = Autoscale("lag", Decimal(20), None)
    requests = objects(target.render(serving(SELDON, autoscale=RPS, candidate=None, min_replicas=2, max_replicas=9)))
    waiting = target.render(serving(SELDON, autoscale=lag, candidate=None, min_replicas=2, max_replicas=9))

    (autoscaler,) = (request for request in requests if request["kind"] == "HorizontalPodAutoscaler")
    assert (autoscaler["spec"]["minReplicas"], autoscaler["spec"]["maxReplicas"]) == (2, 9)
    assert [obj["kind"] for obj in objects(waiting)] == ["Model", "Pipeline"]
    model = only(waiting, "Model")["spec"]
    assert (model["minReplicas"], model["maxReplicas"]) == (2, 9)
    assert "replicas" not in model


@pytest.mark.parametrize(
    ("number", "text"), [("50", "50"), ("50.0", "50"), ("2.5", "2500m"), ("0.0001", "1m"), ("0.9999", "1")]
)
def test_the_autoscaler_s_average_is_a_quantity_as_the_api_server_writes_it(number: str, text: str) -> None:
    blueprint = serving(SELDON, autoscale=Autoscale("rps", Decimal(number), None), candidate=None)

    spec = only(target.render(blueprint), "HorizontalPodAutoscaler")["spec"]

    assert spec["metrics"][0]["object"]["target"] == {"type": "AverageValue", "averageValue": text}


def test_every_object_is_applied_after_what_it_needs() -> None:
    waves = [
        int(manifest["metadata"].get("annotations", {}).get("argocd.argoproj.io/sync-wave", 0)) for manifest in canary()
    ]

    assert waves == sorted(waves)
    assert waves[-1] == sync_wave("autoscaling", "HorizontalPodAutoscaler")


def test_every_object_has_the_labels_of_the_house() -> None:
    blueprint = serving(SELDON, rollout=CANARY, autoscale=RPS)

    for obj in objects(target.render(blueprint)):
        labels = obj["metadata"]["labels"]
        assert blueprint.labels.items() <= labels.items()
        assert labels["app.kubernetes.io/component"] == "serving"
        assert obj["metadata"]["namespace"] == "ml-prod"


def test_the_adapter_learns_the_very_metric_that_autoscalers_ask_for() -> None:
    (file,) = target.render_shared(shared(serving(SELDON, autoscale=RPS)))
    (rule,) = yaml.safe_load(file.content)["rules"]["custom"]

    spec = only(target.render(serving(SELDON, autoscale=RPS, candidate=None)), "HorizontalPodAutoscaler")["spec"]
    (metric,) = spec["metrics"]
    assert str(file.path) == "prometheus-adapter.yaml"
    assert rule["name"]["as"] == metric["object"]["metric"]["name"]
    assert rule["resources"]["overrides"]["model"] == {"group": "mlops.seldon.io", "resource": "model"}


def test_without_an_autoscaler_nothing_is_shared() -> None:
    assert len(target.render_shared(shared(serving(SELDON, autoscale=None)))) == 0


def shared(*systems: Blueprint) -> Shared:
    """Return what the systems of one environment share."""
    blueprint = systems[0]
    return Shared(
        schema=blueprint.schema,
        workspace="payments",
        environment="prod",
        place=blueprint.place,
        engines=blueprint.engines,
        labels={},
        secrets=(),
        project="payments_prod",
        monitors=(),
        systems=systems,
        feature_maps=("features",),
    )


def test_nothing_is_rendered_where_no_version_is_locked() -> None:
    assert len(target.render(replace(serving(SELDON), endpoints=()))) == 0


def test_what_belongs_to_the_server_is_a_warning_at_its_field() -> None:
    blueprint = serving(
        SELDON,
        autoscale=Autoscale("lag", Decimal(20), None),
        resources=Resources("1", "1Gi", gpu_count=1, gpu_resource="nvidia.com/gpu"),
    )

    limits = {limit.code: limit for limit in target.limits(blueprint)}

    assert set(limits) == {"MLC832", "MLC833"}
    assert limits["MLC832"].path == "spec.serving.endpoints.fraud-scorer.autoscale.target"
    assert limits["MLC833"].path == "spec.serving.endpoints.fraud-scorer.resources.gpu"
    assert all(limit.severity.word == "warning" for limit in limits.values())


def test_a_candidate_of_the_served_version_is_an_error() -> None:
    (diagnostic,) = target.limits(serving(SELDON, candidate=endpoint().stable))

    assert (diagnostic.code, diagnostic.path) == ("MLC834", "spec.serving.endpoints.fraud-scorer.model")
    assert "version 41" in diagnostic.message


def test_the_examples_ask_for_nothing_that_seldon_2_cannot_do() -> None:
    assert target.limits(blueprints("payments", "prod")["card-fraud"]) == ()
