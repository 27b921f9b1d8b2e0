from __future__ import annotations

import pytest

from mlopsctl.blueprint.decide import names


@pytest.mark.parametrize(
    ("version", "word"), [("41", "41"), ("1.2", "1-2"), ("2026.11_RC1", "2026-11-rc1"), ("3.", "3"), ("4-é", "4")]
)
def test_a_version_in_a_name_is_what_kubernetes_and_every_engine_take(version: str, word: str) -> None:
    assert names.version_part(version) == word


def test_two_workspaces_of_one_namespace_have_feature_projects_of_their_own() -> None:
    assert names.feature_maps("payments", 2) == ("payments-features",)
    assert names.feature_maps("payments", 201) == ("payments-features", "payments-features-1")
    assert set(names.feature_maps("payments", 201)).isdisjoint(names.feature_maps("loans", 201))
