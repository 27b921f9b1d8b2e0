"""The journal of a render: the few renames that turn the old tree into the new one."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from typing import Literal, NamedTuple

from mlopsctl.tree import folder
from mlopsctl.tree.paths import SafePath

NAME = "journal.json"
_DRAFT = "journal.draft"
_LIMIT = 256 << 20

Kind = Literal["swap", "place", "drop", "close"]


class Step(NamedTuple):
    """One change of one name in an environment's folder.

    `swap` exchanges it with the slot, `place` moves the slot there, `drop` moves it to the slot; `close`
    deletes the environment's folder if it is empty. `inode` is the moved one: of the slot, for `drop`
    of the name; it shows whether the step was executed. `ours` are the files of the old unit that the
    new one lacks, for a file system that can only move files.
    """

    kind: Kind
    environment: str
    name: str = ""
    slot: str = ""
    inode: int = 0
    ours: tuple[str, ...] = ()


def write(stage: int, steps: Sequence[Step], *, durable: bool) -> None:
    """Write the journal atomically; from here on the render will be finished."""
    data = json.dumps([step._asdict() for step in steps]).encode()
    folder.create(stage, _DRAFT, data, sync=durable)
    os.rename(_DRAFT, NAME, src_dir_fd=stage, dst_dir_fd=stage)
    if durable:
        os.fsync(stage)


def close(stage: int) -> None:
    """Delete the journal: all steps are done. If it reappeared, its steps would count as executed."""
    os.unlink(NAME, dir_fd=stage)


def read(stage: int) -> tuple[Step, ...] | None:
    """Read the journal of an open stage; None if it is missing or invalid."""
    try:
        document = json.loads(folder.read(stage, NAME, _LIMIT))
        return tuple(_step(entry) for entry in document)
    except (FileNotFoundError, ValueError, TypeError, KeyError, RecursionError):
        return None


def _step(entry: dict[str, object]) -> Step:
    """Validate an entry: the journal is untrusted, so its names are checked like any other."""
    kind, inode, ours = entry["kind"], entry["inode"], entry["ours"]
    if kind not in ("swap", "place", "drop", "close") or type(inode) is not int or not isinstance(ours, list):
        raise ValueError("not a step")
    name = _checked_name(entry["name"], empty=kind == "close")
    slot = _checked_name(entry["slot"], empty=kind == "close")
    paths = tuple(SafePath.of(path) for path in ours)
    return Step(kind, _checked_name(entry["environment"]), name, slot, inode, paths)


def _checked_name(name: object, *, empty: bool = False) -> str:
    if name == "" and empty:
        return ""
    if not isinstance(name, str) or len(SafePath.of(name).parts) != 1:
        raise ValueError("not a name")
    return name
