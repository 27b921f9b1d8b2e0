"""The values of a portability report: replaced engines, and the effects."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from mlopsctl.diagnostics.model import Severity


class Swap(Struct, frozen=True):
    """The replacement of an engine: its state and notes, the origin of its settings, missing and ignored settings."""

    stage: str
    before: str
    after: str
    state: str
    notes: tuple[str, ...]
    settings_of: str
    needs: tuple[str, ...]
    left: tuple[str, ...]
    pinned: tuple[str, ...] = ()
    """Systems whose spec sets the engine, and must be changed as well."""


class Loss(Struct, frozen=True):
    """A finding that only the other engine causes."""

    system: str
    path: str
    severity: str
    code: str
    message: str
    help: str


class Difference(Struct, frozen=True):
    """A capability that the specs use and only one of the two engines has; `fields` are `system: path`."""

    stage: str
    ability: str
    kind: Literal["lost", "gained"]
    fields: tuple[str, ...]
    why: str
    instead: str


class Reading(Struct, frozen=True):
    """An alert and the series it reads before and after; empty if the alert does not exist."""

    system: str
    alert: str
    before: tuple[str, ...]
    after: tuple[str, ...]


class Files(Struct, frozen=True):
    """The number of files of a target that would be added, removed, changed and unchanged."""

    target: str
    come: int
    go: int
    change: int
    stay: int


class Ported(Struct, frozen=True):
    """The report of one environment. `relieved` are resolved findings, `uncounted` systems without files."""

    environment: str
    swaps: tuple[Swap, ...]
    losses: tuple[Loss, ...]
    relieved: tuple[Loss, ...]
    differences: tuple[Difference, ...]
    readings: tuple[Reading, ...]
    same: tuple[str, ...]
    same_readings: int
    files: tuple[Files, ...]
    uncounted: tuple[str, ...]

    @property
    def refused(self) -> bool:
        """Return whether the current specs could not be rendered."""
        return any(loss.severity == Severity.ERROR.word for loss in self.losses)
