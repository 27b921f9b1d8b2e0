"""`check-data`: the data set against the columns' contract, and the data stage's checks.

In: `dataset`. Out: `report`. Refuses where a column or a check does not hold.
"""

from __future__ import annotations

from mlopsctl.runtime import checkers
from mlopsctl.runtime.artifacts import read_dataset
from mlopsctl.runtime.call import Call
from mlopsctl.runtime.outcomes import conclude


def run(call: Call) -> None:
    """Check the built data set."""
    data = read_dataset(call.input("dataset"))
    facts = {"rows": len(data.rows), "dataset_hash": data.schema.hash}
    conclude(call, "data", checkers.data(call, data), facts)
