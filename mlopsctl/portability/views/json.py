"""A portability report as a versioned JSON document; the other formats are rendered from it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from msgspec import to_builtins

from mlopsctl.portability.model import Ported

VERSION = 1

Json = dict[str, Any]


def document(reports: Iterable[Ported]) -> Json:
    """Return the report as plain data."""
    environments = [{**to_builtins(report), "refused": report.refused} for report in reports]
    return {
        "version": VERSION,
        "refused": any(environment["refused"] for environment in environments),
        "environments": environments,
    }
