"""The values of a portability report: replaced engines, and the effects."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from mlopsctl.diagnostics.model import Severity


class Swap(Struct, frozen=True):
    """An engine in the place of another: what is known of it, whose settings it has, which it lacks and leaves."""

    stage: str
    before: str
    after: str
    state: str
    notes: tuple[str, ...]
    settings_of: str
    needs: tuple[str, ...]
    left: tuple[str, ...]
    pinned: tuple[str, ...] = ()
    """Systems whose spec names the engine itself, and has to be changed as well."""


class Loss(Struct, frozen=True):
    """A finding that only the other engine brings."""

    system: str
    path: str
    severity: str
    code: str
    message: str
    help: str


class Difference(Struct, frozen=True):
    """An ability that the specs use and that one of the two engines has not; `fields` are `system: path`."""

    stage: str
    ability: str
    kind: Literal["lost", "gained"]
    fields: tuple[str, ...]
    why: str
    instead: str


class Reading(Struct, frozen=True):
    """An alert and the series it reads; none where it would not be there, or was not."""

    system: str
    alert: str
    before: tuple[str, ...]
    after: tuple[str, ...]


class Files(Struct, frozen=True):
    """How many files of a target would come, go, change and stay."""

    target: str
    come: int
    go: int
    change: int
    stay: int


class Ported(Struct, frozen=True):
    """The report of one environment. `relieved` are findings that would go, `uncounted` systems without files."""

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
        """Return whether the specs as they are could not be rendered."""
        return any(loss.severity == Severity.ERROR.word for loss in self.losses)
