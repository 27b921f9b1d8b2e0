"""Objects in a cluster that carry our labels and that Git no longer has: a sync that prunes deletes them.

In: rendered objects, a cluster, the labels of all that is ours. Out: entries and findings. What a controller made from
an object of ours is not searched for: it goes with its owner.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from mlopsctl.catalogue.infrastructure import SYNC_WAVES
from mlopsctl.change.manifests_model import Entry
from mlopsctl.change.manifests_read import Thing
from mlopsctl.cluster.api import Cluster, Kind, Object, Refusal
from mlopsctl.cluster.owned import is_applied
from mlopsctl.diagnostics.codes import tree as codes
from mlopsctl.diagnostics.model import Diagnostic

_RUNS = frozenset({"Workflow", "Job", "Pod"})
"""Kinds that also come into being when something is started, by a controller or a person."""
_SYSTEM, _ENVIRONMENT, _SHARED = "mlopsctl.dev/system", "mlopsctl.dev/environment", "shared"


def extra(
    cluster: Cluster, found: Sequence[Thing], labels: Mapping[str, str]
) -> tuple[tuple[Entry, ...], tuple[Diagnostic, ...]]:
    """Return what Git lost, in the namespaces of what it has."""
    wanted = {(_group(one.api_version), one.kind, one.namespace, one.name) for one in found}
    entries: list[Entry] = []
    diagnostics: list[Diagnostic] = []
    try:
        kinds = list(_kinds(cluster, found))
    except Refusal as refusal:
        return (), (codes.CANNOT_LIST.at(None, f"the kinds of the cluster cannot be listed: {refusal.message}"),)
    for kind in kinds:
        for namespace in sorted({one.namespace for one in found}):
            try:
                objects = cluster.list(kind, namespace, labels)
            except Refusal as refusal:
                message = f"{kind.kind} in `{namespace}` cannot be listed: {refusal.message}"
                diagnostics.append(codes.CANNOT_LIST.at(None, message))
                continue
            for one in objects:
                identity = (_group(kind.api_version), kind.kind, namespace, one["metadata"]["name"])
                if identity not in wanted and _is_ours(kind, one):
                    entries.append(_entry(kind, one))
    return tuple(entries), tuple(diagnostics)


def _kinds(cluster: Cluster, found: Sequence[Thing]) -> Iterator[Kind]:
    """Yield the kinds that are rendered, and those that could have been, as far as the cluster has them."""
    rendered = {(one.api_version, one.kind) for one in found}
    known = {(_group(version), kind) for version, kind in rendered}
    lost = [(cluster.version(group), name) for group, name in sorted(SYNC_WAVES.keys() - known)]
    for version, name in sorted(rendered | {(version, name) for version, name in lost if version}):
        kind = cluster.kind(version, name)
        if kind and kind.namespaced:
            yield kind


def _is_ours(kind: Kind, value: Object) -> bool:
    """Tell whether an object was applied: it has no owner, and is no run that something started."""
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
