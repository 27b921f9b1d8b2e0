"""Write rendered environments: all changed units are swapped in, or nothing changes.

Unchanged units and files that no render wrote are not touched, and links are not followed.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from mlopsctl.diagnostics.codes import tree as codes
from mlopsctl.diagnostics.model import Diagnostic, has_errors
from mlopsctl.tree import folder, journal
from mlopsctl.tree.commit import Commit
from mlopsctl.tree.os_errors import TreeError, at
from mlopsctl.tree.plan import EnvironmentTree, Plan, UnitChange
from mlopsctl.tree.planner import draw
from mlopsctl.tree.recovery import clear, finish, is_cut_short
from mlopsctl.tree.root import locked, output_folder
from mlopsctl.tree.stage import Stage
from mlopsctl.tree.steps import staged

__all__ = ["EnvironmentTree", "Report", "UnitChange", "write"]

LOCK_TIMEOUT_S = 5.0


class Report(NamedTuple):
    """The result of a write. With errors, `units` is empty and the old tree is unchanged."""

    units: tuple[UnitChange, ...] = ()
    foreign: tuple[str, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def ok(self) -> bool:
        """Return whether the tree is now as rendered."""
        return not has_errors(self.diagnostics)

    @property
    def changed(self) -> tuple[UnitChange, ...]:
        """The written or pruned units."""
        return tuple(unit for unit in self.units if unit.verdict != "unchanged")


def write(
    root: Path,
    environments: Mapping[str, EnvironmentTree],
    *,
    within: Path | None = None,
    partial: bool = False,
    lock_timeout_s: float = LOCK_TIMEOUT_S,
    durable: bool = True,
) -> Report:
    """Write exactly `environments` to the output folder `root`, and keep foreign files.

    `root` is resolved; no part of it below `within` may be a link. With `partial`, other
    environments stay. Waits about `lock_timeout_s` seconds for another writer. The tree survives a kill at any time,
    and a power cut if `durable` flushes to disk. A name that cannot be a folder raises
    ValueError.
    """
    try:
        with output_folder(root, within, create=True) as base, at(str(root)):
            if base is None:
                raise FileNotFoundError(2, "", str(root))
            with locked(base, lock_timeout_s, alone=True) as notes:
                return _write(base, environments, partial, list(notes), durable)
    except TreeError as refused:
        return Report(diagnostics=(refused.diagnostic,))


def _write(
    base: int,
    environments: Mapping[str, EnvironmentTree],
    partial: bool,
    notes: list[Diagnostic],
    durable: bool,
) -> Report:
    notes += finish(base, locked=not notes)
    plan = draw(base, environments, partial=partial)
    if plan.refused:
        return Report(diagnostics=(*notes, *plan.diagnostics))
    if plan.stale_indexes or plan.changed:
        try:
            notes += _carry_out(base, plan, durable)
        except TreeError as refused:
            return Report(diagnostics=(*notes, refused.diagnostic, *_unfinished(base)))
    return Report(plan.changes, plan.foreign, (*notes, *plan.diagnostics))


def _carry_out(base: int, plan: Plan, durable: bool) -> list[Diagnostic]:
    """Stage the new content, swap it in, and delete the old content."""
    stage = Stage(base, plan.files_to_write, durable=durable)
    committing = False
    try:
        steps = staged(base, stage, plan)
        committing = True
        with at(stage.name):
            Commit(base, stage.fd, steps, durable=durable).run()
    except BaseException:
        if not committing or folder.inode(stage.fd, journal.NAME) is None:
            clear(base, stage.name)
        raise
    finally:
        stage.close()
    return clear(base, stage.name)


def _unfinished(base: int) -> tuple[Diagnostic, ...]:
    return (codes.CUT_SHORT.at(None, codes.CUT_SHORT.title),) if is_cut_short(base) else ()
