"""Which registry and which store a step opens, and what stands in for them on a laptop."""

from __future__ import annotations

from pathlib import Path

import pytest
from blueprints import card_fraud
from msgspec.structs import replace
from unit.engines.hopsworks import sample as hopsworks_sample
from unit.engines.neptune import sample as neptune_sample
from unit.runtime.doubles import call_of

from mlopsctl.blueprint.model.platform import Engine
from mlopsctl.engines.feast.backend.store import Feast
from mlopsctl.engines.hopsworks.backend import Hopsworks
from mlopsctl.engines.neptune.backend import Neptune, version_of
from mlopsctl.runtime.backends import chosen
from mlopsctl.runtime.local.layout import Layout
from mlopsctl.runtime.local.local_stores import localised
from mlopsctl.spec.texts import parse_version


def test_the_registry_is_the_one_of_the_blueprint(tmp_path: Path) -> None:
    call, _ = call_of(neptune_sample.blueprint(), tmp_path, "train")

    assert isinstance(chosen.registry(call), Neptune)


def test_a_neptune_is_never_taken_for_the_address_of_an_mlflow() -> None:
    registry = "registry: {engine: neptune, uri: https://neptune.acme.example, project: acme/x, secret: neptune}"
    what = hopsworks_sample.shared(features=f"{hopsworks_sample.FEATURES}\n            {registry}")
    blueprint = what.systems[0]
    train = next(step for pipeline in blueprint.pipelines for step in pipeline.steps if step.verb == "train")

    assert blueprint.model
    assert blueprint.model.tracking_uri is None
    assert [(v.name, v.value, v.secret, v.key) for v in train.environment] == [
        ("NEPTUNE_PROJECT", "acme/x", None, None),
        ("NEPTUNE_API_TOKEN", None, "neptune", "apiToken"),
    ]


def test_the_store_is_the_one_of_the_blueprint(tmp_path: Path) -> None:
    ours, _ = call_of(hopsworks_sample.shared().systems[0], tmp_path, "materialize")
    feast, _ = call_of(card_fraud(), tmp_path, "materialize")

    assert isinstance(chosen.feature_store(ours), Hopsworks)
    assert isinstance(chosen.feature_store(feast), Feast)


def test_a_model_looks_nothing_up_in_hopsworks() -> None:
    ours, feast = hopsworks_sample.shared(), hopsworks_sample.shared(features="{engine: feast}")

    assert [shared.systems[0].model and shared.systems[0].model.looks_up for shared in (ours, feast)] == [False, True]


def test_a_laptop_has_feast_and_mlflow_with_files(tmp_path: Path) -> None:
    what = hopsworks_sample.shared()
    engines = replace(what.engines, registry=neptune_sample.engine())
    local = localised(
        replace(what, engines=engines, systems=tuple(replace(s, engines=engines) for s in what.systems)),
        Layout(tmp_path),
    )

    for system in (local, *local.systems):
        assert (system.engines.features.name, system.engines.features.settings["online"]["type"]) == ("feast", "sqlite")
        assert (system.engines.registry.name, system.engines.registry.version) == ("mlflow", "3")
        assert system.engines.registry.settings["uri"].startswith("sqlite:///")


def test_a_laptop_keeps_the_versions_of_its_own_engines(tmp_path: Path) -> None:
    what = hopsworks_sample.shared(features="{engine: feast, version: '0.66'}")

    assert localised(what, Layout(tmp_path)).engines.features.version == "0.66"
    assert isinstance(what.engines.registry, Engine)


@pytest.mark.parametrize("key", ["a9f3" * 16, "0" * 8 + "f" * 56, "f" * 64])
def test_a_version_of_neptune_is_one_that_the_lock_and_a_name_of_kubernetes_take(key: str) -> None:
    version = version_of(key)
    assert parse_version(version) == version
    assert len(f"card-fraud-fraud-scorer-candidate-v{version}") <= 52
