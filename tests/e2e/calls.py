"""A call of a step, made in this process, for tests that look inside."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

from mlopsctl.blueprint.codec import loads
from mlopsctl.runtime.log import Log
from mlopsctl.runtime.step_context import StepContext


def call_of(folder: Path, step: str = "build-dataset", lines: list[str] | None = None) -> StepContext:
    """Return a call in a system's folder; what is said goes to `lines`."""
    said: list[str] = [] if lines is None else lines
    return StepContext(
        step=step,
        blueprint=loads((folder / "blueprint.json").read_bytes()),
        inputs={},
        outputs={},
        parameters={},
        root=folder,
        features=folder / "repo",
        work=folder / "work",
        now=datetime.now(UTC),
        environ=dict(os.environ),
        log=Log(said.append, lambda: datetime.now(UTC)),
    )
