"""The Blueprint as JSON: what containers mount and plans compare.

In: a Blueprint, or its JSON. Out: the other. Reading checks every field; writing is exact (decimals are text).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from pydantic_core import to_json

from mlopsctl.blueprint.model import SCHEMA, Blueprint


def dumps(blueprint: Blueprint) -> str:
    """Return the Blueprint as JSON text, indented, ending with a newline."""
    return to_json(blueprint, indent=1).decode() + "\n"


@lru_cache(maxsize=1)
def _adapter() -> Any:
    from pydantic import TypeAdapter

    return TypeAdapter(Blueprint)


def loads(text: str | bytes) -> Blueprint:
    """Read a Blueprint; raise ValueError where the text is not one of this version."""
    blueprint: Blueprint = _adapter().validate_json(text)
    if blueprint.schema != SCHEMA:
        raise ValueError(f"the blueprint is of schema {blueprint.schema}, and this is {SCHEMA}")
    return blueprint
