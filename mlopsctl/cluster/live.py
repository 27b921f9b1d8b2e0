"""What a sync would change in a cluster, found out by dry runs.

In: rendered objects and a cluster. Out: entries of a diff (old: the cluster, new: what a sync makes of it), findings.
What the server fills in itself is no difference, for both sides have been through it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from msgspec import Struct

from mlopsctl.change.manifests_fields import fields
from mlopsctl.change.manifests_fold import together
from mlopsctl.change.manifests_model import Entry, Verdict
from mlopsctl.change.manifests_read import Thing
from mlopsctl.cluster.answers import finding, told_once
from mlopsctl.cluster.api import Cluster, Kind, Refusal
from mlopsctl.cluster.extra import extra
from mlopsctl.cluster.owned import MANAGER, applier, as_applied, plain, without
from mlopsctl.cluster.rendered import Pointer, ignored
from mlopsctl.diagnostics.codes import tree as codes
from mlopsctl.diagnostics.model import Diagnostic

_AT_ONCE = 8


class Live(Struct, frozen=True):
    """What differs, and what was found on the way."""

    entries: tuple[Entry, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


class _Asked(Struct, frozen=True):
    """One rendered object, its kind in the cluster, and the fields that a sync leaves alone."""

    thing: Thing
    kind: Kind
    pointers: tuple[Pointer, ...]


def compare(found: Sequence[Thing], every: Sequence[Thing], cluster: Cluster, labels: Mapping[str, str]) -> Live:
    """Compare the objects of `found`; `every` has the Applications too. `labels` are those of all that is ours.

    Raises OutOfReach where the cluster does not answer.
    """
    asked = []
    diagnostics: list[Diagnostic] = []
    for thing in found:
        kind = _kind(cluster, thing, diagnostics)
        if kind:
            asked.append(_Asked(thing, kind, _pointers(every, thing)))
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        answers = list(pool.map(lambda one: _one(cluster, one), asked))
    extras, more = extra(cluster, found, labels)
    entries = [entry for answer in answers for entry in answer.entries]
    diagnostics += [one for answer in answers for one in answer.diagnostics]
    return Live((*entries, *extras), told_once((*diagnostics, *more)))


def _kind(cluster: Cluster, thing: Thing, diagnostics: list[Diagnostic]) -> Kind | None:
    try:
        kind = cluster.kind(thing.api_version, thing.kind)
    except Refusal as refusal:
        diagnostics.append(finding(refusal, thing))
        return None
    if kind is None:
        message = f"the cluster does not serve `{thing.kind}` of {thing.api_version}"
        diagnostics.append(codes.NO_KIND.at(None, message))
    return kind


def _pointers(every: Sequence[Thing], thing: Thing) -> tuple[Pointer, ...]:
    group = thing.api_version.rpartition("/")[0]
    rules = [one for one in ignored(every, thing.unit) if (one.group, one.kind) == (group, thing.kind)]
    return tuple(pointer for rule in rules for pointer in rule.pointers)


def _one(cluster: Cluster, asked: _Asked) -> Live:
    thing = asked.thing
    try:
        live = cluster.get(asked.kind, thing.namespace, thing.name)
        if live is None:
            cluster.dry_run(asked.kind, thing.value, MANAGER)
            return Live((_entry(thing, "added"),))
        after = cluster.dry_run(asked.kind, as_applied(thing.value, live), applier(live))
    except Refusal as refusal:
        return Live((), (finding(refusal, thing),))
    return _compared(asked, live, after)


def _compared(asked: _Asked, live: dict[str, Any], after: dict[str, Any]) -> Live:
    thing = asked.thing
    before, now = plain(live), plain(after)
    every = list(fields(before, now, thing.kind))
    ours = together(fields(without(before, asked.pointers, live), without(now, asked.pointers, live), thing.kind))
    left = sorted({one.path for one in every} - {path for one in ours for path in (one.path, *one.others)})
    entries = (_entry(thing, "changed", ours),) if ours else ()
    return Live(entries, tuple(_left(thing, left)))


def _left(thing: Thing, paths: Sequence[str]) -> Iterator[Diagnostic]:
    if paths:
        message = f"`{thing.kind}/{thing.name}`: {', '.join(paths)} is left to what writes it in the cluster"
        yield codes.LEFT_TO_OWNER.at(None, message)


def _entry(thing: Thing, verdict: Verdict, found: tuple[Any, ...] = ()) -> Entry:
    return Entry(
        thing.environment,
        thing.unit,
        thing.file,
        thing.api_version,
        thing.kind,
        thing.namespace,
        thing.name,
        verdict,
        found,
    )
