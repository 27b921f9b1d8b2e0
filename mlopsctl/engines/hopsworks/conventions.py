"""Hopsworks' side of the house rules: what definitions are called in a module, and what a description tells."""

from __future__ import annotations

from collections.abc import Mapping

from mlopsctl.blueprint.model.platform import Identity
from mlopsctl.emit.python_tree import Name

ENTRY = "feature_store"
"""The module with `apply(fs)`."""
STORE = Name("fs")
"""What every function of a module is given: the project's feature store."""


def group_variable(name: str) -> Name:
    """Refer to a feature group: a local name that hides no import."""
    return Name(f"{name}_group")


def source_variable(name: str) -> Name:
    """Refer to where Hopsworks reads a group's rows itself."""
    return Name(f"{name}_source")


def described(identity: Identity, description: str, tags: Mapping[str, str] | None = None) -> str:
    """Return the description of a definition, with its owner.

    A tag of Hopsworks has a schema that its administrator makes first; a description takes any text.
    """
    house = {"system": identity.system, "owner": identity.owner, "tier": str(identity.tier)}
    more = {key: value for key, value in (tags or {}).items() if key not in house}
    return "\n".join([*([description] if description else []), *(f"{k}: {v}" for k, v in {**house, **more}.items())])
