"""Etiq: its scans run where the user has the library, so each is reported as not run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlopsctl.runtime.backends import checks
from mlopsctl.runtime.backends.check_results import NOT_RUN, Outcome

if TYPE_CHECKING:
    from mlopsctl.runtime.data.artifacts import Dataset

_REASON = "no step runs Etiq: run etiq/run.py of the tree where the library is installed"


class Etiq(checks.ContractChecks):
    """Checks the columns' contract, and reports the declared scans as not run."""

    def data(self, dataset: Dataset) -> tuple[Outcome, ...]:
        """Check the columns' contract."""
        return (*checks.contract(self._context, dataset), *self._scans("data"))

    def split(self, train: Dataset, holdout: Dataset) -> tuple[Outcome, ...]:  # noqa: ARG002 - the protocol's
        """Report the scans of the split."""
        return self._scans("split")

    def model(self, train: Dataset, holdout: Dataset, estimator: Any) -> tuple[Outcome, ...]:  # noqa: ARG002 - the protocol's
        """Report the scans of the model."""
        return self._scans("model")

    def _scans(self, stage: str) -> tuple[Outcome, ...]:
        stages = checks.declared(self._context, stage)
        return tuple(Outcome(check.name, NOT_RUN, _REASON, False) for each in stages for check in each.checks)
