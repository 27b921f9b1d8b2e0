"""Each secret that something refers to is fetched, once, from where the workspace says."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from environments import rendered
from msgspec.structs import replace

from mlopsctl.blueprint.model.platform import Engine, Secret
from mlopsctl.engines.external_secrets.target import limits, render, render_shared

SHARED = rendered("payments", "prod").shared
SYSTEM = SHARED.systems[0]


def fetched(unit: str) -> dict[str, dict[str, Any]]:
    """Return the ExternalSecrets of a unit by name."""
    files = {str(file.path): file for file in rendered("payments", "prod").units[unit]}
    documents = yaml.safe_load_all(files["secrets/manifests/secrets.yaml"].content)
    return {document["metadata"]["name"]: document for document in documents}


def test_a_secret_of_the_stack_is_fetched_once_and_with_what_systems_share() -> None:
    assert set(fetched("shared")) == {secret.name for secret in SHARED.secrets}
    assert {"feast-redis", "artifact-store", "model-store"} <= set(fetched("shared"))


def test_a_system_fetches_only_what_is_its_own() -> None:
    assert set(fetched("card-fraud")) == {"card-fraud-notifications"}
    assert set(fetched("merchants")) == {"merchants-notifications"}


@pytest.mark.parametrize("unit", ["shared", "card-fraud", "merchants"])
def test_what_is_fetched_comes_before_what_reads_it(unit: str) -> None:
    for manifest in fetched(unit).values():
        assert manifest["metadata"]["annotations"] == {"argocd.argoproj.io/sync-wave": "-2"}
        assert manifest["spec"]["secretStoreRef"] == {"kind": "ClusterSecretStore", "name": "vault"}
        assert manifest["spec"]["target"]["name"] == manifest["metadata"]["name"]


def test_every_key_that_is_read_is_fetched_from_the_property_of_its_name() -> None:
    data = fetched("shared")["artifact-store"]["spec"]["data"]
    assert [(item["secretKey"], item["remoteRef"]["key"], item["remoteRef"]["property"]) for item in data] == [
        ("accessKey", "artifact-store", "accessKey"),
        ("secretKey", "artifact-store", "secretKey"),
    ]


def test_a_secret_without_fixed_entries_is_fetched_whole() -> None:
    spec = fetched("shared")["model-store"]["spec"]
    assert "data" not in spec
    assert spec["dataFrom"][0]["extract"]["key"] == "model-store"


def test_the_prefix_stands_before_the_name_in_the_store_and_nowhere_else() -> None:
    settings = {"store": {"kind": "SecretStore", "name": "local"}, "prefix": "ml/prod/"}
    engines = replace(SYSTEM.engines, secrets=Engine("external-secrets", "", settings))
    (file,) = render(replace(SYSTEM, engines=engines, secrets=(Secret("keys", ("page",), "notifications"),)))
    document = yaml.safe_load(file.content)
    assert document["spec"]["data"][0]["remoteRef"]["key"] == "ml/prod/keys"
    assert document["metadata"]["name"] == document["spec"]["target"]["name"] == "keys"
    assert document["spec"]["secretStoreRef"]["kind"] == "SecretStore"


def test_where_nothing_is_needed_nothing_is_rendered() -> None:
    assert len(render(replace(SYSTEM, secrets=()))) == 0
    assert len(render_shared(replace(SHARED, secrets=()))) == 0
    assert limits(SYSTEM) == ()


def test_with_existing_secrets_nothing_is_fetched() -> None:
    for example, environment in (("quickstart", "local"), ("demand-forecast", "prod")):
        assert not [path for path, _ in rendered(example, environment).files() if "ExternalSecret" in path]
        assert not [file for _, file in rendered(example, environment).files() if "external-secrets.io" in file.content]
