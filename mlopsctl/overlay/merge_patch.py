"""Merge a patch into an object, as `kubectl patch` does.

A kind of Kubernetes itself gets a strategic merge: items of some lists are merged by a key, which the API declares.
Every other kind gets a JSON Merge Patch (RFC 7386), as an API server does for custom resources: a list is replaced.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any, Final

from mlopsctl.overlay.model import Plain, scalars

DIRECTIVE: Final = "$patch"
_DIRECTIVES: Final = ("delete", "replace")
_UNSUPPORTED: Final = ("$setElementOrder", "$retainKeys", "$deleteFromPrimitiveList")

_POD: Final[Mapping[str, str]] = {
    "containers": "name",
    "initContainers": "name",
    "ephemeralContainers": "name",
    "volumes": "name",
    "env": "name",
    "volumeMounts": "mountPath",
    "volumeDevices": "devicePath",
    "ports": "containerPort",
    "imagePullSecrets": "name",
    "hostAliases": "ip",
    "topologySpreadConstraints": "topologyKey",
}
_KEYS: Final[Mapping[tuple[str, str], Mapping[str, str]]] = {
    ("", "Pod"): _POD,
    ("", "ReplicationController"): _POD,
    ("apps", "Deployment"): _POD,
    ("apps", "StatefulSet"): _POD,
    ("apps", "DaemonSet"): _POD,
    ("apps", "ReplicaSet"): _POD,
    ("batch", "Job"): _POD,
    ("batch", "CronJob"): _POD,
    ("", "Service"): {"ports": "port"},
    ("", "ServiceAccount"): {"secrets": "name"},
}
"""The lists whose items are merged by a key (`x-kubernetes-patch-merge-key`), by API group and kind."""
_NO_KEYS: Final[Mapping[str, str]] = {}
_OWN_GROUPS: Final = frozenset({"", "apps", "autoscaling", "batch", "policy"})


class MergeError(Exception):
    """A patch that cannot be merged; the message says why."""


def is_strategic(value: Mapping[str, Any]) -> bool:
    """Return whether an object is of a kind of Kubernetes itself."""
    group = str(value["apiVersion"]).rpartition("/")[0]
    return group in _OWN_GROUPS or group.endswith(".k8s.io")


def patched(value: Plain, patch: Mapping[str, Any]) -> Plain:
    """Return the patched object; `value` itself may change. Raises MergeError."""
    if not is_strategic(value):
        return _without_directives(_merged(value, patch, None))
    group = str(value["apiVersion"]).rpartition("/")[0]
    return _without_directives(_merged(value, patch, _KEYS.get((group, str(value["kind"])), _NO_KEYS)))


def _without_directives(value: Plain) -> Plain:
    """Refuse a result in which a directive became a field: one that is not supported, or stands in another list."""
    for pointer, _ in scalars(value):
        for key in pointer:
            if isinstance(key, str) and key.partition("/")[0] in (DIRECTIVE, *_UNSUPPORTED):
                raise MergeError(f"the directive `{key}` does nothing at this place")
    return value


def _merged(value: Any, patch: Mapping[str, Any], keys: Mapping[str, str] | None) -> Plain:
    """Merge a mapping; without `keys` as RFC 7386 says."""
    directive = patch.get(DIRECTIVE)
    if directive is not None and (keys is None or directive not in _DIRECTIVES):
        raise MergeError(_refused(directive, keys))
    if directive == "replace":
        return {key: deepcopy(inner) for key, inner in patch.items() if key != DIRECTIVE}
    target: Plain = value if isinstance(value, dict) else {}
    for key, inner in patch.items():
        if inner is None or (isinstance(inner, dict) and inner.get(DIRECTIVE) == "delete" and keys is not None):
            target.pop(key, None)
        elif isinstance(inner, dict):
            target[key] = _merged(target.get(key), inner, keys)
        elif isinstance(inner, list) and keys is not None and key in keys:
            target[key] = _merged_list(target.get(key), inner, keys[key], keys)
        else:
            target[key] = deepcopy(inner)
    return target


def _merged_list(value: Any, patch: list[Any], merge_key: str, keys: Mapping[str, str]) -> list[Any]:
    """Merge a list by the key of its items: those that are there stay in their place, new ones come last."""
    if {DIRECTIVE: "replace"} in patch:
        return [deepcopy(item) for item in patch if item != {DIRECTIVE: "replace"}]
    items = {item.get(merge_key): item for item in value or () if isinstance(item, dict)}
    for change in patch:
        if not isinstance(change, dict) or merge_key not in change:
            raise MergeError(f"an item of the list has no `{merge_key}`, which it is merged by")
        name = change[merge_key]
        if change.get(DIRECTIVE) == "delete":
            items.pop(name, None)
        else:
            items[name] = _merged(items.get(name), change, keys)
    return list(items.values())


def _refused(directive: object, keys: Mapping[str, str] | None) -> str:
    if keys is None:
        return f"a JSON Merge Patch has no directives, and `{DIRECTIVE}` would become a field"
    return f"`{directive}` is no directive: `{DIRECTIVE}` is `delete` or `replace`"
