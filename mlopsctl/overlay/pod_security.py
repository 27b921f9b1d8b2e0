"""The restricted Pod Security Standard, for containers anywhere in an object, custom resources included.

Source: https://kubernetes.io/docs/concepts/security/pod-security-standards/
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from mlopsctl.overlay.model import Pointer

Violation = tuple[Pointer, str]

_LISTS: Final = ("containers", "initContainers", "ephemeralContainers", "sidecars")
_SINGLE: Final = ("container", "script")
_HOST: Final = ("hostNetwork", "hostPID", "hostIPC")
_VOLUMES: Final = frozenset(
    {
        "configMap",
        "csi",
        "downwardAPI",
        "emptyDir",
        "ephemeral",
        "image",
        "persistentVolumeClaim",
        "projected",
        "secret",
    }
)
_PROFILES: Final = ("RuntimeDefault", "Localhost")
_SE_LINUX: Final = ("", "container_t", "container_init_t", "container_kvm_t", "container_engine_t")


def violations(value: Any, pointer: Pointer = (), pod: Mapping[str, Any] | None = None) -> Iterator[Violation]:
    """Yield what the standard forbids, with its place. `pod` is the security context around."""
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from violations(item, (*pointer, index), pod)
    if not isinstance(value, dict):
        return
    around = {**(pod or {}), **_context(value), **_context(value.get("podSpec"))}
    yield from _of_mapping(value, pointer)
    for place, container in _containers(value, pointer):
        yield from _required(container, place, around)
    for key, inner in value.items():
        yield from violations(inner, (*pointer, key), around)


def _context(value: Any) -> Mapping[str, Any]:
    context = value.get("securityContext") if isinstance(value, dict) else None
    return context if isinstance(context, dict) else {}


def _containers(value: Mapping[str, Any], pointer: Pointer) -> Iterator[tuple[Pointer, Mapping[str, Any]]]:
    """Yield the containers that a mapping holds."""
    for key in _LISTS:
        items = value.get(key)
        for index, item in enumerate(items if isinstance(items, list) else ()):
            if isinstance(item, dict) and ("image" in item or "command" in item):
                yield (*pointer, key, index), item
    for key in _SINGLE:
        item = value.get(key)
        if isinstance(item, dict) and "image" in item:
            yield (*pointer, key), item


def _of_mapping(value: Mapping[str, Any], pointer: Pointer) -> Iterator[Violation]:
    """Yield what is forbidden wherever it stands."""
    for key in _HOST:
        if value.get(key) not in (None, False):
            yield (*pointer, key), f"`{key}` shares a namespace of the node"
    if value.get("hostPort") not in (None, 0):
        yield (*pointer, "hostPort"), "`hostPort` opens a port of the node"
    volumes = value.get("volumes")
    for index, volume in enumerate(volumes if isinstance(volumes, list) else ()):
        if isinstance(volume, dict) and "name" in volume:
            for kind in sorted(set(volume) - _VOLUMES - {"name"}):
                yield (*pointer, "volumes", index, kind), f"a volume may not be of the type `{kind}`"
    for text in _context_faults(_context(value)):
        yield (*pointer, "securityContext"), text


def _context_faults(context: Mapping[str, Any]) -> Iterator[str]:
    if context.get("privileged") not in (None, False):
        yield "a container may not be privileged"
    if context.get("allowPrivilegeEscalation") not in (None, False):
        yield "`allowPrivilegeEscalation` must be false"
    if context.get("runAsNonRoot") not in (None, True) or context.get("runAsUser") == 0:
        yield "a container may not run as root"
    if context.get("procMount") not in (None, "Default"):
        yield "`procMount` must be Default"
    for section, allowed in (("seccompProfile", _PROFILES), ("seLinuxOptions", _SE_LINUX)):
        options = context.get(section)
        if isinstance(options, dict) and options.get("type", allowed[0]) not in allowed:
            yield f"`{section}.type` must be one of {', '.join(filter(None, allowed))}"
    if set(_list(context, "add")) - {"NET_BIND_SERVICE"}:
        yield "`capabilities.add` may hold NET_BIND_SERVICE only"
    if context.get("sysctls"):
        yield "`sysctls` change the node's kernel"


def _list(context: Mapping[str, Any], key: str) -> list[str]:
    capabilities = context.get("capabilities")
    items = capabilities.get(key) if isinstance(capabilities, dict) else None
    return [str(item) for item in items] if isinstance(items, list) else []


def _required(container: Mapping[str, Any], pointer: Pointer, pod: Mapping[str, Any]) -> Iterator[Violation]:
    """Yield what a container must set, itself or around it."""
    own = _context(container)
    profile = (own.get("seccompProfile") or pod.get("seccompProfile") or {}).get("type")
    if own.get("allowPrivilegeEscalation") is not False:
        yield pointer, "the container must set `securityContext.allowPrivilegeEscalation: false`"
    if "ALL" not in _list(own, "drop"):
        yield pointer, "the container must set `securityContext.capabilities: {drop: [ALL]}`"
    if own.get("runAsNonRoot", pod.get("runAsNonRoot")) is not True:
        yield pointer, "the container or its pod must set `securityContext.runAsNonRoot: true`"
    if profile not in _PROFILES:
        yield pointer, "the container or its pod must set `securityContext.seccompProfile: {type: RuntimeDefault}`"
