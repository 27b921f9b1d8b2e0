"""What checks: the engine of the Blueprint, asked for one stage at a time.

In: a call, the data of a stage. Out: outcomes. An engine's library is imported when it is asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlopsctl.runtime import column_contract
from mlopsctl.runtime.call import Broken, Call
from mlopsctl.runtime.outcomes import NOT_RUN, Outcome

if TYPE_CHECKING:
    from mlopsctl.runtime.artifacts import Dataset


def data(call: Call, dataset: Dataset) -> tuple[Outcome, ...]:
    """Check the data set: its columns' contract, and what the spec asks of it."""
    if call.blueprint.engines.checks.name == "great-expectations":
        from mlopsctl.runtime import great_expectations

        return great_expectations.run(call)
    return (*column_contract.check(dataset, call.checks.contract), *of_stage(call, "data", dataset))


def of_stage(
    call: Call, stage: str, train: Dataset, holdout: Dataset | None = None, model: Any = None
) -> tuple[Outcome, ...]:
    """Check what the spec asks of a stage."""
    asked = [one for one in call.checks.stages if one.stage == stage]
    engine = call.blueprint.engines.checks.name
    if not asked:
        return ()
    if engine == "etiq":
        why = "Etiq is run where its user has the library, by etiq/run.py of the tree"
        return tuple(Outcome(check.name, NOT_RUN, why, False) for one in asked for check in one.checks)
    if engine != "deepchecks":
        raise Broken(f"{engine} runs no checks of this stage", f"spec.checks.{stage}")
    from mlopsctl.runtime import deepchecks

    return tuple(outcome for one in asked for outcome in deepchecks.run(call, one, train, holdout, model))
