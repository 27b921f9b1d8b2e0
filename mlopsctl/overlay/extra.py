"""Extra manifests: what they may be, and how they are delivered with a unit's own objects."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from mlopsctl.blueprint.decide.names import SHARED
from mlopsctl.blueprint.model.blueprint import Blueprint, Shared
from mlopsctl.blueprint.model.patches import Extra
from mlopsctl.diagnostics.codes import outside as codes
from mlopsctl.engines.known import sync_wave
from mlopsctl.engines.shared.files import manifest_file
from mlopsctl.engines.shared.kubernetes import SYNC_WAVE
from mlopsctl.overlay import checks
from mlopsctl.overlay.model import Finding, Plain, Problem, at, plain, shown
from mlopsctl.overlay.owned_fields import OWN_ANNOTATIONS, OWN_LABELS
from mlopsctl.tree.fileset import FileSet

FOLDER: Final = "extra"
"""The folder of a unit that holds them; no engine has it."""
COMPONENT: Final = "extra"
_NAME: Final = re.compile(r"[a-z0-9]([-.a-z0-9]{0,251}[a-z0-9])?")
_RBAC: Final = "rbac.authorization.k8s.io"
_DELIVERY: Final = "argoproj.io"
_CLUSTER: Final = frozenset(
    {"APIService", "CSIDriver", "CSINode", "CustomResourceDefinition", "IngressClass", "MutatingWebhookConfiguration"}
    | {"Namespace", "Node", "PersistentVolume", "PriorityClass", "RuntimeClass", "StorageClass", "VolumeAttachment"}
    | {"ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding", "ValidatingWebhookConfiguration"}
    | {"FlowSchema", "PriorityLevelConfiguration", "DeviceClass", "ResourceSlice"}
)
"""Kinds of Kubernetes that have no namespace; of other groups, kinds whose names begin with `Cluster`."""
_DECIDED: Final = (
    ("metadata", "generateName"),
    ("metadata", "ownerReferences"),
    ("metadata", "finalizers"),
    ("status",),
)


def problems(value: Plain, namespace: str, *, shared: bool) -> Iterator[Problem]:
    """Yield what is wrong with a manifest; a `shared` one is the workspace's, which may hold rights."""
    if malformed := list(_malformed(value)):
        yield from malformed
        return
    yield from _kind(value, shared=shared)
    yield from _decided(value, namespace)
    yield from checks.problems(value)


def _malformed(value: Plain) -> Iterator[Problem]:
    for pointer in (("apiVersion",), ("kind",), ("metadata", "name")):
        if not isinstance(at(value, pointer), str):
            yield Problem(codes.EXTRA_FILE, pointer, f"the manifest has no `{'.'.join(pointer)}`")
    name = at(value, ("metadata", "name"))
    if isinstance(name, str) and not _NAME.fullmatch(name):
        yield Problem(codes.EXTRA_FILE, ("metadata", "name"), "the name is no name of Kubernetes")
    if str(value.get("kind")).endswith("List") and "items" in value:
        yield Problem(codes.EXTRA_FILE, ("kind",), "a list is several objects")
    for section in ("labels", "annotations"):
        if not isinstance(at(value, ("metadata", section)), dict | None):
            yield Problem(codes.EXTRA_FILE, ("metadata", section), f"`metadata.{section}` is no mapping")


def _kind(value: Plain, *, shared: bool) -> Iterator[Problem]:
    """Yield a kind that is refused, with the reason."""
    group, kind = str(value["apiVersion"]).rpartition("/")[0], str(value["kind"])
    why = ""
    if (group, kind) == ("", "Secret"):
        why = "a Secret in Git is plaintext"
    elif kind.startswith("Cluster") or kind in _CLUSTER:
        why = f"a {kind} belongs to the whole cluster"
    elif group == _DELIVERY and kind in ("Application", "AppProject", "ApplicationSet"):
        why = f"a {kind} would deliver past the limits of the project"
    elif group == _RBAC and not shared:
        why = f"a {kind} gives rights, which only the workspace may do"
    if why:
        yield Problem(codes.EXTRA_KIND, ("kind",), why)


def _decided(value: Plain, namespace: str) -> Iterator[Problem]:
    """Yield the fields that are not the manifest's to say."""
    for pointer in _DECIDED:
        if at(value, pointer) is not None:
            yield Problem(codes.EXTRA_FIELD, pointer, f"a manifest may not set `{shown(pointer)}`")
    if at(value, ("metadata", "namespace")) not in (None, namespace):
        message = f"the manifest is delivered to the namespace `{namespace}`"
        yield Problem(codes.EXTRA_FIELD, ("metadata", "namespace"), message)
    meta = value["metadata"]
    owned = [("labels", key) for key in meta.get("labels") or {} if key.startswith(OWN_LABELS)]
    for key, inner in (meta.get("annotations") or {}).items():
        if key.startswith(OWN_ANNOTATIONS) and not (key == SYNC_WAVE and re.fullmatch(r"-?\d{1,3}", str(inner))):
            owned.append(("annotations", key))
    for section, key in owned:
        yield Problem(codes.EXTRA_FIELD, ("metadata", section, key), f"a manifest may not set `{key}` so")


def joined(shared: Shared, units: Mapping[str, FileSet]) -> dict[str, FileSet]:
    """Return the files of each unit with its manifests."""
    owners: dict[str, Blueprint | Shared] = {system.identity.system: system for system in shared.systems}
    owners[SHARED] = shared
    return {unit: FileSet.union((files, _files(owners[unit]))) for unit, files in units.items()}


def _files(owner: Blueprint | Shared) -> FileSet:
    files = [manifest_file(f"{extra.name}.yaml", _delivered(extra, owner), about=(extra,)) for extra in owner.extra]
    return FileSet.of(files).under(FOLDER).encoded() if files else FileSet()


def _delivered(extra: Extra, owner: Blueprint | Shared) -> Plain:
    """Return the object with its namespace, the labels of its owner and its wave."""
    value: Plain = plain(extra.value)
    meta = value["metadata"]
    wave = sync_wave(str(value["apiVersion"]).rpartition("/")[0], str(value["kind"]))
    notes = {**({SYNC_WAVE: str(wave)} if wave else {}), **(meta.get("annotations") or {})}
    labels = {**(meta.get("labels") or {}), **owner.labels, "app.kubernetes.io/component": COMPONENT}
    meta = {**meta, "namespace": owner.place.namespace, "labels": labels, **({"annotations": notes} if notes else {})}
    return {**value, "metadata": meta}


def twins(shared: Shared, rendered: Mapping[tuple[str, str, str], str]) -> Iterator[Finding]:
    """Yield manifests with the kind and name of another object; `rendered` says what each rendered object is of."""
    known = dict(rendered)
    owned = [("", extra) for extra in shared.extra]
    owned += [(system.identity.system, extra) for system in shared.systems for extra in system.extra]
    for owner, extra in owned:
        key = identity(extra.value)
        if other := known.get(key):
            message = f"there is already a {key[1]} `{key[2]}`, {other}"
            yield Finding(codes.EXTRA_TWICE, owner, ("spec", "extra", extra.name, "file"), message)
        known.setdefault(key, f"from {extra.file}")


def identity(value: Mapping[str, Any]) -> tuple[str, str, str]:
    """Return the API group, the kind and the name of an object."""
    meta = value["metadata"]
    return str(value["apiVersion"]).rpartition("/")[0], str(value["kind"]), str(meta.get("name", ""))
