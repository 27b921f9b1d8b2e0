"""The shape of a code's entry. The tables beside this file hold the entries, one file a hundred.

In: nothing. Out: `Code`, whose `at` builds a finding. Never knows which codes exist.
"""

from __future__ import annotations

from msgspec import Struct

from mlopsctl.diagnostics.model import Diagnostic, Place, Severity
from mlopsctl.diagnostics.secrets import conceal


class Code(Struct, frozen=True):
    """A stable code and its explanation. `bad` and `good` are short spec fragments.

    `redact` says that the places of its findings hold a secret: no format may show their source text.
    """

    code: str
    title: str
    severity: Severity
    why: str
    mend: str
    bad: str
    good: str
    redact: bool = False

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
        """Build a finding of this code, without credentials in its words; `severity` lifts or lowers the table's."""
        words = (conceal(message), conceal(help or self.mend))
        return Diagnostic(self.code, severity or self.severity, words[0], place, related, words[1], conceal(path))
