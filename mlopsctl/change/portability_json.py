"""A portability report as a versioned document. The other formats are made from it, so none can know more than it says.

In: the report of each environment. Out: plain dicts, and JSON in ASCII. Never compares anything.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from msgspec import to_builtins

from mlopsctl.change.portability_model import Ported

VERSION = 1

Json = dict[str, Any]


def document(found: Iterable[Ported]) -> Json:
    """Return the report as plain data."""
    environments = [{**to_builtins(one), "refused": one.refused} for one in found]
    return {
        "version": VERSION,
        "refused": any(one["refused"] for one in environments),
        "environments": environments,
    }


def render(document: Json) -> str:
    """Return the document as JSON text; all beyond ASCII is escaped."""
    return json.dumps(document, indent=2, ensure_ascii=True) + "\n"
