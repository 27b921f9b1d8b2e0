"""`finish`: log the outcome of a run in one line for log queries; never fails a successful run."""

from __future__ import annotations

from mlopsctl.runtime.step_context import StepContext

_GOOD = frozenset({"succeeded", "skipped"})


def run(step_context: StepContext) -> None:
    """Log the outcome."""
    pipeline, name = step_context.parameters.get("pipeline", ""), step_context.parameters.get("run", "")
    status = step_context.parameters.get("status", "")
    tell = step_context.log.say if status.lower() in _GOOD else step_context.log.fail
    tell(f"run {name} of {pipeline} ended: {status}", pipeline=pipeline, run=name, status=status)
