"""What a plan says of the features' rows is true of the store that keeps them."""

from __future__ import annotations

import pytest
from unit.targets.hopsworks.sample import FEATURES, shared

from mlopsctl.blueprint.model import Blueprint
from mlopsctl.change import whole
from mlopsctl.change.consequences import Sides
from mlopsctl.change.renames import Rename

STORES = [
    ("{engine: feast}", "Feast deletes its views", "Feast drops the old view"),
    (FEATURES, "its feature groups stay in Hopsworks", "the old feature group stays in Hopsworks"),
]


def systems(features: str) -> dict[str, Blueprint]:
    return {one.identity.system: one for one in shared(features=features).systems}


@pytest.mark.parametrize(("features", "gone", "renamed"), STORES, ids=["feast", "hopsworks"])
def test_a_system_that_is_gone_and_a_view_with_another_name(features: str, gone: str, renamed: str) -> None:
    before = systems(features)
    after = {"card-fraud": before["card-fraud"]}
    (removed,) = whole.systems(Sides(before, after, ()), "prod")
    rename = Rename("features.views", "merchant_risk", "merchant_score")
    named = whole.renaming(rename, "merchants", Sides(before, before, ()))

    assert gone in removed.consequences[0].applied
    assert renamed in " ".join(one.applied for one in named.consequences)
