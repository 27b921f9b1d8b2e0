"""Which part of a patch is to blame for a place of the patched object."""

from __future__ import annotations

from mlopsctl.blueprint.model.patches import Patch
from mlopsctl.overlay.model import Pointer


def blamed(patch: Patch, pointer: Pointer) -> Pointer:
    """Return the path in the spec of the part of a patch that decides a place, or of all of it."""
    base = ("spec", "patches", patch.name)
    if patch.merge is None:
        return (*base, "json", *_operation(patch, pointer))
    return (*base, "merge", *_merged_keys(patch, pointer))


def operation(patch: Patch, index: int) -> Pointer:
    """Return the path in the spec of an operation's own path."""
    return ("spec", "patches", patch.name, "json", index, "path")


def _operation(patch: Patch, pointer: Pointer) -> Pointer:
    """Return the last operation that wrote the place, a part of it, or something around it."""
    for index in range(len(patch.json) - 1, -1, -1):
        parts = [part.replace("~1", "/").replace("~0", "~") for part in str(patch.json[index]["path"]).split("/")[1:]]
        if all(mine in ("-", str(theirs)) for mine, theirs in zip(parts, pointer, strict=False)):
            return (index,)
    return ()


def _merged_keys(patch: Patch, pointer: Pointer) -> Pointer:
    """Return as many keys of the place as the merge has."""
    inner, keys = patch.merge, []
    for part in pointer:
        if not isinstance(inner, dict) or part not in inner:
            break
        inner = inner[part]
        keys.append(part)
    return tuple(keys)
