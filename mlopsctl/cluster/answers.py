"""What an API server's refusal means to the person who asked.

In: a refusal, and the object it is about. Out: a finding. Never repeats a value that looks like a credential.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from mlopsctl.change.manifests_read import Thing
from mlopsctl.cluster.api import Refusal
from mlopsctl.diagnostics.codes import tree as codes
from mlopsctl.diagnostics.model import Diagnostic
from mlopsctl.diagnostics.visible import cut

_LONGEST = 500
_UNKNOWN = re.compile(r"unknown field \"[^\"]*\"|field not declared in schema|duplicate field", re.IGNORECASE)
_NO_RIGHT = re.compile(r" cannot (?:get|list|patch|create) resource ")


def finding(refusal: Refusal, thing: Thing) -> Diagnostic:
    """Return the finding for what was said no to."""
    what = f"`{thing.kind}/{thing.name}` in `{thing.namespace}`"
    words = cut(refusal.message, _LONGEST)
    if refusal.status == 403 and _NO_RIGHT.search(refusal.message):
        return codes.NO_RIGHT.at(None, f"{thing.kind} of {thing.api_version}: {_without_name(words, thing)}")
    if _UNKNOWN.search(refusal.message):
        return codes.UNKNOWN_FIELD.at(None, f"{what}: {words}")
    return codes.REFUSED_OBJECT.at(None, f"{what}: {words}")


def told_once(found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Return the findings without repetitions, in their order."""
    return tuple({(one.code, one.message): one for one in found}.values())


def _without_name(words: str, thing: Thing) -> str:
    """Return a refusal of a whole kind without the one object it was met at."""
    return words.replace(f' "{thing.name}"', "", 1)
