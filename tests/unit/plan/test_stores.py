"""What a plan says of the features' rows is true of the store that keeps them."""

from __future__ import annotations

import pytest
from unit.engines.hopsworks.sample import FEATURES, shared

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.plan import added_removed
from mlopsctl.plan.effects import Sides
from mlopsctl.plan.renames import Rename

STORES = [
    ("{engine: feast}", "Feast deletes its views", "Feast deletes the old view"),
    (FEATURES, "its feature groups stay in Hopsworks", "the old feature group stays in Hopsworks"),
]


def systems(features: str) -> dict[str, Blueprint]:
    return {system.identity.system: system for system in shared(features=features).systems}


@pytest.mark.parametrize(("features", "gone", "renamed"), STORES, ids=["feast", "hopsworks"])
def test_a_system_that_is_gone_and_a_view_with_another_name(features: str, gone: str, renamed: str) -> None:
    before = systems(features)
    after = {"card-fraud": before["card-fraud"]}
    (removed,) = added_removed.systems(Sides(before, after, ()), "prod")
    rename = Rename("features.views", "merchant_risk", "merchant_score")
    named = added_removed.renaming(rename, "merchants", Sides(before, before, ()))

    assert gone in removed.consequences[0].applied
    assert renamed in " ".join(consequence.applied for consequence in named.consequences)
