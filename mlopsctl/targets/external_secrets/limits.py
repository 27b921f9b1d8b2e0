"""What the External Secrets Operator cannot do: nothing that a system can ask for.

In: a Blueprint. Out: no finding.
"""

from __future__ import annotations

from mlopsctl.blueprint.model import Blueprint
from mlopsctl.diagnostics.model import Diagnostic


def limits(blueprint: Blueprint) -> tuple[Diagnostic, ...]:  # noqa: ARG001 - every target is asked
    """Return nothing: any secret can be fetched."""
    return ()
