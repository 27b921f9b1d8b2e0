"""Determine by dry runs what a sync would change in a cluster.

Defaults that the server sets are no differences, because both sides contain them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from msgspec import Struct

from mlopsctl.cluster.answers import distinct, finding
from mlopsctl.cluster.api import Cluster, Kind, Refusal
from mlopsctl.cluster.extra import extra
from mlopsctl.cluster.owned import MANAGER, applier, as_applied, plain, without
from mlopsctl.cluster.rendered import Pointer, ignored
from mlopsctl.diagnostics.codes import tree as codes
from mlopsctl.diagnostics.model import Diagnostic
from mlopsctl.manifest_diff.aggregation import together
from mlopsctl.manifest_diff.fields import fields
from mlopsctl.manifest_diff.model import Entry, Verdict
from mlopsctl.manifest_diff.reader import TreeObject

_AT_ONCE = 8


class Live(Struct, frozen=True):
    """The differences, and the diagnostics."""

    entries: tuple[Entry, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


class _Query(Struct, frozen=True):
    """A rendered object, its kind in the cluster, and the fields that a sync ignores."""

    obj: TreeObject
    kind: Kind
    pointers: tuple[Pointer, ...]


def compare(
    objects: Sequence[TreeObject], every_object: Sequence[TreeObject], cluster: Cluster, labels: Mapping[str, str]
) -> Live:
    """Compare `objects` with the cluster.

    `every_object` includes the Applications; `labels` select the objects that mlopsctl manages.

    Raises OutOfReach if the cluster does not respond.
    """
    queries = []
    diagnostics: list[Diagnostic] = []
    for obj in objects:
        kind = _kind(cluster, obj, diagnostics)
        if kind:
            queries.append(_Query(obj, kind, _pointers(every_object, obj)))
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        answers = list(pool.map(lambda query: _compare_object(cluster, query), queries))
    extras, more = extra(cluster, objects, labels)
    entries = [entry for answer in answers for entry in answer.entries]
    diagnostics += [diagnostic for answer in answers for diagnostic in answer.diagnostics]
    return Live((*entries, *extras), distinct((*diagnostics, *more)))


def _kind(cluster: Cluster, obj: TreeObject, diagnostics: list[Diagnostic]) -> Kind | None:
    try:
        kind = cluster.kind(obj.api_version, obj.kind)
    except Refusal as refusal:
        diagnostics.append(finding(refusal, obj))
        return None
    if kind is None:
        message = f"the cluster does not serve `{obj.kind}` of {obj.api_version}"
        diagnostics.append(codes.NO_KIND.at(None, message))
    return kind


def _pointers(every_object: Sequence[TreeObject], obj: TreeObject) -> tuple[Pointer, ...]:
    group = obj.api_version.rpartition("/")[0]
    rules = [rule for rule in ignored(every_object, obj.unit) if (rule.group, rule.kind) == (group, obj.kind)]
    return tuple(pointer for rule in rules for pointer in rule.pointers)


def _compare_object(cluster: Cluster, query: _Query) -> Live:
    obj = query.obj
    try:
        live = cluster.get(query.kind, obj.namespace, obj.name)
        if live is None:
            cluster.dry_run(query.kind, obj.value, MANAGER)
            return Live((_entry(obj, "added"),))
        after = cluster.dry_run(query.kind, as_applied(obj.value, live), applier(live))
    except Refusal as refusal:
        return Live((), (finding(refusal, obj),))
    return _compared(query, live, after)


def _compared(query: _Query, live: dict[str, Any], after: dict[str, Any]) -> Live:
    obj = query.obj
    before, now = plain(live), plain(after)
    differing = list(fields(before, now, obj.kind))
    ours = together(fields(without(before, query.pointers, live), without(now, query.pointers, live), obj.kind))
    left = sorted({item.path for item in differing} - {path for field in ours for path in (field.path, *field.others)})
    entries = (_entry(obj, "changed", ours),) if ours else ()
    return Live(entries, tuple(_left_to_owner(obj, left)))


def _left_to_owner(obj: TreeObject, paths: Sequence[str]) -> Iterator[Diagnostic]:
    if paths:
        message = f"`{obj.kind}/{obj.name}`: {', '.join(paths)} is left to what writes it in the cluster"
        yield codes.LEFT_TO_OWNER.at(None, message)


def _entry(obj: TreeObject, verdict: Verdict, differing: tuple[Any, ...] = ()) -> Entry:
    return Entry(
        obj.environment,
        obj.unit,
        obj.file,
        obj.api_version,
        obj.kind,
        obj.namespace,
        obj.name,
        verdict,
        differing,
    )
