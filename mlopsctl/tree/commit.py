"""Execute the steps of a journal: forward, back, or resumed after a killed run.

Each unit changes in one system call. If the file system does not support it, the files move one by one and the
journal guarantees completion; such a render cannot be rolled back, only finished.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Sequence
from contextlib import suppress

from mlopsctl.tree import folder, journal
from mlopsctl.tree.exchange import exchange
from mlopsctl.tree.journal import Step
from mlopsctl.tree.os_errors import at

_LOOSE = ".files"
_UNSUPPORTED = frozenset({errno.EXDEV, errno.ENOTSUP, errno.EOPNOTSUPP})


class Commit:
    """The execution of the steps. `reversible` becomes false with the first file that moves individually."""

    def __init__(self, base: int, stage: int, steps: Sequence[Step], *, durable: bool = True) -> None:
        """Set the open output folder, the open stage, and the steps in order."""
        self.base, self.stage, self.steps, self.durable = base, stage, steps, durable
        self.reversible = True
        self._taken: list[Step] = []

    def run(self) -> None:
        """Write the journal and execute all steps; on an error roll back, if possible, and raise it."""
        try:
            journal.write(self.stage, self.steps, durable=self.durable)
            for step in self.steps:
                with at(f"{step.environment}/{step.name}"):
                    self._take(step)
                self._taken.append(step)
            self._settle()
        except Exception:
            if self.reversible:
                self._undo()
            raise
        with suppress(OSError):  # the tree is complete, and a remaining journal has no steps left
            journal.close(self.stage)

    def resume(self) -> None:
        """Execute the steps that a killed run did not; a step that no longer applies to the tree is skipped."""
        for step in self.steps:
            with at(f"{step.environment}/{step.name}"):
                self._take_if_due(step)
        self._settle()
        journal.close(self.stage)

    def _take(self, step: Step) -> None:
        if step.kind == "close":
            with suppress(OSError):
                os.rmdir(step.environment, dir_fd=self.base)
            return
        if folder.inode(self.base, step.environment) is None:
            folder.make(self.base, step.environment)
        with folder.opened(self.base, step.environment) as target:
            if step.kind == "swap":
                self._swap(step, target)
            elif step.kind == "place":
                os.rename(step.slot, step.name, src_dir_fd=self.stage, dst_dir_fd=target)
            else:
                self._drop(step, target)

    def _take_if_due(self, step: Step) -> None:
        if step.kind == "close":
            self._take(step)
        elif step.kind == "drop":
            if self._inode_there(step) == step.inode:
                self._take(step)
        elif folder.inode(self.stage, step.slot + _LOOSE) is not None:
            with folder.opened(self.base, step.environment) as target:
                self._merge(step, target)
        elif folder.inode(self.stage, step.slot) == step.inode:
            if self._inode_there(step) is None:
                self._take(step._replace(kind="place"))
            elif step.kind == "swap":
                self._take(step)

    def _inode_there(self, step: Step) -> int | None:
        try:
            with folder.opened(self.base, step.environment) as target:
                return folder.inode(target, step.name)
        except FileNotFoundError:
            return None

    def _swap(self, step: Step, target: int) -> None:
        if not exchange(self.stage, step.slot, target, step.name):
            self.reversible = False
            os.rename(step.slot, step.slot + _LOOSE, src_dir_fd=self.stage, dst_dir_fd=self.stage)
            os.fsync(self.stage)
            self._merge(step, target)

    def _merge(self, step: Step, target: int) -> None:
        """Move the slot's files over those of the unit, then delete what the new unit lacks."""
        loose = step.slot + _LOOSE
        if not folder.is_folder(self.stage, loose):
            os.replace(loose, step.name, src_dir_fd=self.stage, dst_dir_fd=target)
            return
        self._clear(step, target)
        folder.merge(self.stage, loose, target, step.name)

    def _drop(self, step: Step, target: int) -> None:
        try:
            os.rename(step.name, step.slot, src_dir_fd=target, dst_dir_fd=self.stage)
        except OSError as error:
            if error.errno not in _UNSUPPORTED:
                raise
            self.reversible = False
            self._clear(step, target)

    def _clear(self, step: Step, target: int) -> None:
        """Delete the files of the old unit that the new one lacks, and folders that are empty then."""
        for path in step.ours:
            *parts, name = path.split("/")
            absent = suppress(FileNotFoundError, NotADirectoryError)
            with absent, folder.reached(target, (step.name, *parts)) as above:
                os.unlink(name, dir_fd=above)
        with suppress(FileNotFoundError, NotADirectoryError):
            folder.prune_empty(target, step.name)

    def _undo(self) -> None:
        """Undo the steps, last first, and close the journal; if that fails it stays open."""
        with suppress(OSError):
            for step in reversed(self._taken):
                if step.kind != "close":
                    self._take_back(step)
            journal.close(self.stage)

    def _take_back(self, step: Step) -> None:
        if folder.inode(self.base, step.environment) is None:
            folder.make(self.base, step.environment)
        with folder.opened(self.base, step.environment) as target:
            if step.kind == "swap":
                exchange(self.stage, step.slot, target, step.name)
            elif step.kind == "place":
                os.rename(step.name, step.slot, src_dir_fd=target, dst_dir_fd=self.stage)
            else:
                os.rename(step.slot, step.name, src_dir_fd=self.stage, dst_dir_fd=target)
        with suppress(OSError):
            os.rmdir(step.environment, dir_fd=self.base)

    def _settle(self) -> None:
        """Flush the renames to disk, if requested."""
        if not self.durable:
            return
        for name in dict.fromkeys(step.environment for step in self.steps):
            with suppress(FileNotFoundError), folder.opened(self.base, name) as fd:
                os.fsync(fd)
        os.fsync(self.base)
