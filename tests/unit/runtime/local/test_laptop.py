"""The environment of a laptop: local stores, and nothing else changed."""

from __future__ import annotations

from pathlib import Path

from blueprints import blueprints
from msgspec.structs import replace

from mlopsctl.blueprint.model import Blueprint, Shared
from mlopsctl.runtime.local.laptop import localised, sources
from mlopsctl.runtime.local.layout import Layout

HOME = Path("/home/somebody/churn")


def local(example: str, environment: str, system: str) -> tuple[Blueprint, Blueprint]:
    before = blueprints(example, environment)[system]
    shared = Shared(
        schema=before.schema,
        workspace="w",
        environment=environment,
        place=before.place,
        engines=before.engines,
        labels={},
        secrets=(),
        project="p",
        feature_maps=("features",),
        monitors=(),
        systems=(before,),
    )
    return before, localised(shared, Layout(HOME)).systems[0]


def test_stores_and_registries_are_files_beside_the_spec() -> None:
    before, after = local("quickstart", "local", "quickstart")
    settings = after.engines.features.settings
    assert settings["registry"] == "/home/somebody/churn/.mlops/feast/registry.db"
    assert settings["online"]["connection"] == "/home/somebody/churn/.mlops/feast/online.db"
    assert after.model and after.model.tracking_uri == "sqlite:////home/somebody/churn/.mlops/mlflow.db"
    assert after.model.served is None, "the version that the lock names is in another registry"
    assert replace(after, engines=before.engines, model=before.model) == before


def test_a_warehouse_stays_where_it_is_and_a_secret_is_not_asked_for() -> None:
    _, after = local("payments", "prod", "card-fraud")
    settings = after.engines.features.settings
    assert settings["offline"]["type"] == "bigquery"
    assert settings["online"]["type"] == "sqlite" and settings["online"]["secret"] is None


def test_a_source_of_both_features_and_labels_is_listed_once() -> None:
    names = [one.name for one in sources(blueprints("quickstart", "local")["quickstart"])]
    assert names == ["activity", "contracts"]
