"""Argo CD knows an Application by its name alone."""

from __future__ import annotations

from environments import rendered
from msgspec.structs import replace

from mlopsctl.blueprint.model.blueprint import Shared
from mlopsctl.engines.argocd.target import limits_shared


def named(*systems: str) -> Shared:
    """Return what systems of these names share."""
    shared = rendered("payments", "prod").shared
    one = shared.systems[0]
    made = tuple(replace(one, identity=replace(one.identity, system=name)) for name in systems)
    return replace(shared, systems=made)


def test_systems_of_different_names_are_fine() -> None:
    assert limits_shared(named("card-fraud", "merchants")) == ()


def test_a_system_that_would_be_taken_for_what_systems_share_is_refused() -> None:
    (found,) = limits_shared(named("payments-shared"))
    assert found.code == "MLC870"
    assert found.path == "payments-shared:metadata.name"
    assert "payments-shared-prod" in found.message


def test_a_system_that_would_be_taken_for_the_root_is_refused() -> None:
    assert [found.code for found in limits_shared(named("payments-root"))] == ["MLC870"]
