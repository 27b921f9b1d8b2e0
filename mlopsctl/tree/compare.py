"""Compare rendered environments with the tree on disk.

Writes nothing, and waits for a running writer so that it never reads a partial tree.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from mlopsctl.diagnostics.codes import tree as codes
from mlopsctl.diagnostics.model import Diagnostic, has_errors
from mlopsctl.tree.os_errors import TreeError, at
from mlopsctl.tree.plan import EnvironmentTree, Plan, UnitChange
from mlopsctl.tree.planner import draw
from mlopsctl.tree.recovery import is_cut_short, leftovers
from mlopsctl.tree.root import locked, output_folder

__all__ = ["Comparison", "EnvironmentTree", "UnitChange", "compare"]

LOCK_TIMEOUT_S = 5.0


class Comparison(NamedTuple):
    """The changes of a write. Paths of the lists start with environment and unit; `leftovers` are stages."""

    units: tuple[UnitChange, ...] = ()
    stale_indexes: tuple[str, ...] = ()
    foreign: tuple[str, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    cut_short: bool = False
    leftovers: tuple[str, ...] = ()

    @property
    def clean(self) -> bool:
        """Return whether the tree is as rendered, without foreign files, and readable."""
        return not (self.out_of_date or self.foreign or any(unit.foreign for unit in self.units))

    @property
    def out_of_date(self) -> bool:
        """Return whether a render would change the tree, or is not possible."""
        changed = any(unit.verdict != "unchanged" for unit in self.units)
        return changed or bool(self.stale_indexes or self.leftovers) or self.cut_short or has_errors(self.diagnostics)

    @property
    def added(self) -> tuple[str, ...]:
        """Files that are missing on disk."""
        return tuple(f"{u.environment}/{u.system}/{path}" for u in self.units for path in u.added)

    @property
    def changed(self) -> tuple[str, ...]:
        """Files whose content differs."""
        return tuple(f"{u.environment}/{u.system}/{path}" for u in self.units for path in u.changed)

    @property
    def removed(self) -> tuple[str, ...]:
        """Files that are no longer rendered."""
        return tuple(f"{u.environment}/{u.system}/{path}" for u in self.units for path in u.removed)

    @property
    def edited(self) -> tuple[str, ...]:
        """The files among these that were edited or deleted by hand; the others are stale."""
        return tuple(f"{u.environment}/{u.system}/{path}" for u in self.units for path in u.edited)


def compare(
    root: Path,
    environments: Mapping[str, EnvironmentTree],
    *,
    within: Path | None = None,
    partial: bool = False,
    lock_timeout_s: float = LOCK_TIMEOUT_S,
) -> Comparison:
    """Return what `write` with the same arguments would change in the output folder `root`."""
    try:
        with output_folder(root, within, create=False) as base, at(str(root)):
            if base is None:
                return _comparison(draw(None, environments, partial=partial), (), cut_short=False)
            with locked(base, lock_timeout_s, alone=False) as notes:
                cut_short = is_cut_short(base)
                comparison = _comparison(draw(base, environments, partial=partial), notes, cut_short=cut_short)
                # With the lock held, no stage belongs to a running render.
                return comparison if notes else comparison._replace(leftovers=tuple(leftovers(base)))
    except TreeError as refused:
        return Comparison(diagnostics=(refused.diagnostic,))


def _comparison(plan: Plan, notes: tuple[Diagnostic, ...], *, cut_short: bool) -> Comparison:
    """Return the comparison. After an interrupted render the index is outdated, so no edits by hand are reported."""
    changes = tuple(change._replace(edited=()) for change in plan.changes) if cut_short else plan.changes
    cut = (codes.CUT_SHORT.at(None, codes.CUT_SHORT.title),) if cut_short else ()
    diagnostics = (*notes, *cut, *plan.diagnostics)
    return Comparison(changes, plan.stale_indexes, plan.foreign, diagnostics, cut_short)
