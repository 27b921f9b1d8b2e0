"""The file of a source, and its field in the spec."""

from __future__ import annotations

from mlopsctl.blueprint.model.features import Source
from mlopsctl.runtime.step_context import StepContext


def place(step_context: StepContext, source: Source, path: str | None = None) -> str:
    """Return where a file is: a URI as it is, a relative path from the root."""
    path = path or source.path or ""
    return path if "://" in path else str(step_context.root / path)


def field(source: Source, part: str = "path") -> str:
    """Name the part of the spec that a source's fault is in."""
    return f"spec.data.sources.{source.name}.{part}"
