"""Where files pass through between steps, without a credential in sight."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import yaml
from msgspec.structs import replace

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.platform import Engine

Objects = dict[tuple[str, str], dict[str, Any]]
KEY = "ml-prod/card-fraud/{{workflow.name}}/{{pod.name}}"


def with_artifacts(blueprint: Blueprint, artifacts: Any) -> Blueprint:
    engine = Engine("argo-workflows", "4.1", {"serviceAccount": None, "artifacts": artifacts})
    return replace(blueprint, engines=replace(blueprint.engines, pipelines=engine))


def repository(manifests: Objects) -> Any:
    return yaml.safe_load(manifests["ConfigMap", "card-fraud-artifacts"]["data"]["repository"])


def test_a_bucket_is_named_with_the_secret_that_opens_it(
    fraud: Blueprint, objects: Callable[[Blueprint], Objects]
) -> None:
    s3 = {"bucket": "b", "endpoint": "minio:9000", "region": "eu-1", "secret": "keys"}
    assert repository(objects(with_artifacts(fraud, {"s3": s3, "gcs": None}))) == {
        "s3": {
            "bucket": "b",
            "endpoint": "minio:9000",
            "region": "eu-1",
            "accessKeySecret": {"name": "keys", "key": "accessKey"},
            "secretKeySecret": {"name": "keys", "key": "secretKey"},
            "keyFormat": KEY,
        }
    }


def test_a_bucket_without_a_secret_is_opened_by_the_pods_own_identity(
    fraud: Blueprint, objects: Callable[[Blueprint], Objects]
) -> None:
    s3 = {"bucket": "b", "endpoint": "s3.amazonaws.com", "region": None, "secret": None}
    archive = repository(objects(with_artifacts(fraud, {"s3": s3})))
    assert archive["s3"] == {"bucket": "b", "endpoint": "s3.amazonaws.com", "useSDKCreds": True, "keyFormat": KEY}
    archive = repository(objects(with_artifacts(fraud, {"gcs": {"bucket": "b", "secret": None}})))
    assert archive == {"gcs": {"bucket": "b", "keyFormat": KEY}}


def test_a_store_of_ones_own_may_be_without_tls_or_with_a_private_authority(
    fraud: Blueprint, objects: Callable[[Blueprint], Objects]
) -> None:
    s3 = {"bucket": "b", "endpoint": "minio:9000", "insecure": True}
    assert repository(objects(with_artifacts(fraud, {"s3": s3})))["s3"]["insecure"] is True
    settings = repository(objects(with_artifacts(fraud, {"s3": {**s3, "insecure": False, "ca": "store-ca"}})))["s3"]
    assert "insecure" not in settings
    assert settings["caSecret"] == {"name": "store-ca", "key": "ca.crt"}


def test_a_google_bucket_is_named_with_its_key(fraud: Blueprint, objects: Callable[[Blueprint], Objects]) -> None:
    archive = repository(objects(with_artifacts(fraud, {"gcs": {"bucket": "b", "secret": "keys"}})))
    assert archive["gcs"]["serviceAccountKeySecret"] == {"name": "keys", "key": "serviceAccountKey"}


@pytest.mark.parametrize("artifacts", [None, {}, {"s3": None, "gcs": None}])
def test_without_a_bucket_the_controllers_own_repository_is_used(
    fraud: Blueprint, objects: Callable[[Blueprint], Objects], artifacts: Any
) -> None:
    manifests = objects(with_artifacts(fraud, artifacts))
    assert ("ConfigMap", "card-fraud-artifacts") not in manifests
    assert "artifactRepositoryRef" not in manifests["WorkflowTemplate", "card-fraud-train"]["spec"]


def test_data_travels_as_one_archive_and_reports_as_they_are(
    fraud: Blueprint, objects: Callable[[Blueprint], Objects]
) -> None:
    templates = objects(fraud)["WorkflowTemplate", "card-fraud-train"]["spec"]["templates"]
    archives = {
        (template["name"], artifact["name"]): artifact["archive"]
        for template in templates
        for artifact in template.get("outputs", {}).get("artifacts", [])
    }
    assert archives["build-dataset", "dataset"] == archives["train", "model"] == {"tar": {"compressionLevel": 0}}
    assert archives["check-data", "report"] == archives["evaluate", "metrics"] == {"none": {}}


@pytest.mark.parametrize(("without", "archived"), [({}, True), ({"withoutLogs": True}, False)])
def test_the_logs_of_steps_are_kept_unless_the_workspace_does_without(
    fraud: Blueprint, objects: Callable[[Blueprint], Objects], without: dict[str, bool], archived: bool
) -> None:
    manifests = objects(with_artifacts(fraud, {"s3": {"bucket": "b", "endpoint": "minio:9000"}, **without}))
    assert manifests["WorkflowTemplate", "card-fraud-train"]["spec"]["archiveLogs"] is archived
