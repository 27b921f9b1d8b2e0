"""The input of a render, and its changes to the output folder, unit by unit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

from msgspec import Struct

from mlopsctl.diagnostics.model import Diagnostic, has_errors
from mlopsctl.tree import index
from mlopsctl.tree.fileset import FileSet

Verdict = Literal["written", "unchanged", "pruned"]


class EnvironmentTree(Struct, frozen=True):
    """One environment as rendered: its units by name, the inputs' part of its index, the tool's version.

    If `complete`, these are all its units; otherwise other units on disk stay.
    """

    units: Mapping[str, FileSet]
    index: Mapping[str, object] = {}
    version: str = ""
    complete: bool = True


class UnitChange(NamedTuple):
    """The change of a unit. Paths are relative to it.

    `edited` repeats those of `added`, `changed` and `removed` that were edited or deleted by hand;
    `foreign` are files and folders (with a slash at the end) that no render wrote; they stay.
    """

    environment: str
    system: str
    verdict: Verdict
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    edited: tuple[str, ...] = ()
    foreign: tuple[str, ...] = ()


class UnitPlan(NamedTuple):
    """A change of a unit with the data to execute it."""

    change: UnitChange
    file_set: FileSet
    exists: bool
    carried: tuple[str, ...]
    known_paths: tuple[str, ...]


class EnvironmentPlan(NamedTuple):
    """The units of one environment. `new_index` is the text of its index, None if the old one stays."""

    name: str
    units: tuple[UnitPlan, ...]
    new_index: str | None
    index_exists: bool
    removed: bool
    foreign: tuple[str, ...]
    diagnostics: tuple[Diagnostic, ...]

    @property
    def index_goes(self) -> bool:
        """Return whether the index is deleted with its environment."""
        return self.removed and self.index_exists


class Plan(NamedTuple):
    """All environments, by name; `foreign` are paths beside the units that no render wrote."""

    environments: tuple[EnvironmentPlan, ...] = ()
    foreign: tuple[str, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def units(self) -> tuple[UnitPlan, ...]:
        """Every unit of every environment."""
        return tuple(unit for environment in self.environments for unit in environment.units)

    @property
    def changes(self) -> tuple[UnitChange, ...]:
        """The change of every unit."""
        return tuple(unit.change for unit in self.units)

    @property
    def changed(self) -> tuple[UnitPlan, ...]:
        """The units to write or prune."""
        return tuple(unit for unit in self.units if unit.change.verdict != "unchanged")

    @property
    def files_to_write(self) -> int:
        """The approximate number of files to write."""
        return sum(len(unit.file_set) for unit in self.changed)

    @property
    def stale_indexes(self) -> tuple[str, ...]:
        """The indexes to write or delete."""
        stale = [plan for plan in self.environments if plan.new_index is not None or plan.index_goes]
        return tuple(f"{plan.name}/{index.NAME}" for plan in stale)

    @property
    def refused(self) -> bool:
        """Return whether an error prevents the write."""
        return has_errors(self.diagnostics)
