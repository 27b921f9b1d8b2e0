"""The values of a manifest diff."""

from __future__ import annotations

from typing import Any, Literal

from msgspec import Struct

Verdict = Literal["removed", "replaced", "changed", "moved", "added"]
"""What became of a thing. `replaced` goes under another name: the old one is deleted, the new one made."""

FieldVerdict = Literal["removed", "changed", "reordered", "added"]


class Field(Struct, frozen=True):
    """One path inside an object, with its values before and after.

    `path` reads like `spec.groups[card-fraud-drift].rules[Drift].for`; `others` are places in the same thing where the
    same value became the same. Of a text of several lines `hunk` holds the changed lines as a unified diff, and `old`
    and `new` are None. Secrets are masked in all of them.
    """

    path: str
    verdict: FieldVerdict
    old: Any = None
    new: Any = None
    hunk: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


class Entry(Struct, frozen=True):
    """One thing that differs: a Kubernetes object, or a file that holds none.

    A file's `kind` is empty and its `name` is its path in the unit. `file` is where it stands now, or stood if it was
    removed; `old_file` and `old_name` say where and what it was, where that is something else. `lines` counts the
    lines of what was added or removed as a whole.
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
    """One change that many things have alike: what a field of this name held and holds. It is left out of each.

    `places` counts how often that is, in all of `entries` together.
    """

    name: str
    verdict: FieldVerdict
    old: Any
    new: Any
    entries: tuple[str, ...]
    places: int


class FileCounts(Struct, frozen=True):
    """How many things of a file became what, and how many places changed inside of them. Nothing is left out here."""

    file: str
    removed: int = 0
    replaced: int = 0
    changed: int = 0
    moved: int = 0
    added: int = 0
    fields: int = 0


class Difference(Struct, frozen=True):
    """All that differs, dangerous first; `files` counts it by path."""

    entries: tuple[Entry, ...] = ()
    everywhere: tuple[SharedChange, ...] = ()
    files: tuple[FileCounts, ...] = ()
