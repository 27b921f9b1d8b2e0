"""Argo CD knows an Application by its name alone."""

from __future__ import annotations

from environments import rendered
from msgspec.structs import replace

from mlopsctl.blueprint.model.blueprint import Shared
from mlopsctl.engines.argocd.target import limits_shared


def named(*systems: str) -> Shared:
    """Return what systems of these names share."""
    shared = rendered("payments", "prod").shared
    blueprint = shared.systems[0]
    renamed = tuple(replace(blueprint, identity=replace(blueprint.identity, system=name)) for name in systems)
    return replace(shared, systems=renamed)


def test_systems_of_different_names_are_fine() -> None:
    assert limits_shared(named("card-fraud", "merchants")) == ()


def test_a_system_that_would_be_taken_for_what_systems_share_is_refused() -> None:
    (diagnostic,) = limits_shared(named("payments-shared"))
    assert diagnostic.code == "MLC870"
    assert diagnostic.path == "payments-shared:metadata.name"
    assert "payments-shared-prod" in diagnostic.message


def test_a_system_that_would_be_taken_for_the_root_is_refused() -> None:
    assert [limit.code for limit in limits_shared(named("payments-root"))] == ["MLC870"]
