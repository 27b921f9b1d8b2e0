"""Fields of a live object that Git does not own: written by controllers, or ignored by the sync.

Edits of a user count as differences.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from typing import Any

from mlopsctl.cluster.rendered import Pointer

Object = dict[str, Any]

MANAGER = "mlopsctl"
MANAGED_BY = "app.kubernetes.io/managed-by"
TRACKING = "argocd.argoproj.io/tracking-id"

_SERVERS = ("managedFields", "resourceVersion", "generation", "uid", "creationTimestamp", "selfLink")
_CONTROLLER = re.compile(r"controller|operator|scaler|^manager$")
_FROM_GIT = re.compile(r"^(?:argocd|kustomize|helm|fleet|flux)")
"""Controllers that apply from Git do not count as owners."""


def plain(value: Object) -> Object:
    """Return a copy without fields that the server sets."""
    content = {key: inner for key, inner in value.items() if key != "status"}
    meta = {key: inner for key, inner in value["metadata"].items() if key not in _SERVERS}
    return deepcopy({**content, "metadata": meta})


def applier(live: Object) -> str:
    """Return the field manager of a sync for this object, so that a dry run does the same."""
    for entry in _managed(live):
        labels = ((entry.get("fieldsV1") or {}).get("f:metadata") or {}).get("f:labels") or {}
        if entry.get("operation") == "Apply" and f"f:{MANAGED_BY}" in labels:
            return str(entry.get("manager") or MANAGER)
    return MANAGER


def is_applied(live: Object) -> bool:
    """Return whether an object was created by an apply, not as a started run."""
    tracked = TRACKING in (live["metadata"].get("annotations") or {})
    return tracked or any(entry.get("operation") == "Apply" for entry in _managed(live))


def as_applied(manifest: Object, live: Object) -> Object:
    """Return the object that a sync would send, with the tracking annotation of Argo CD."""
    tracking = (live["metadata"].get("annotations") or {}).get(TRACKING)
    if tracking is None:
        return manifest
    meta = manifest["metadata"]
    return {**manifest, "metadata": {**meta, "annotations": {**(meta.get("annotations") or {}), TRACKING: tracking}}}


def without(value: Object, pointers: Iterable[Pointer], live: Object) -> Object:
    """Return a copy without the fields of `pointers` and those that a controller owns in `live`."""
    remaining = deepcopy(value)
    for pointer in pointers:
        _drop(remaining, pointer)
    for entry in _managed(live):
        if _is_controllers(entry):
            _drop_owned(remaining, entry.get("fieldsV1") or {})
    return remaining


def _managed(live: Object) -> Iterator[Mapping[str, Any]]:
    yield from live["metadata"].get("managedFields") or ()


def _is_controllers(entry: Mapping[str, Any]) -> bool:
    if entry.get("subresource"):
        return True
    manager = str(entry.get("manager") or "").lower()
    return bool(_CONTROLLER.search(manager)) and not _FROM_GIT.search(manager)


def _drop(value: Any, pointer: Pointer) -> None:
    """Remove the field at a JSON pointer, if it exists."""
    for part in pointer[:-1]:
        value = _child(value, part)
    last = pointer[-1] if pointer else ""
    if isinstance(value, dict):
        value.pop(last, None)
    elif isinstance(value, list) and last.isdigit() and int(last) < len(value):
        value[int(last)] = None


def _child(value: Any, part: str) -> Any:
    if isinstance(value, dict):
        return value.get(part)
    if isinstance(value, list) and part.isdigit() and int(part) < len(value):
        return value[int(part)]
    return None


def _drop_owned(value: Any, owned: Mapping[str, Any]) -> None:
    """Remove the fields that an entry of `managedFields` lists."""
    for key, inside in owned.items():
        mark, _, rest = key.partition(":")
        if mark == "f" and isinstance(value, dict) and rest in value:
            if _is_leaf(inside):
                del value[rest]
            else:
                _drop_owned(value[rest], inside)
        elif mark == "k" and isinstance(value, list):
            for item in _items(value, rest):
                _drop_owned(item, inside)


def _is_leaf(inside: Any) -> bool:
    return not inside


def _items(value: list[Any], keys: str) -> list[Any]:
    keys_of_item = json.loads(keys)
    return [
        item
        for item in value
        if isinstance(item, dict) and all(item.get(key) == keys_of_item[key] for key in keys_of_item)
    ]
