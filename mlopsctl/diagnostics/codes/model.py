"""The shape of a code's entry. The tables beside this file hold the entries, one file a hundred."""

from __future__ import annotations

from dataclasses import dataclass

from mlopsctl.diagnostics.model import Diagnostic, Place, Severity


@dataclass(frozen=True, slots=True)
class Code:
    """A stable code and its explanation. `bad` and `good` are short spec fragments."""

    code: str
    title: str
    severity: Severity
    why: str
    mend: str
    bad: str
    good: str

    def at(
        self,
        place: Place | None,
        message: str,
        *,
        help: str = "",
        related: tuple[Place, ...] = (),
        path: str = "",
        severity: Severity | None = None,
    ) -> Diagnostic:
        """Build a finding of this code; `severity` lifts or lowers the table's own."""
        return Diagnostic(
            self.code, severity or self.severity, message, place, related, help or self.mend, path
        )
