"""Conventions for Feast: names of definitions in a module, tags, file names.

A variable ends with its kind, so that a view and a source may have the same name, and none hides an import.
"""

from __future__ import annotations

from collections.abc import Mapping

from mlopsctl.blueprint.model.platform import Identity

STORE_FILE = "feature_store.yaml"
ENTITIES = "entities"
ON_DEMAND = "on_demand"
"""The modules besides those of the systems."""


def entity_variable(name: str) -> str:
    """Name an entity in `entities`."""
    return f"{name}_entity"


def source_variable(name: str) -> str:
    """Name a source."""
    return f"{name}_source"


def push_name(source: str) -> str:
    """Name a push source, in Feast and in Python: Feast registers it besides its batch source."""
    return f"{source}_push"


def request_name(transform: str) -> str:
    """Name the request source of a transform, in Feast and in Python."""
    return f"{transform}_request"


def view_variable(name: str) -> str:
    """Name a view or a transform: to Feast both are feature views."""
    return f"{name}_view"


def set_variable(name: str) -> str:
    """Name a set."""
    return f"{name}_service"


def tags(identity: Identity, own: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the tags of a definition: those of its owner, then the user's, which cannot override them."""
    house = {"system": identity.system, "tier": str(identity.tier)}
    return {**house, **{key: value for key, value in (own or {}).items() if key not in house}}
