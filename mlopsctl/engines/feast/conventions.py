"""Feast's side of the house rules: what definitions are called in a module, their tags, the names of files.

A variable ends with what it holds, so that a view and a source may share a name, and none hides an import.
"""

from __future__ import annotations

from collections.abc import Mapping

from mlopsctl.blueprint.model.platform import Identity

STORE_FILE = "feature_store.yaml"
ENTITIES = "entities"
ON_DEMAND = "on_demand"
"""The modules beside those of the systems."""


def entity_variable(name: str) -> str:
    """Name an entity in `entities`."""
    return f"{name}_entity"


def source_variable(name: str) -> str:
    """Name a source."""
    return f"{name}_source"


def push_name(source: str) -> str:
    """Name a push source, in Feast as in Python: Feast knows it beside the source that backs it."""
    return f"{source}_push"


def request_name(transform: str) -> str:
    """Name what a transform takes from the request, in Feast as in Python."""
    return f"{transform}_request"


def view_variable(name: str) -> str:
    """Name a view or a transform: to Feast both are feature views."""
    return f"{name}_view"


def set_variable(name: str) -> str:
    """Name a set."""
    return f"{name}_service"


def tags(identity: Identity, own: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the tags of a definition: whose it is, then the user's own, which cannot replace those."""
    house = {"system": identity.system, "tier": str(identity.tier)}
    return {**house, **{key: value for key, value in (own or {}).items() if key not in house}}
