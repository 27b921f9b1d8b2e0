"""Changes of the workspace's patches, which no system's Blueprint has."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

import msgspec

from mlopsctl.blueprint.model.blueprint import Blueprint, Shared
from mlopsctl.blueprint.model.patches import Patch
from mlopsctl.engines.known import for_engines
from mlopsctl.plan.changed_fields import value_text
from mlopsctl.plan.effects import APPLIED
from mlopsctl.plan.model import Action, Change, Consequence, Effect, EffectTarget, Kind
from mlopsctl.secrets.values import masked

Files = Collection[tuple[str, str]]
"""Units and the paths of files there."""


def changes(before: Shared, after: Shared, files: Files | None) -> Iterator[Change]:
    """Yield the patches of the workspace that differ; `files` differ in the tree, None where nothing was rendered."""
    old, new = _by_name(before.patches), _by_name(after.patches)
    for name in dict.fromkeys((*old, *new)):
        if old.get(name) != new.get(name):
            yield _change(name, old.get(name), new.get(name), after, files)
    kept = [name for name in old if name in new]
    if kept != [name for name in new if name in old]:
        yield _change("", None, None, after, files)


def _by_name(patches: tuple[Patch, ...]) -> dict[str, Patch]:
    return {patch.name: patch for patch in patches}


def _change(name: str, old: Patch | None, new: Patch | None, after: Shared, files: Files | None) -> Change:
    path = f"workspace:patches.{name}" if name else "workspace:patches"
    action = Action.CHANGED if bool(old) is bool(new) else Action.ADDED if new else Action.REMOVED
    affected = [system.identity for system in after.systems if _touches(new or old, system, files)]
    target = EffectTarget(Kind.FIELD, path)
    consequences = tuple(
        Consequence(Effect.OUTSIDE, identity.system, target, APPLIED[Effect.OUTSIDE]) for identity in affected
    )
    shared = Consequence(Effect.OUTSIDE, "", EffectTarget(Kind.SHARED), APPLIED[Effect.OUTSIDE])
    reviewers = tuple(sorted({identity.owner for identity in affected}))
    return Change(
        path, action, _text(old), _text(new), "", (after.environment,), consequences or (shared,), (), reviewers
    )


def _touches(patch: Patch | None, system: Blueprint, files: Files | None) -> bool:
    """Return whether a patch may change a system: a file of its engine differs there."""
    if patch is None or files is None:
        return True
    engine = next((entry for entry in for_engines(system.engines) if entry.name == patch.engine), None)
    unit = system.identity.system
    return engine is not None and any(at == unit and path.startswith(f"{engine.folder}/") for at, path in files)


def _text(patch: Patch | None) -> str:
    fields: Any = msgspec.to_builtins(patch) if patch else ""
    return value_text(masked({key: value for key, value in fields.items() if key != "shared"})) if patch else ""
