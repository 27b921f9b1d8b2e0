"""What every object must meet that is not rendered as the compiler decided: pod security, no plaintext secret."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mlopsctl.diagnostics.codes import outside as codes
from mlopsctl.diagnostics.codes.policy import PLAINTEXT_SECRET
from mlopsctl.overlay.model import Plain, Pointer, Problem, shown
from mlopsctl.overlay.owned_fields import invalid
from mlopsctl.overlay.pod_security import violations
from mlopsctl.secrets.values import conceal, is_secret, variable


def problems(value: Plain) -> Iterator[Problem]:
    """Yield what an object may not hold, whoever wrote it."""
    yield from invalid(value)
    yield from (
        Problem(codes.POD_SECURITY, pointer, f"{text}, at `{conceal(shown(pointer)) or '/'}`")
        for pointer, text in violations(value)
    )
    for pointer, name in _plaintext(value):
        message = f"the value of `{conceal(name)}` looks like a secret, at `{conceal(shown(pointer))}`"
        yield Problem(PLAINTEXT_SECRET, pointer, message)


def _plaintext(value: Any, pointer: Pointer = (), name: str = "") -> Iterator[tuple[Pointer, str]]:
    """Yield the places of texts that are credentials, by their name or by what they look like."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _plaintext(inner, (*pointer, key), variable(value, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _plaintext(item, (*pointer, index), name)
    elif isinstance(value, str) and is_secret(name.rpartition(".")[2], value):
        yield pointer, name
