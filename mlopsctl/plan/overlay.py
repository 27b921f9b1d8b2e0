"""Changes of the workspace's patches and manifests, which no system's Blueprint has."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any, Final

import msgspec

from mlopsctl.blueprint.model.blueprint import Blueprint, Shared
from mlopsctl.blueprint.model.patches import Extra, Patch
from mlopsctl.engines.known import for_engines
from mlopsctl.plan.changed_fields import value_text
from mlopsctl.plan.effects import APPLIED
from mlopsctl.plan.engine_facts import delivery
from mlopsctl.plan.model import Action, Change, Consequence, Effect, EffectTarget, Kind
from mlopsctl.secrets.values import masked

Overlay = Patch | Extra
_SHARED: Final = [("", EffectTarget(Kind.SHARED))]
Files = Collection[tuple[str, str]]
"""Units and the paths of files there."""


def changes(before: Shared, after: Shared, files: Files | None) -> Iterator[Change]:
    """Yield the patches and manifests of the workspace that differ; `files` differ in the tree, None: not rendered."""
    yield from _of_section("patches", before.patches, after.patches, after, files)
    yield from _of_section("extra", before.extra, after.extra, after, files)
    kept = [patch.name for patch in before.patches if patch.name in _by_name(after.patches)]
    if kept != [patch.name for patch in after.patches if patch.name in kept]:
        yield _change("workspace:patches", None, None, after, files)


def _of_section(
    section: str, before: Sequence[Overlay], after: Sequence[Overlay], shared: Shared, files: Files | None
) -> Iterator[Change]:
    old, new = _by_name(before), _by_name(after)
    for name in dict.fromkeys((*old, *new)):
        if old.get(name) != new.get(name):
            yield _change(f"workspace:{section}.{name}", old.get(name), new.get(name), shared, files)


def _by_name(entries: Sequence[Overlay]) -> dict[str, Overlay]:
    return {entry.name: entry for entry in entries}


def _change(path: str, old: Overlay | None, new: Overlay | None, after: Shared, files: Files | None) -> Change:
    action = Action.CHANGED if bool(old) is bool(new) else Action.ADDED if new else Action.REMOVED
    entry = new or old
    if isinstance(entry, Extra):
        effect = Effect.OUTSIDE if new else Effect.DESTROYS
        applied = APPLIED[effect] if new else delivery(next(iter(after.systems), None)).pruned
        systems, on = list(after.systems), [("", EffectTarget(Kind.SHARED))]
    else:
        effect, applied = Effect.OUTSIDE, APPLIED[Effect.OUTSIDE]
        systems = [system for system in after.systems if _touches(entry, system, files)]
        on = [(system.identity.system, EffectTarget(Kind.FIELD, path)) for system in systems]
    consequences = [Consequence(effect, system, target, applied) for system, target in on or _SHARED]
    reviewers = tuple(sorted({system.identity.owner for system in systems}))
    return Change(path, action, _text(old), _text(new), "", (after.environment,), tuple(consequences), (), reviewers)


def _touches(patch: Patch | None, system: Blueprint, files: Files | None) -> bool:
    """Return whether a patch may change a system: a file of its engine differs there."""
    if patch is None or files is None:
        return True
    engine = next((entry for entry in for_engines(system.engines) if entry.name == patch.engine), None)
    unit = system.identity.system
    return engine is not None and any(at == unit and path.startswith(f"{engine.folder}/") for at, path in files)


def _text(entry: Overlay | None) -> str:
    fields: Any = msgspec.to_builtins(entry) if entry else {}
    return value_text(masked({key: value for key, value in fields.items() if key != "shared"})) if entry else ""
