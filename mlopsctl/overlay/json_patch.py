"""Apply a JSON Patch (RFC 6902) to an object."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any, Final

from mlopsctl.overlay.model import Plain

LARGEST: Final = 100_000
"""So many values may an object hold after an operation: copies of copies would double it with each line."""


class OperationError(Exception):
    """An operation that cannot be applied: its index, from 0, and the reason."""

    def __init__(self, index: int, reason: str) -> None:
        super().__init__(reason)
        self.index = index


def patched(value: Plain, operations: tuple[Mapping[str, Any], ...]) -> Plain:
    """Return the patched object; `value` itself may change. Raises OperationError."""
    from jsonpatch import JsonPatch, JsonPatchException
    from jsonpointer import JsonPointerException

    for index, operation in enumerate(operations):
        try:
            # A later operation may change what this one adds; the next object gets the patch as it is written.
            value = JsonPatch([deepcopy(dict(operation))]).apply(value, in_place=True)
        except (JsonPatchException, JsonPointerException, TypeError, ValueError, LookupError) as error:
            raise OperationError(index, _reason(error, operation)) from error
        if operation["op"] == "copy" and _count(value) > LARGEST:
            raise OperationError(index, f"the object would hold more than {LARGEST:,} values")
    return value


def _reason(error: Exception, operation: Mapping[str, Any]) -> str:
    """Say in our own words what an operation met: the library shows values, and addresses in memory."""
    from jsonpatch import JsonPatchTestFailed

    if isinstance(error, JsonPatchTestFailed):
        return f"the value at `{operation['path']}` is another one"
    return f"the object has no place `{operation.get('from') or operation['path']}`"


def _count(value: Any) -> int:
    """Count the values of an object, up to a few more than the limit."""
    count, waiting = 0, [value]
    while waiting and count <= LARGEST:
        inner = waiting.pop()
        count += 1
        waiting += inner.values() if isinstance(inner, dict) else inner if isinstance(inner, list) else ()
    return count
