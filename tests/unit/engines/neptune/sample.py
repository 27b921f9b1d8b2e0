"""The richest Blueprint of the examples with Neptune as its registry."""

from __future__ import annotations

from typing import Any

from blueprints import card_fraud
from msgspec.structs import replace

from mlopsctl.blueprint.model.blueprint import Blueprint, Shared
from mlopsctl.blueprint.model.platform import Engine

URI = "https://neptune.acme.example"
SETTINGS: dict[str, Any] = {"uri": URI, "project": "acme/card-fraud", "secret": "neptune"}


def engine(generation: str = "3", **settings: Any) -> Engine:
    return Engine("neptune", generation, {**SETTINGS, **settings})


def blueprint(generation: str = "3", **changes: Any) -> Blueprint:
    """Return the system with changes."""
    blueprint = card_fraud()
    return replace(blueprint, engines=replace(blueprint.engines, registry=engine(generation)), **changes)


def shared(**settings: Any) -> Shared:
    """Return what one system shares, with other settings of the registry."""
    system = blueprint()
    engines = replace(system.engines, registry=engine(**settings))
    return Shared(
        system.schema,
        "acme",
        "prod",
        system.place,
        engines,
        {},
        (),
        "acme_prod",
        (),
        (replace(system, engines=engines),),
        ("features",),
    )
