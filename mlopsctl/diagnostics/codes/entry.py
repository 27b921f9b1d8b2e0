"""The type of a diagnostic code.

One file per hundred codes holds the entries; `Code.at` builds a diagnostic.
"""

from __future__ import annotations

from msgspec import Struct

from mlopsctl.diagnostics.model import Diagnostic, Place, Severity
from mlopsctl.secrets.values import conceal


class Code(Struct, frozen=True):
    """A stable code and its explanation. `bad` and `good` are short spec fragments.

    `redact` marks codes whose places hold a secret: no format shows the source text there.
    """

    code: str
    title: str
    severity: Severity
    why: str
    help: str
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
        """Build a diagnostic of this code with credentials masked; `severity` overrides the default."""
        texts = (conceal(message), conceal(help or self.help))
        return Diagnostic(self.code, severity or self.severity, texts[0], place, related, texts[1], conceal(path))
