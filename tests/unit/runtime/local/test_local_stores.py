"""The environment of a laptop: local stores, and nothing else changed."""

from __future__ import annotations

from pathlib import Path

from blueprints import blueprints
from msgspec.structs import replace

from mlopsctl.blueprint.model.blueprint import Blueprint, Shared
from mlopsctl.runtime.local.layout import Layout
from mlopsctl.runtime.local.local_stores import localised, sources

HOME = Path("/home/somebody/churn")


def shared(before: Blueprint) -> Shared:
    return Shared(
        schema=before.schema,
        workspace="w",
        environment=before.identity.environment,
        place=before.place,
        engines=before.engines,
        labels={},
        secrets=(),
        project="p",
        feature_maps=("features",),
        monitors=(),
        systems=(before,),
    )


def local(example: str, environment: str, system: str) -> tuple[Blueprint, Blueprint]:
    before = blueprints(example, environment)[system]
    return before, localised(shared(before), Layout(HOME)).systems[0]


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


def test_files_are_named_from_the_folder_that_the_steps_run_in() -> None:
    before = blueprints("quickstart", "local")["quickstart"]
    assert before.features and before.model
    moved = replace(
        before,
        features=replace(
            before.features,
            sources=tuple(
                replace(source, path=path)
                for source, path in zip(before.features.sources, ("systems/churn/data/activity.parquet",), strict=True)
            ),
        ),
        model=replace(
            before.model,
            label=replace(
                before.model.label, rows=replace(before.model.label.rows, path="s3://b/systems/churn/x.parquet")
            ),
        ),
    )
    after = localised(shared(moved), Layout(HOME), "systems/churn").systems[0]
    assert after.features and [source.path for source in after.features.sources] == ["data/activity.parquet"]
    assert after.model and after.model.label.rows.path == "s3://b/systems/churn/x.parquet"
    other = localised(shared(moved), Layout(HOME), "systems/other").systems[0]
    assert other.features and [source.path for source in other.features.sources] == ["../churn/data/activity.parquet"]


def test_a_source_of_both_features_and_labels_is_listed_once() -> None:
    names = [source.name for source in sources(blueprints("quickstart", "local")["quickstart"])]
    assert names == ["activity", "contracts"]
