"""The values of a manifest diff."""

from __future__ import annotations

from typing import Any, Literal

from msgspec import Struct

Verdict = Literal["removed", "replaced", "changed", "moved", "added"]
"""The change of an object or file. `replaced`: the old object is deleted, one with another name is created."""

FieldVerdict = Literal["removed", "changed", "reordered", "added"]


class Field(Struct, frozen=True):
    """One path inside an object, with its values before and after.

    `path` reads like `spec.groups[card-fraud-drift].rules[Drift].for`; `others` are places in the same object where the
    same value changed equally. For multi-line texts, `hunk` contains the changed lines as a unified diff, and `old`
    and `new` are None. Secrets are masked in all of them.
    """

    path: str
    verdict: FieldVerdict
    old: Any = None
    new: Any = None
    hunk: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


class Entry(Struct, frozen=True):
    """A difference: a Kubernetes object, or a file without objects.

    A file's `kind` is empty and its `name` is its path in the unit. `file` is its current path, or its last one if
    it was removed; `old_file` and `old_name` are set if they differ from the current ones. `lines` is the number of
    lines of an object that was added or removed.
    """

    environment: str
    unit: str
    file: str
    api_version: str
    kind: str
    namespace: str
    name: str
    verdict: Verdict
    fields: tuple[Field, ...] = ()
    old_file: str = ""
    old_name: str = ""
    lines: int = 0


class SharedChange(Struct, frozen=True):
    """A change that many objects have in common: a field's name and its values. The entries do not repeat it.

    `places` is the number of occurrences in all `entries`.
    """

    name: str
    verdict: FieldVerdict
    old: Any
    new: Any
    entries: tuple[str, ...]
    places: int


class FileCounts(Struct, frozen=True):
    """The numbers of added, removed, replaced and changed objects of a file, and of changed fields; complete."""

    file: str
    removed: int = 0
    replaced: int = 0
    changed: int = 0
    moved: int = 0
    added: int = 0
    fields: int = 0


class Difference(Struct, frozen=True):
    """All differences, riskiest first; `files` has the counts by path."""

    entries: tuple[Entry, ...] = ()
    everywhere: tuple[SharedChange, ...] = ()
    files: tuple[FileCounts, ...] = ()
