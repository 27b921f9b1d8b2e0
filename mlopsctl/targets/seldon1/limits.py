"""What Seldon Core 1 cannot do of what a system asks for.

In: a Blueprint. Out: findings that name the spec field. Never renders.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mlopsctl.blueprint.model import Blueprint
from mlopsctl.diagnostics.model import Diagnostic
from mlopsctl.targets import serving

_WHOLE: Final = frozenset[str]()


def limits(blueprint: Blueprint) -> tuple[Diagnostic, ...]:
    """Tell what Seldon Core 1 cannot do of what the system asks for."""
    return tuple(_findings(blueprint))


def _findings(blueprint: Blueprint) -> Iterator[Diagnostic]:
    yield from serving.flavors(blueprint)
    yield from serving.scaling_targets(blueprint, _WHOLE)
