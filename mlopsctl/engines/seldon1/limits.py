"""Limits of Seldon Core 1."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.diagnostics.model import Diagnostic
from mlopsctl.engines.base import Limits
from mlopsctl.engines.shared import serving

_INTEGER_METRICS: Final = frozenset[str]()


def limits(blueprint: Blueprint) -> tuple[Diagnostic, ...]:
    """Return the limits of Seldon Core 1 that the system hits."""
    return tuple(_findings(blueprint))


def _findings(blueprint: Blueprint) -> Iterator[Diagnostic]:
    yield from serving.flavors(blueprint)
    yield from serving.scaling_targets(blueprint, _INTEGER_METRICS)


LIMITS: Final = Limits(system=limits)
