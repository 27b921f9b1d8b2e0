"""Defaults of the released schemas that a rendered object leaves out inside a list.

A server fills them in, and Argo CD compares a list of a custom resource whole: such an object is OutOfSync for ever.
The oracle is the schema of the kind's definition, read without any code of mlopsctl.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any


def left_out(value: dict[str, Any], folder: Path) -> Iterator[str]:
    """Yield the path of each default inside a list that the object leaves out; `folder` holds the definitions."""
    group, _, version = value["apiVersion"].rpartition("/")
    schema = definition(folder / f"{group}_{value['kind']}.json", version)
    if schema is not None:
        yield from missing(schema, value, value["kind"])


@cache
def definition(path: Path, version: str) -> Any:
    """Return the schema of a version; None where no definition is known."""
    if not path.exists():
        return None
    versions = json.loads(path.read_text())["spec"]["versions"]
    return next((entry["schema"]["openAPIV3Schema"] for entry in versions if entry["name"] == version), None)


def missing(schema: dict[str, Any], value: Any, at: str, *, inside: bool = False) -> Iterator[str]:
    """Yield the defaults that a value leaves out; `inside` tells whether a list is around it."""
    if isinstance(value, dict):
        fields = schema.get("properties") or {}
        others = schema.get("additionalProperties")
        for name, field in fields.items():
            if inside and name not in value and "default" in field:
                yield f"{at}.{name} is {field['default']!r} in the cluster"
        for name, item in value.items():
            field = fields.get(name) or (others if isinstance(others, dict) else {})
            yield from missing(field, item, f"{at}.{name}", inside=inside)
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from missing(schema.get("items") or {}, item, f"{at}[{number}]", inside=True)
