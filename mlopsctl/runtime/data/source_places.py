"""The file of a source, and its field in the spec."""

from __future__ import annotations

from mlopsctl.blueprint.model.features import Source
from mlopsctl.runtime.step_context import StepContext


def place(step_context: StepContext, source: Source, path: str | None = None) -> str:
    """Return the location of a file: a URI unchanged, a relative path from the root."""
    path = path or source.path or ""
    return path if "://" in path else str(step_context.root / path)


def field(source: Source, part: str = "path") -> str:
    """Return the spec field for errors of a source."""
    return f"spec.data.sources.{source.name}.{part}"
