"""What a render hands in, and what it would do to the output folder, unit by unit."""

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

    `complete` says that these are all its units; otherwise those on disk that are not named stay.
    """

    units: Mapping[str, FileSet]
    index: Mapping[str, object] = {}
    version: str = ""
    complete: bool = True


class UnitChange(NamedTuple):
    """What becomes of one unit. Paths are relative to it.

    `edited` repeats those of `added`, `changed` and `removed` that somebody edited or deleted by hand;
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
    """A change and what it takes to make it."""

    change: UnitChange
    file_set: FileSet
    exists: bool
    carried: tuple[str, ...]
    known_paths: tuple[str, ...]


class EnvironmentPlan(NamedTuple):
    """The units of one environment. `new_index` is the text of its index, None where the old one stays."""

    name: str
    units: tuple[UnitPlan, ...]
    new_index: str | None
    index_exists: bool
    removed: bool
    foreign: tuple[str, ...]
    diagnostics: tuple[Diagnostic, ...]

    @property
    def index_goes(self) -> bool:
        """Return whether the index is to be deleted with its environment."""
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
        """What becomes of every unit."""
        return tuple(unit.change for unit in self.units)

    @property
    def changed(self) -> tuple[UnitPlan, ...]:
        """The units that have to be written or pruned."""
        return tuple(unit for unit in self.units if unit.change.verdict != "unchanged")

    @property
    def files_to_write(self) -> int:
        """About how many files a render writes."""
        return sum(len(unit.file_set) for unit in self.changed)

    @property
    def stale_indexes(self) -> tuple[str, ...]:
        """The indexes that have to be written or deleted."""
        stale = [plan for plan in self.environments if plan.new_index is not None or plan.index_goes]
        return tuple(f"{plan.name}/{index.NAME}" for plan in stale)

    @property
    def refused(self) -> bool:
        """Return whether something forbids to write."""
        return has_errors(self.diagnostics)
