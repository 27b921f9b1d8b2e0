"""Read and write the Blueprint as JSON, which containers mount and plans compare.

Reading checks every field; writing is exact (decimals are text).
"""

from __future__ import annotations

from typing import Any

import msgspec

from mlopsctl.blueprint.model.alerts import CONDITIONS, Condition
from mlopsctl.blueprint.model.blueprint import SCHEMA, Blueprint


def dumps(blueprint: Blueprint) -> str:
    """Return the Blueprint as JSON text, indented, ending with a newline."""
    return msgspec.json.format(msgspec.json.encode(blueprint), indent=1).decode() + "\n"


def loads(text: str | bytes) -> Blueprint:
    """Read a Blueprint; raise ValueError if the text is not a Blueprint of this version."""
    blueprint = msgspec.json.decode(text, type=Blueprint, dec_hook=_condition)
    if blueprint.schema != SCHEMA:
        raise ValueError(f"the blueprint is of schema {blueprint.schema}, and this is {SCHEMA}")
    return blueprint


def _condition(expected_type: type, value: Any) -> Condition:
    """Read a condition as the class that its `kind` names."""
    kind: Any = value.get("kind") if isinstance(value, dict) else None
    if expected_type is not Condition or kind not in CONDITIONS:
        raise ValueError(f"`{kind}` is no kind of condition")
    return msgspec.convert(value, CONDITIONS[kind])
