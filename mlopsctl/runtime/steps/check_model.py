"""`check-model`: the trained model on the training and holdout rows.

Rejects the run if a check fails.
"""

from __future__ import annotations

from mlopsctl.runtime.backends import chosen
from mlopsctl.runtime.backends.check_results import conclude
from mlopsctl.runtime.data.artifacts import read_dataset
from mlopsctl.runtime.model.encoded_classifier import coded
from mlopsctl.runtime.model.package import run_of, scorer
from mlopsctl.runtime.run_outcome import recorded
from mlopsctl.runtime.step_context import StepContext


def run(step_context: StepContext) -> None:
    """Check the model with both parts of the data."""
    folder = step_context.input("model")
    with recorded(step_context, run_of(folder)):
        model = scorer(folder)
        train, holdout = read_dataset(step_context.input("train")), read_dataset(step_context.input("holdout"))
        estimator, (learnt, held_out) = coded(model.estimator, (train, holdout))
        outcomes = chosen.checks(step_context).model(learnt, held_out, estimator)
        conclude(step_context, "model", outcomes, {"train_rows": len(train.rows), "holdout_rows": len(holdout.rows)})
