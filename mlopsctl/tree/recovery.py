"""Recover from killed renders: finish the journal's steps, then delete the leftover stages.

The stage of a run that may still be active is never touched.
"""

from __future__ import annotations

import os

from mlopsctl.diagnostics.codes import tree as codes
from mlopsctl.diagnostics.model import Diagnostic, Severity
from mlopsctl.tree import folder, journal, stage
from mlopsctl.tree.commit import Commit
from mlopsctl.tree.os_errors import at, printable_name


def leftovers(base: int) -> list[str]:
    """Return the names of the stages in the output folder."""
    with os.scandir(base) as entries:
        stages = [e.name for e in entries if stage.NAME.fullmatch(e.name) and e.is_dir(follow_symlinks=False)]
    return sorted(stages)


def is_cut_short(base: int) -> bool:
    """Return whether a render was killed between its first and its last step."""
    for name in leftovers(base):
        with folder.opened(base, name) as fd:
            if journal.read(fd) is not None:
                return True
    return False


def finish(base: int, *, locked: bool) -> list[Diagnostic]:
    """Finish the steps of a journal, and delete all stages.

    With the lock held, no stage belongs to a running process; without it, the process ID decides.
    """
    notes: list[Diagnostic] = []
    for name in leftovers(base):
        if locked or not _alive(name):
            notes += _finish(base, name)
            notes += clear(base, name)
    return notes


def clear(base: int, name: str) -> list[Diagnostic]:
    """Delete one stage; a failure is only a warning, as the tree is complete."""
    try:
        folder.remove(base, name)
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else printable_name(str(error))
        return [codes.LEFTOVER.at(None, f"`{name}` could not be deleted: {reason}")]
    return []


def _finish(base: int, name: str) -> list[Diagnostic]:
    with at(name), folder.opened(base, name) as fd:
        steps = journal.read(fd)
        if steps is None:
            return []
        Commit(base, fd, steps).resume()
    message = "an earlier render was interrupted; its changes were completed first"
    return [codes.CUT_SHORT.at(None, message, help="no action needed", severity=Severity.NOTE)]


def _alive(name: str) -> bool:
    match = stage.NAME.fullmatch(name)
    try:
        os.kill(int(match[1]) if match else 0, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
