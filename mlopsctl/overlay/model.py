"""Values that the modules of this package share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from mlopsctl.diagnostics.codes.entry import Code

Plain = dict[str, Any]
"""A Kubernetes object as dicts, lists and scalars."""
Pointer = tuple[str | int, ...]
"""The keys and indices that lead to a value of an object."""


class Problem(NamedTuple):
    """What is wrong with an object at a place of it."""

    code: Code
    pointer: Pointer
    message: str
    help: str = ""


class Finding(NamedTuple):
    """A problem of a patch. `system` names the spec that has it, empty for the workspace; `path` is its place there."""

    code: Code
    system: str
    path: Pointer
    message: str
    help: str = ""


def plain(value: Any) -> Any:
    """Return a copy as dicts, lists and scalars."""
    if isinstance(value, Mapping):
        return {key: plain(inner) for key, inner in value.items()}
    return [plain(item) for item in value] if isinstance(value, list | tuple) else value


def scalars(value: Any, pointer: Pointer = ()) -> Iterator[tuple[Pointer, Any]]:
    """Yield every scalar below a value with its place."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from scalars(inner, (*pointer, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from scalars(inner, (*pointer, index))
    else:
        yield pointer, value


def at(value: Any, pointer: Pointer) -> Any:
    """Return the value at a place, or None where there is none."""
    for part in pointer:
        if isinstance(value, dict):
            value = value.get(str(part))
        elif isinstance(value, list) and isinstance(part, int) and part < len(value):
            value = value[part]
        else:
            return None
    return value


def shown(pointer: Pointer) -> str:
    """Return a place as a JSON pointer."""
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in pointer)
