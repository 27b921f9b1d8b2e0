"""Record the outcome of a run in the registry, including rejected and failed runs.

If the registry cannot be reached, a warning is logged, and the step ends with its own error.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from mlopsctl.runtime.backends import chosen, registry
from mlopsctl.runtime.failures import sentence
from mlopsctl.runtime.step_context import GateRejected, StepContext, StepFailed


@contextmanager
def recorded(step_context: StepContext, run: str) -> Iterator[None]:
    """Record a rejection or failure in this context; nothing is recorded for an empty `run`."""
    try:
        yield
    except (Exception, KeyboardInterrupt) as error:
        reason = str(error) if isinstance(error, StepFailed | GateRejected) else sentence(error)
        outcome = registry.REFUSED if isinstance(error, GateRejected) else registry.BROKEN
        if run:
            _conclude(step_context, run, outcome, reason)
        raise


def _conclude(step_context: StepContext, run: str, outcome: str, reason: str) -> None:
    try:
        chosen.registry(step_context).conclude(run, outcome, step_context.log.mask(reason))
    except Exception as error:
        step_context.log.warn(f"cannot record in the registry that run {run} is {outcome}: {sentence(error)}")
