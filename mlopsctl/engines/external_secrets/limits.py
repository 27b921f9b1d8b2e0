"""What the External Secrets Operator cannot do: nothing that a system can ask for."""

from __future__ import annotations

from typing import Final

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.diagnostics.model import Diagnostic
from mlopsctl.engines.base import Limits


def limits(blueprint: Blueprint) -> tuple[Diagnostic, ...]:  # noqa: ARG001 - every target is asked
    """Return nothing: any secret can be fetched."""
    return ()


LIMITS: Final = Limits(system=limits)
