"""Run the checks of a stage with the Blueprint's engine, whose library is imported on use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from mlopsctl.blueprint.model.checks import CheckStage, DriftColumn
from mlopsctl.blueprint.model.training_contract import training_contract
from mlopsctl.runtime.backends.check_results import Outcome
from mlopsctl.runtime.data import column_contract
from mlopsctl.runtime.step_context import StepContext, StepFailed

if TYPE_CHECKING:
    import pandas as pd

    from mlopsctl.runtime.data.artifacts import Dataset


@runtime_checkable
class Checks(Protocol):
    """Runs the checks that the spec declares, by stage."""

    def data(self, dataset: Dataset) -> tuple[Outcome, ...]:
        """Check the built data set: the contract of its columns, and the declared checks."""

    def split(self, train: Dataset, holdout: Dataset) -> tuple[Outcome, ...]:
        """Check the training rows against the holdout."""

    def model(self, train: Dataset, holdout: Dataset, estimator: Any) -> tuple[Outcome, ...]:
        """Check the trained model on both parts."""

    def drift(
        self, reference: pd.DataFrame, recent: pd.DataFrame, columns: Sequence[DriftColumn]
    ) -> Mapping[str, float | None]:
        """Score how far recent values moved, by column; leave out columns whose method the library does not have."""


def declared(step_context: StepContext, stage: str) -> list[CheckStage]:
    """Return the declared checks of a stage."""
    return [check_stage for check_stage in step_context.checks.stages if check_stage.stage == stage]


def contract(step_context: StepContext, dataset: Dataset) -> tuple[Outcome, ...]:
    """Check the columns of a data set against their contract."""
    return column_contract.check(dataset, training_contract(step_context.blueprint))


def unsupported(step_context: StepContext, stage: str) -> tuple[Outcome, ...]:
    """Return no outcomes; StepFailed if the spec declares checks that the engine does not run at this stage."""
    if declared(step_context, stage):
        engine = step_context.blueprint.engines.checks.name
        raise StepFailed(f"{engine} has no checks for this stage", f"spec.checks.{stage}")
    return ()


class ContractChecks:
    """Checks the columns' contract alone: for a library whose checks no step runs, and a base for the others."""

    def __init__(self, step_context: StepContext) -> None:
        self._context = step_context

    def data(self, dataset: Dataset) -> tuple[Outcome, ...]:
        """Check the columns' contract."""
        return (*contract(self._context, dataset), *unsupported(self._context, "data"))

    def split(self, train: Dataset, holdout: Dataset) -> tuple[Outcome, ...]:  # noqa: ARG002 - the protocol's
        """Run nothing."""
        return unsupported(self._context, "split")

    def model(self, train: Dataset, holdout: Dataset, estimator: Any) -> tuple[Outcome, ...]:  # noqa: ARG002 - the protocol's
        """Run nothing."""
        return unsupported(self._context, "model")

    def drift(
        self,
        reference: pd.DataFrame,  # noqa: ARG002 - the protocol's
        recent: pd.DataFrame,  # noqa: ARG002 - the protocol's
        columns: Sequence[DriftColumn],  # noqa: ARG002 - the protocol's
    ) -> Mapping[str, float | None]:
        """Refuse: the library scores no drift."""
        engine = self._context.blueprint.engines.checks.name
        raise StepFailed(f"{engine} scores no drift", "spec.checks.live.drift")
