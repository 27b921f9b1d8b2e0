"""What the engine cannot do of what a system asks for, beyond its capabilities."""

from __future__ import annotations

from typing import Final

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.diagnostics.model import Diagnostic
from mlopsctl.engines.base import Limits
from mlopsctl.engines.shared import serving


def limits(blueprint: Blueprint) -> tuple[Diagnostic, ...]:
    """Find flavors without a server, and targets that a HorizontalPodAutoscaler does not take."""
    return (*serving.flavors(blueprint), *serving.scaling_targets(blueprint, frozenset()))


LIMITS: Final = Limits(system=limits)
