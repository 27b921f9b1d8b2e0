"""The stage: a folder next to the environments with the complete new state, before the swap.

Foreign files are linked, or copied where links are not possible.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from contextlib import ExitStack

from mlopsctl.tree import folder
from mlopsctl.tree.exchange import flush
from mlopsctl.tree.fileset import FileSet

PREFIX = ".mlopsctl-stage-"
NAME = re.compile(r"\.mlopsctl-stage-([0-9]{1,9})-[0-9]{1,9}", re.ASCII)
"""The pattern of a stage's name; the first number is the ID of the writing process."""

_SINGLE_SYNCS = 64


class Stage:
    """One stage; `fd` is its open folder."""

    def __init__(self, base: int, files: int, *, durable: bool) -> None:
        """Create the stage. `files` is the approximate number of files, which decides how they are flushed to disk."""
        self.base, self.durable = base, durable
        self.sync = durable and files <= _SINGLE_SYNCS
        self.slots = 0
        self.name = _create(base)
        self._stack = ExitStack()
        self.fd = self._stack.enter_context(folder.opened(base, self.name))
        folder.create(self.fd, ".gitignore", b"*\n", sync=False)

    def close(self) -> None:
        """Close the folder without deleting it."""
        self._stack.close()

    def slot(self) -> str:
        """Return the next free name."""
        self.slots += 1
        return str(self.slots)

    def put_text(self, text: str) -> str:
        """Write one file; return its slot."""
        slot = self.slot()
        folder.create(self.fd, slot, text.encode(), sync=self.sync)
        return slot

    def put_unit(self, files: FileSet, origin: int | None, carried: Iterable[str]) -> str:
        """Write one unit, with the foreign files `carried` of the folder `origin`; return its slot."""
        slot = self.slot()
        folder.make(self.fd, slot)
        with ExitStack() as stack:
            folders = {"": stack.enter_context(folder.opened(self.fd, slot))}
            for path, content, *_ in files:
                parent, _, name = path.rpartition("/")
                folder.create(_folder(folders, stack, parent), name, content.encode(), sync=self.sync)
            if origin is not None:
                for foreign in carried:
                    _carry(origin, folders[""], foreign)
            if self.sync:
                for fd in folders.values():
                    os.fsync(fd)
        return slot

    def settle(self) -> None:
        """Flush the stage to disk, if requested."""
        if not self.durable:
            return
        if not self.sync and not flush(self.fd):
            os.sync()
        os.fsync(self.fd)
        os.fsync(self.base)


def _create(base: int) -> str:
    number = 0
    while True:
        name = f"{PREFIX}{os.getpid()}-{number}"
        try:
            folder.make(base, name, 0o700)
        except FileExistsError:
            number += 1
        else:
            return name


def _folder(folders: dict[str, int], stack: ExitStack, path: str) -> int:
    """Return the open folder at `path`, created if it is missing."""
    fd = folders.get(path)
    if fd is None:
        parent, _, name = path.rpartition("/")
        above = _folder(folders, stack, parent)
        folder.make(above, name)
        fd = folders[path] = stack.enter_context(folder.opened(above, name))
    return fd


def _carry(origin: int, slot: int, path: str) -> None:
    """Put a foreign file into the new unit: as a hard link, or as a copy."""
    *parts, name = path.split("/")
    with folder.reached(origin, parts) as old, folder.reached(slot, parts, create=True) as new:
        try:
            os.link(name, name, src_dir_fd=old, dst_dir_fd=new, follow_symlinks=False)
        except OSError:
            folder.copy(old, name, new)
