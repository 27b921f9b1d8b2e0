"""What Kale cannot do of what a system asks for, beyond what the rules tell of every engine.

In: a blueprint. Out: findings that name the spec field. Never renders.
"""

from __future__ import annotations

from collections.abc import Iterator

from mlopsctl.blueprint.model import Blueprint
from mlopsctl.diagnostics.codes import engines as codes
from mlopsctl.diagnostics.model import Diagnostic
from mlopsctl.emit import json as json_text
from mlopsctl.targets import numbers
from mlopsctl.targets.kale import conventions


def limits(blueprint: Blueprint) -> tuple[Diagnostic, ...]:
    """Tell what Kale cannot do of what the system asks for."""
    return (*numbers.unreported(blueprint, "Kale"), *_texts(blueprint))


def _texts(blueprint: Blueprint) -> Iterator[Diagnostic]:
    """Find a default that would end Kale's literal before its own end, and which of the model's parameters is why."""
    defaults = (one for pipeline in blueprint.pipelines for one in pipeline.parameters)
    broken = next((one for one in defaults if _breaks_out(one.default)), None)
    if broken is None:
        return
    params = blueprint.model.params if blueprint.model else {}
    why = next((name for name, value in params.items() if _breaks_out(json_text.compact({name: value}))), "")
    message = f"Kale cannot pass on the parameter `{why or broken.name}`: {_WHAT}"
    yield codes.KALE_TEXT.at(None, message, path=f"spec.model.params.{why}" if why.isidentifier() else _PARAMS)


_PARAMS = "spec.model.params"
_WHAT = "it holds a quote, a backslash, a line's end or a sign outside ASCII, for which JSON has a backslash"


def _breaks_out(text: str) -> bool:
    return any(mark in text for mark in conventions.BREAKS_OUT)
