"""What Kale cannot do of what a system asks for, beyond what the rules tell of every engine.

In: a blueprint. Out: findings that name the spec field. Never renders.
"""

from __future__ import annotations

from collections.abc import Iterator

from mlopsctl.blueprint.model import Blueprint
from mlopsctl.diagnostics.codes import engines as codes
from mlopsctl.diagnostics.model import Diagnostic
from mlopsctl.targets import numbers
from mlopsctl.targets.kale import conventions


def limits(blueprint: Blueprint) -> tuple[Diagnostic, ...]:
    """Tell what Kale cannot do of what the system asks for."""
    return (*numbers.unreported(blueprint, "Kale"), *_texts(blueprint))


def _texts(blueprint: Blueprint) -> Iterator[Diagnostic]:
    """Find a default that would end Kale's literal before its own end."""
    for pipeline in blueprint.pipelines:
        for one in pipeline.parameters:
            if any(mark in one.default for mark in conventions.BREAKS_OUT):
                message = (
                    f"Kale cannot pass on the parameter `{one.name}`: it holds a quote, a backslash or a line's end"
                )
                yield codes.KALE_TEXT.at(None, message, path="spec.model.params")
                return
