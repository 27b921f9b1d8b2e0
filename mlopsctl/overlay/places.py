"""Which part of a patch is to blame for a place of the patched object."""

from __future__ import annotations

from mlopsctl.blueprint.model.patches import Patch
from mlopsctl.overlay.model import Pointer, plain, scalars


def blamed(patch: Patch, pointer: Pointer) -> Pointer:
    """Return the path in the spec of the part of a patch that decides a place, or of all of it."""
    base = ("spec", "patches", patch.name)
    if patch.merge is None:
        return (*base, "json", *_operation(patch, pointer))
    return (*base, "merge", *_merged_keys(patch, pointer))


def holding(patch: Patch, text: str) -> tuple[Pointer, ...]:
    """Return the paths in the spec of the values of a patch that equal `text`; its target where none does."""
    base = ("spec", "patches", patch.name)
    content = {"merge": plain(patch.merge)} if patch.merge is not None else {"json": plain(patch.json)}
    paths = [pointer for pointer, value in scalars(content) if value == text]
    return tuple((*base, *path) for path in paths or [("target", "kind")])


def operation(patch: Patch, index: int) -> Pointer:
    """Return the path in the spec of an operation's own path."""
    return ("spec", "patches", patch.name, "json", index, "path")


def _operation(patch: Patch, pointer: Pointer) -> Pointer:
    """Return the last operation that wrote the place, a part of it, or something around it."""
    for index in range(len(patch.json) - 1, -1, -1):
        step = patch.json[index]
        parts = [part.replace("~1", "/").replace("~0", "~") for part in str(step["path"]).split("/")[1:]]
        if all(mine in ("-", str(theirs)) for mine, theirs in zip(parts, pointer, strict=False)):
            return (index, "value", *pointer[len(parts) :]) if "value" in step else (index, "path")
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
