"""`check-data`: the data set against the columns' contract, and the data stage's checks.

Rejects the run if a column's contract or a check fails.
"""

from __future__ import annotations

from mlopsctl.runtime.backends import chosen
from mlopsctl.runtime.backends.check_results import conclude
from mlopsctl.runtime.data.artifacts import read_dataset
from mlopsctl.runtime.step_context import StepContext


def run(step_context: StepContext) -> None:
    """Check the built data set."""
    data = read_dataset(step_context.input("dataset"))
    facts = {"rows": len(data.rows), "dataset_hash": data.schema.hash}
    conclude(step_context, "data", chosen.checks(step_context).data(data), facts)
