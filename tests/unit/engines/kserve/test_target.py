"""The InferenceService of an endpoint, in both modes."""

from __future__ import annotations

from copy import deepcopy
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from blueprints import blueprints
from engine_rules import kserve as rules
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from served import ROLLOUTS, endpoint, engine, objects, only, serving, variations

from mlopsctl.blueprint.model.pipelines import Resources
from mlopsctl.blueprint.model.serving import Autoscale, ServedVersion
from mlopsctl.engines.kserve import canary, target
from mlopsctl.engines.shared.quantities import number
from mlopsctl.runtime.scoring import SERVER

STANDARD = engine("kserve", "0.20", {"mode": "Standard", "serviceAccount": None})
KNATIVE = engine("kserve", "0.20", {"mode": "Knative", "serviceAccount": "model-reader"})
CANARY = ROLLOUTS["canary"]
KIND = "InferenceService"


def service(chosen: Any = STANDARD, **changes: Any) -> dict[str, Any]:
    return only(target.render(serving(chosen, **{"kind": "service", "autoscale": None, **changes})), KIND)


def scaled(metric: str, target_: str = "70") -> Autoscale:
    return Autoscale(metric, Decimal(target_), None)


def test_no_combination_is_refused_by_the_webhook() -> None:
    for chosen, metrics in ((STANDARD, ("cpu", "memory")), (KNATIVE, ("rps", "concurrency"))):
        for blueprint in variations(chosen, metrics, ("direct", "canary"), "service"):
            for obj in objects(target.render(blueprint)):
                assert rules.refusals(obj) == []


def test_the_example_is_not_refused_by_the_webhook() -> None:
    assert rules.refusals(only(target.render(blueprints("payments", "dev")["card-fraud"]), KIND)) == []


MODE = ("metadata", "annotations", "serving.kserve.io/deploymentMode")
SCALER = ("metadata", "annotations", "serving.kserve.io/autoscalerClass")
STABLE = ("spec", "predictor")
CANDIDATE = ("spec", "canary", 0, "predictor")


@pytest.mark.parametrize(
    ("refusal", "path", "value"),
    [
        ("bad name", ("metadata", "name"), "1st"),
        ("unknown scaler", SCALER, "kpa"),
        ("not exactly one implementation", (*STABLE, "sklearn"), {}),
        ("a name of the model", (*STABLE, "model", "name"), "fraud"),
        ("two addresses of the model", (*STABLE, "storageUris"), []),
        ("replicas outside their bounds", (*STABLE, "minReplicas"), 99),
        ("a metric that is not of Standard mode", (*STABLE, "scaleMetric"), "rps"),
        ("a target that is no percentage", (*STABLE, "scaleTarget"), 101),
        ("a share of Knative's in Standard mode", (*STABLE, "canaryTrafficPercent"), 5),
        ("a canary where there is none", MODE, "Knative"),
        ("canaries without names of their own", (*CANDIDATE, "name"), ""),
        ("shares above 100", ("spec", "canary", 0, "trafficPercent"), 101),
        ("a canary with maxReplicas", (*CANDIDATE, "maxReplicas"), 3),
        ("more copies than the stable version", (*CANDIDATE, "minReplicas"), 99),
    ],
)
def test_the_webhook_s_rules_find_what_is_wrong(refusal: str, path: tuple[Any, ...], value: object) -> None:
    wrong = deepcopy(service(rollout=CANARY, min_replicas=4, max_replicas=4))
    assert rules.refusals(wrong) == []

    owner: Any = wrong
    for part in path[:-1]:
        owner = owner[part]
    owner[path[-1]] = value

    assert refusal in rules.refusals(wrong)


def test_without_a_mode_the_webhook_holds_knative_s_rules_against_a_scaler_of_standard_mode() -> None:
    wrong = service(candidate=None, autoscale=scaled("cpu"), max_replicas=4)
    del wrong["metadata"]["annotations"][MODE[-1]]

    assert rules.refusals(wrong) == ["a metric that is not of Knative mode"]


def test_an_old_version_has_no_canaries_in_standard_mode() -> None:
    assert rules.refusals(service(rollout=CANARY), (0, 19)) == ["a canary where there is none"]


def test_the_mode_and_the_scaler_are_always_named() -> None:
    standard, knative = (service(chosen)["metadata"]["annotations"] for chosen in (STANDARD, KNATIVE))

    assert standard["serving.kserve.io/deploymentMode"] == "Standard"
    assert standard["serving.kserve.io/autoscalerClass"] == "hpa"
    assert knative["serving.kserve.io/deploymentMode"] == "Knative"
    assert knative["autoscaling.knative.dev/class"] == "kpa.autoscaling.knative.dev"


@pytest.mark.parametrize(
    ("flavor", "features", "model_format", "runtime"),
    [
        ("sklearn", None, "sklearn", "kserve-sklearnserver"),
        ("xgboost", None, "xgboost", "kserve-xgbserver"),
        ("sklearn", "fraud_inputs", "mlflow", "kserve-mlserver"),
        ("pytorch", None, "mlflow", "kserve-mlserver"),
    ],
)
def test_the_runtime_is_named_and_reads_the_format(
    flavor: str, features: str | None, model_format: str, runtime: str
) -> None:
    model = service(flavor=flavor, features=features, candidate=None)["spec"]["predictor"]["model"]

    assert (model["modelFormat"], model["runtime"]) == ({"name": model_format}, runtime)
    assert model["protocolVersion"] == "v2"
    assert model["storageUri"] == "s3://acme-models/card-fraud/41"


def test_the_server_asks_for_resources_and_is_restricted() -> None:
    model = service(candidate=None)["spec"]["predictor"]["model"]

    assert model["resources"] == {"requests": {"cpu": "2", "memory": "4Gi"}, "limits": {"cpu": "2", "memory": "4Gi"}}
    assert model["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "capabilities": {"drop": ["ALL"]},
        "runAsNonRoot": True,
        "seccompProfile": {"type": "RuntimeDefault"},
    }


@pytest.mark.parametrize(("flavor", "declared"), [("xgboost", True), ("sklearn", True), ("pytorch", False)])
def test_a_server_of_trees_is_told_to_use_one_thread_a_request(flavor: str, declared: bool) -> None:
    model = service(flavor=flavor, features=None, candidate=None)["spec"]["predictor"]["model"]
    assert model.get("env") == ([{"name": "OMP_NUM_THREADS", "value": "1"}] if declared else None)


def test_the_port_that_prometheus_finds_the_pods_by_is_declared() -> None:
    for chosen in (STANDARD, KNATIVE):
        assert service(chosen, candidate=None)["spec"]["predictor"]["model"]["ports"] == [
            {"containerPort": 8080, "protocol": "TCP"}
        ]


def test_the_account_that_reads_artifacts_is_named_where_there_is_one() -> None:
    assert service(KNATIVE)["spec"]["predictor"]["serviceAccountName"] == "model-reader"
    assert "serviceAccountName" not in service(STANDARD)["spec"]["predictor"]


def test_without_a_metric_standard_mode_keeps_the_number_of_copies() -> None:
    predictor = service(candidate=None, min_replicas=2, max_replicas=9)["spec"]["predictor"]

    assert (predictor["minReplicas"], predictor["maxReplicas"]) == (2, 2)
    assert "scaleMetric" not in predictor


def test_a_metric_is_followed_between_the_bounds() -> None:
    predictor = service(candidate=None, autoscale=scaled("cpu"), min_replicas=2, max_replicas=9)["spec"]["predictor"]

    assert (predictor["minReplicas"], predictor["maxReplicas"]) == (2, 9)
    assert (predictor["scaleMetric"], predictor["scaleTarget"]) == ("cpu", 70)


def test_knative_may_go_down_to_zero() -> None:
    predictor = service(KNATIVE, candidate=None, min_replicas=0, max_replicas=5)["spec"]["predictor"]

    assert (predictor["minReplicas"], predictor["maxReplicas"]) == (0, 5)


def test_in_standard_mode_the_candidate_is_a_canary_beside_the_stable_version() -> None:
    spec = service(rollout=CANARY, min_replicas=4, max_replicas=4)["spec"]
    (canary,) = spec["canary"]

    assert spec["predictor"]["model"]["storageUri"].endswith("/41")
    assert canary["trafficPercent"] == 25
    assert (canary["predictor"]["name"], canary["predictor"]["model"]["name"]) == ("v42", "")
    assert canary["predictor"]["model"]["storageUri"].endswith("/42")
    assert canary["predictor"]["labels"] == {"app.kubernetes.io/version": "42"}


def test_in_knative_mode_the_candidate_is_the_newest_revision_with_its_share() -> None:
    spec = service(KNATIVE, rollout=CANARY)["spec"]

    assert "canary" not in spec
    assert spec["predictor"]["canaryTrafficPercent"] == 25
    assert spec["predictor"]["model"]["storageUri"].endswith("/42")


@pytest.mark.parametrize(
    ("copies", "steps", "says", "enough"),
    [
        (2, (10, 100), "1 of 2 replicas, which is 50 percent", 10),
        (1, (50, 100), "1 of 2 replicas, which is 50 percent", None),
        (30, (5, 100), "2 of 30 replicas, which is 7 percent", 40),
        (4, (25, 50, 100), "", None),
        (3, (25, 50, 100), "1 of 3 replicas, which is 33 percent", 4),
        (20, (5, 25, 100), "", None),
    ],
)
def test_a_share_that_the_copies_do_not_make_says_what_it_would_be(
    copies: int, steps: tuple[int, ...], says: str, enough: int | None
) -> None:
    rollout = replace(CANARY, steps=steps, weight=steps[0])
    limits = target.limits(serving(STANDARD, rollout=rollout, min_replicas=copies, autoscale=None))

    if enough is None:
        assert limits == ()
        return
    (limit,) = limits
    assert (limit.code, limit.path) == ("MLC835", "spec.serving.endpoints.fraud-scorer.rollout.steps")
    assert says in limit.message
    assert f"replicas.min to {enough}, " in limit.help


def test_knative_makes_every_share() -> None:
    assert target.limits(serving(KNATIVE, rollout=replace(CANARY, steps=(1, 100)), autoscale=None)) == ()


@given(st.integers(1, 400), st.lists(st.integers(1, 99), min_size=1, max_size=4))
def test_the_number_of_copies_that_the_help_names_makes_every_step(copies: int, steps: list[int]) -> None:
    copies_needed = canary.enough(copies, steps)

    assert copies_needed >= copies
    assert all(canary.real_share(copies_needed, step) == Fraction(step, 100) for step in steps)


@given(st.integers(1, 200), st.integers(1, 100))
def test_a_canary_never_takes_the_last_copy(copies: int, percent: int) -> None:
    assert 0 < canary.real_share(copies, percent) < 1


@pytest.mark.parametrize("uri", ["s3://models/1", "https://acme.blob.core.windows.net/m/1"])
def test_an_artifact_that_kserve_can_fetch_is_no_finding(uri: str) -> None:
    assert target.limits(serving(STANDARD, **stored_at(uri))) == ()


def test_an_artifact_that_kserve_cannot_fetch_is_an_error() -> None:
    (diagnostic,) = target.limits(serving(STANDARD, **stored_at("dbfs://models/1")))

    assert (diagnostic.code, diagnostic.path) == ("MLC836", "spec.serving.endpoints.fraud-scorer.model")
    assert "`dbfs`" in diagnostic.message


def stored_at(uri: str) -> dict[str, Any]:
    """Return the changes of an endpoint whose one version is kept there."""
    stable = endpoint().stable
    version = replace(stable.version, uri=uri)
    return {
        "stable": ServedVersion(stable.name, version),
        "candidate": None,
        "rollout": ROLLOUTS["direct"],
        "autoscale": None,
    }


IMAGE = "ghcr.io/acme/model-server@sha256:" + "0" * 64
OWN = engine("kserve", "0.20", {"mode": "Standard", "serviceAccount": None, "image": IMAGE})
RUNTIME_DEFAULTS = {"requests": {"cpu": "1", "memory": "2Gi"}, "limits": {"cpu": "1", "memory": "2Gi"}}
"""What KServe's own runtimes bring (kserve@v0.20.0:config/runtimes/kserve-mlserver.yaml)."""


@pytest.mark.parametrize("cpu", ["100m", "0.5", "1", "1500m", "2", "16"])
def test_no_request_is_above_the_limit_after_the_runtime_s_defaults_are_merged_in(cpu: str) -> None:
    resources = service(candidate=None, resources=Resources(cpu, "4Gi"))["spec"]["predictor"]["model"]["resources"]
    merged = {kind: {**RUNTIME_DEFAULTS[kind], **resources[kind]} for kind in ("requests", "limits")}
    assert number(merged["requests"]["cpu"]) <= number(merged["limits"]["cpu"])
    assert number(merged["requests"]["memory"]) <= number(merged["limits"]["memory"])
    assert number(resources["limits"]["cpu"]) >= 1


def test_an_image_of_the_workspace_serves_packages_in_a_runtime_of_their_own() -> None:
    files = target.render(serving(OWN, kind="model", features="fraud_inputs", autoscale=None))
    runtime, predicted = only(files, "ServingRuntime"), only(files, KIND)
    (container,) = runtime["spec"]["containers"]
    variables = {variable["name"]: variable["value"] for variable in container["env"]}

    assert (container["name"], container["image"]) == ("kserve-container", IMAGE)
    assert variables["MLSERVER_MODEL_NAME"] == predicted["metadata"]["name"]
    assert container["command"][-1] == variables["MLSERVER_MODEL_URI"] == "/mnt/models"
    assert "cpu" not in container["resources"]["limits"]
    assert runtime["metadata"]["annotations"]["argocd.argoproj.io/sync-wave"] == "-1"
    for predictor in (predicted["spec"]["predictor"], predicted["spec"]["canary"][0]["predictor"]):
        assert predictor["model"]["runtime"] == runtime["metadata"]["name"]


def test_a_bare_model_file_keeps_kserve_s_own_server() -> None:
    files = target.render(serving(OWN, kind="service", features=None, flavor="sklearn", autoscale=None))
    assert [obj["kind"] for obj in objects(files)] == [KIND]


def test_a_promoted_package_asks_the_feature_server_of_its_environment() -> None:
    blueprint = serving(STANDARD, features="fraud_inputs", flavor="pytorch", candidate=None, autoscale=None)
    features = replace(blueprint.engines.features, settings={"server": None})
    blueprint = replace(blueprint, engines=replace(blueprint.engines, features=features))
    (variable,) = only(target.render(blueprint), KIND)["spec"]["predictor"]["model"]["env"]
    assert variable == {"name": SERVER, "value": f"http://feast-server.{blueprint.place.namespace}.svc:6566"}
