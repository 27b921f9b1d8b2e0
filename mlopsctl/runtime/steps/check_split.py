"""`check-split`: the training rows against the holdout.

Rejects the run if a check fails.
"""

from __future__ import annotations

from mlopsctl.runtime.backends import chosen
from mlopsctl.runtime.backends.check_results import conclude
from mlopsctl.runtime.data.artifacts import read_dataset
from mlopsctl.runtime.step_context import StepContext


def run(step_context: StepContext) -> None:
    """Check both parts together."""
    train, holdout = read_dataset(step_context.input("train")), read_dataset(step_context.input("holdout"))
    outcomes = chosen.checks(step_context).split(train, holdout)
    conclude(step_context, "split", outcomes, {"train_rows": len(train.rows), "holdout_rows": len(holdout.rows)})
