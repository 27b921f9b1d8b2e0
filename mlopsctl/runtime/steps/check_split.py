"""`check-split`: the training rows against the holdout.

In: `train` and `holdout`. Out: `report`. Refuses where a check does not hold.
"""

from __future__ import annotations

from mlopsctl.runtime import checkers
from mlopsctl.runtime.artifacts import read_dataset
from mlopsctl.runtime.call import Call
from mlopsctl.runtime.outcomes import conclude


def run(call: Call) -> None:
    """Check both parts together."""
    train, holdout = read_dataset(call.input("train")), read_dataset(call.input("holdout"))
    outcomes = checkers.of_stage(call, "split", train, holdout)
    conclude(call, "split", outcomes, {"train_rows": len(train.rows), "holdout_rows": len(holdout.rows)})
