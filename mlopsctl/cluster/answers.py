"""Turn an API server's rejection into a message; values that look like credentials are not repeated."""

from __future__ import annotations

import re
from collections.abc import Iterable

from mlopsctl.cluster.api import Refusal
from mlopsctl.diagnostics.codes import tree as codes
from mlopsctl.diagnostics.model import Diagnostic
from mlopsctl.diagnostics.render.visible import cut
from mlopsctl.manifest_diff.reader import TreeObject

_LONGEST = 500
_UNKNOWN = re.compile(r"unknown field \"[^\"]*\"|field not declared in schema|duplicate field", re.IGNORECASE)
_NO_RIGHT = re.compile(r" cannot (?:get|list|patch|create) resource ")


def finding(refusal: Refusal, obj: TreeObject) -> Diagnostic:
    """Return the diagnostic of a rejected request."""
    subject = f"`{obj.kind}/{obj.name}` in `{obj.namespace}`"
    message = cut(refusal.message, _LONGEST)
    if refusal.status == 403 and _NO_RIGHT.search(refusal.message):
        return codes.NO_RIGHT.at(None, f"{obj.kind} of {obj.api_version}: {_without_name(message, obj)}")
    if _UNKNOWN.search(refusal.message):
        return codes.UNKNOWN_FIELD.at(None, f"{subject}: {message}")
    return codes.REFUSED_OBJECT.at(None, f"{subject}: {message}")


def distinct(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Return the diagnostics without repetitions, in order."""
    return tuple({(diagnostic.code, diagnostic.message): diagnostic for diagnostic in diagnostics}.values())


def _without_name(message: str, obj: TreeObject) -> str:
    """Return a rejection of a whole kind without the name of one object."""
    return message.replace(f' "{obj.name}"', "", 1)
