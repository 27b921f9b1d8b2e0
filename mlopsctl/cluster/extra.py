"""Objects in a cluster with mlopsctl's labels that are no longer in Git: a pruning sync deletes them.

Objects that a controller created from these are skipped: they are deleted with their owner.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from mlopsctl.catalogue.platform import SYNC_WAVES
from mlopsctl.cluster.api import Cluster, Kind, Object, Refusal
from mlopsctl.cluster.owned import is_applied
from mlopsctl.diagnostics.codes import tree as codes
from mlopsctl.diagnostics.model import Diagnostic
from mlopsctl.engines.known import kinds
from mlopsctl.manifest_diff.model import Entry
from mlopsctl.manifest_diff.reader import TreeObject

_RUNS = frozenset({"Workflow", "Job", "Pod"})
"""Kinds that controllers or users also create when they start a run."""
_SYSTEM, _ENVIRONMENT, _SHARED = "mlopsctl.dev/system", "mlopsctl.dev/environment", "shared"


def extra(
    cluster: Cluster, expected: Sequence[TreeObject], labels: Mapping[str, str]
) -> tuple[tuple[Entry, ...], tuple[Diagnostic, ...]]:
    """Return the objects that are no longer in Git, in the namespaces of those that are."""
    identities = {(_group(obj.api_version), obj.kind, obj.namespace, obj.name) for obj in expected}
    entries: list[Entry] = []
    diagnostics: list[Diagnostic] = []
    try:
        kinds = list(_kinds(cluster, expected))
    except Refusal as refusal:
        return (), (codes.CANNOT_LIST.at(None, f"the kinds of the cluster cannot be listed: {refusal.message}"),)
    for kind in kinds:
        for namespace in sorted({obj.namespace for obj in expected}):
            try:
                objects = cluster.list(kind, namespace, labels)
            except Refusal as refusal:
                message = f"{kind.kind} in `{namespace}` cannot be listed: {refusal.message}"
                diagnostics.append(codes.CANNOT_LIST.at(None, message))
                continue
            for obj in objects:
                identity = (_group(kind.api_version), kind.kind, namespace, obj["metadata"]["name"])
                if identity not in identities and _is_ours(kind, obj):
                    entries.append(_entry(kind, obj))
    return tuple(entries), tuple(diagnostics)


def _kinds(cluster: Cluster, objects: Sequence[TreeObject]) -> Iterator[Kind]:
    """Yield the kinds that mlopsctl renders or may have rendered, if the cluster has them."""
    rendered = {(obj.api_version, obj.kind) for obj in objects}
    known_kinds = {(_group(version), kind) for version, kind in rendered}
    lost = [
        (cluster.version(group), name) for group, name in sorted((SYNC_WAVES.keys() | kinds().keys()) - known_kinds)
    ]
    for version, name in sorted(rendered | {(version, name) for version, name in lost if version}):
        kind = cluster.kind(version, name)
        if kind and kind.namespaced:
            yield kind


def _is_ours(kind: Kind, value: Object) -> bool:
    """Return whether an object was applied: it has no owner and is not a started run."""
    owned = bool(value["metadata"].get("ownerReferences"))
    return not owned and (kind.kind not in _RUNS or is_applied(value))


def _entry(kind: Kind, value: Object) -> Entry:
    meta = value["metadata"]
    labels = meta["labels"]
    unit = labels.get(_SYSTEM, _SHARED)
    return Entry(
        labels[_ENVIRONMENT], unit, "", kind.api_version, kind.kind, meta["namespace"], meta["name"], "removed"
    )


def _group(api_version: str) -> str:
    return api_version.rpartition("/")[0]
