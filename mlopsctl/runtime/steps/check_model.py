"""`check-model`: the trained model, on the rows it learnt from and those it has not seen.

In: `model`, `train` and `holdout`. Out: `report`. Refuses where a check does not hold.
"""

from __future__ import annotations

from mlopsctl.runtime import checkers
from mlopsctl.runtime.artifacts import read_dataset
from mlopsctl.runtime.call import Call
from mlopsctl.runtime.coded import coded
from mlopsctl.runtime.outcomes import conclude
from mlopsctl.runtime.package import scorer


def run(call: Call) -> None:
    """Check the model with both parts of the data."""
    model = scorer(call.input("model"))
    train, holdout = read_dataset(call.input("train")), read_dataset(call.input("holdout"))
    estimator, (learnt, kept) = coded(model.estimator, (train, holdout))
    outcomes = checkers.of_stage(call, "model", learnt, kept, estimator)
    conclude(call, "model", outcomes, {"train_rows": len(train.rows), "holdout_rows": len(holdout.rows)})
