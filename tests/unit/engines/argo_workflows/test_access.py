"""Who a run is to the cluster, and that it may do no more than its steps ask for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import yaml
from msgspec.structs import replace

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.platform import Engine
from mlopsctl.engines.known import for_engines

Objects = dict[tuple[str, str], dict[str, Any]]


def with_engine(blueprint: Blueprint, stage: str, engine: Engine) -> Blueprint:
    return replace(blueprint, engines=replace(blueprint.engines, **{stage: engine}))


def test_the_executor_may_only_report_results(fraud: Blueprint, objects: Callable[[Blueprint], Objects]) -> None:
    assert objects(fraud)["Role", "card-fraud-executor"]["rules"] == [
        {"apiGroups": ["argoproj.io"], "resources": ["workflowtaskresults"], "verbs": ["create", "patch"]}
    ]


def test_an_ordinary_step_has_no_token_and_no_right(fraud: Blueprint, objects: Callable[[Blueprint], Objects]) -> None:
    manifests = objects(fraud)
    spec = manifests["WorkflowTemplate", "card-fraud-train"]["spec"]
    assert spec["automountServiceAccountToken"] is False
    assert spec["executor"] == {"serviceAccountName": "card-fraud-executor"}
    assert not any("serviceAccountName" in template for template in spec["templates"])
    assert ("Role", spec["serviceAccountName"]) not in manifests


def test_the_executors_token_is_asked_for_by_the_name_the_controller_looks_for(
    fraud: Blueprint, objects: Callable[[Blueprint], Objects]
) -> None:
    secret = objects(fraud)["Secret", "card-fraud-executor.service-account-token"]
    assert secret["type"] == "kubernetes.io/service-account-token"
    assert secret["metadata"]["annotations"]["kubernetes.io/service-account.name"] == "card-fraud-executor"
    assert secret.keys() == {"apiVersion", "kind", "metadata", "type"}


def test_a_step_that_starts_pipelines_may_create_and_read_workflows(
    fraud: Blueprint, objects: Callable[[Blueprint], Objects]
) -> None:
    manifests = objects(fraud)
    templates = manifests["WorkflowTemplate", "card-fraud-monitor"]["spec"]["templates"]
    request = next(template for template in templates if template["name"] == "request-training")
    assert request["serviceAccountName"] == "card-fraud-start-pipeline"
    assert request["automountServiceAccountToken"] is True
    assert manifests["Role", "card-fraud-start-pipeline"]["rules"] == [
        {"apiGroups": ["argoproj.io"], "resources": ["workflows"], "verbs": ["create", "get", "list"]}
    ]


@pytest.mark.parametrize(
    ("name", "version", "group", "resource"),
    [
        ("seldon", "2", "mlops.seldon.io", "experiments"),
        ("seldon", "1.18", "machinelearning.seldon.io", "seldondeployments"),
        ("kserve", "0.20", "serving.kserve.io", "inferenceservices"),
    ],
)
def test_a_step_that_shifts_traffic_may_patch_only_its_endpoints(
    fraud: Blueprint,
    objects: Callable[[Blueprint], Objects],
    name: str,
    version: str,
    group: str,
    resource: str,
) -> None:
    manifests = objects(with_engine(fraud, "serving", Engine(name, version, {})))
    (rule,) = manifests["Role", "card-fraud-shift-traffic"]["rules"]
    assert (rule["apiGroups"], rule["resources"]) == ([group], [resource])
    assert rule["resourceNames"] == ["card-fraud-fraud-scorer"]
    assert rule["verbs"] == ["get", "patch"]


def test_what_a_rollout_may_patch_is_what_the_serving_target_renders(
    fraud: Blueprint, objects: Callable[[Blueprint], Objects]
) -> None:
    serving = next(target for target in for_engines(fraud.engines) if target.stage == "serving")
    render = serving.renderer.system
    assert render
    served = {
        (document["apiVersion"].partition("/")[0], f"{document['kind'].lower()}s", document["metadata"]["name"])
        for file in render(fraud)
        for document in yaml.safe_load_all(file.content)
    }
    (rule,) = objects(fraud)["Role", "card-fraud-shift-traffic"]["rules"]
    for name in rule["resourceNames"]:
        assert (rule["apiGroups"][0], rule["resources"][0], name) in served


def test_every_binding_binds_an_account_of_the_systems_own_namespace(
    example: Blueprint, objects: Callable[[Blueprint], Objects]
) -> None:
    manifests = objects(example)
    bindings = [document for (kind, _), document in manifests.items() if kind == "RoleBinding"]
    assert bindings
    for binding in bindings:
        assert ("Role", binding["roleRef"]["name"]) in manifests
        (subject,) = binding["subjects"]
        assert ("ServiceAccount", subject["name"]) in manifests
        assert subject["namespace"] == example.place.namespace


def test_no_rule_has_a_wildcard(example: Blueprint, objects: Callable[[Blueprint], Objects]) -> None:
    for (kind, _), document in objects(example).items():
        if kind == "Role":
            assert "*" not in str(document["rules"])


def test_an_existing_account_is_used_as_it_is_and_nothing_is_rendered_beside_it(
    fraud: Blueprint, objects: Callable[[Blueprint], Objects]
) -> None:
    settings = {**fraud.engines.pipelines.settings, "serviceAccount": "mlops-runner"}
    manifests = objects(with_engine(fraud, "pipelines", Engine("argo-workflows", "4.1", settings)))
    assert not {kind for kind, _ in manifests} & {"ServiceAccount", "Role", "RoleBinding", "Secret"}
    spec = manifests["WorkflowTemplate", "card-fraud-monitor"]["spec"]
    assert spec["serviceAccountName"] == "mlops-runner"
    assert "executor" not in spec and "automountServiceAccountToken" not in spec
    assert not any("serviceAccountName" in template for template in spec["templates"])
