"""What killed runs left in the output folder: finish it, then clear it away.

In: the open output folder. Out: the tree as the last journal wanted it, and notes of what was done.
Never touches the stage of a run that may still be going.
"""

from __future__ import annotations

import os

from mlopsctl.diagnostics.codes import tree as codes
from mlopsctl.diagnostics.model import Diagnostic, Severity
from mlopsctl.tree import folder, journal, stage
from mlopsctl.tree.commit import Commit
from mlopsctl.tree.faults import at, shown


def leftovers(base: int) -> list[str]:
    """Return the stages that lie in the output folder, by name."""
    with os.scandir(base) as entries:
        found = [e.name for e in entries if stage.NAME.fullmatch(e.name) and e.is_dir(follow_symlinks=False)]
    return sorted(found)


def is_cut_short(base: int) -> bool:
    """Tell whether a render was stopped between its first and its last step."""
    for name in leftovers(base):
        with folder.opened(base, name) as fd:
            if journal.read(fd) is not None:
                return True
    return False


def finish(base: int, *, locked: bool) -> list[Diagnostic]:
    """Finish what a journal says, and delete all stages.

    With the lock held no stage can belong to a running process; without it the process decides.
    """
    notes: list[Diagnostic] = []
    for name in leftovers(base):
        if locked or not _alive(name):
            notes += _finish(base, name)
            notes += clear(base, name)
    return notes


def clear(base: int, name: str) -> list[Diagnostic]:
    """Delete one stage; what cannot be deleted is only worth a warning, for the tree is complete."""
    try:
        folder.remove(base, name)
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else shown(str(error))
        return [codes.LEFTOVER.at(None, f"`{name}` could not be deleted: {reason}")]
    return []


def _finish(base: int, name: str) -> list[Diagnostic]:
    with at(name), folder.opened(base, name) as fd:
        steps = journal.read(fd)
        if steps is None:
            return []
        Commit(base, fd, steps).resume()
    message = "an earlier render was cut short; its work was finished first"
    return [codes.CUT_SHORT.at(None, message, help="nothing needs to be done", severity=Severity.NOTE)]


def _alive(name: str) -> bool:
    found = stage.NAME.fullmatch(name)
    try:
        os.kill(int(found[1]) if found else 0, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
