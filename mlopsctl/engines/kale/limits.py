"""Limits of Kale, beyond the rules for every engine."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.diagnostics.model import Diagnostic
from mlopsctl.emit import json as json_text
from mlopsctl.engines.base import Limits
from mlopsctl.engines.kale import codes, conventions
from mlopsctl.engines.shared import numbers


def limits(blueprint: Blueprint) -> tuple[Diagnostic, ...]:
    """Return the limits of Kale that the system hits."""
    return (*numbers.unreported(blueprint, "Kale"), *_texts(blueprint))


def _texts(blueprint: Blueprint) -> Iterator[Diagnostic]:
    """Report a default that would end Kale's string literal early, at the model's parameter that causes it."""
    defaults = (parameter for pipeline in blueprint.pipelines for parameter in pipeline.parameters)
    broken = next((default for default in defaults if _breaks_out(default.default)), None)
    if broken is None:
        return
    params = blueprint.model.params if blueprint.model else {}
    why = next((name for name, value in params.items() if _breaks_out(json_text.compact({name: value}))), "")
    message = f"Kale cannot pass the parameter `{why or broken.name}`: {_UNSAFE_TEXT}"
    yield codes.KALE_TEXT.at(None, message, path=f"spec.model.params.{why}" if why.isidentifier() else _PARAMS)


_PARAMS = "spec.model.params"
_UNSAFE_TEXT = (
    "it contains a quote, a backslash, a newline or a non-ASCII character (which JSON escapes with a backslash)"
)


def _breaks_out(text: str) -> bool:
    return any(mark in text for mark in conventions.BREAKS_OUT)


LIMITS: Final = Limits(system=limits)
