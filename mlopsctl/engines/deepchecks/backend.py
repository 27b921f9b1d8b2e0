"""Run the spec's Deepchecks checks on the data sets of one run.

Known faults of the release are worked around: names removed in numpy 2, telemetry, and checks that cannot run for a
task, which are reported as not run.
"""

from __future__ import annotations

import math
import os
from collections.abc import Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from typing import TYPE_CHECKING, Any

from mlopsctl.blueprint.model.checks import Check, CheckStage, DriftColumn
from mlopsctl.blueprint.model.training import EVENT_TIME
from mlopsctl.catalogue.types import is_categorical, is_numeric
from mlopsctl.engines.deepchecks import checks as known
from mlopsctl.runtime.backends import checks as check_engine
from mlopsctl.runtime.backends.check_results import FAILED, INFO, NOT_RUN, PASSED, WARNED, Condition, Outcome
from mlopsctl.runtime.backends.lean_imports import without_grammars
from mlopsctl.runtime.data.artifacts import INPUT, LABEL, Dataset
from mlopsctl.runtime.failures import first_line
from mlopsctl.runtime.model.drift import FEWEST
from mlopsctl.runtime.step_context import StepContext, StepFailed

if TYPE_CHECKING:
    import pandas as pd

_OFF = ("DISABLE_DEEPCHECKS_ANONYMOUS_TELEMETRY", "DISABLE_LATEST_VERSION_CHECK")
_KINDS = {"binary-classification": "binary", "multiclass-classification": "multiclass", "regression": "regression"}
_STATES = {"PASS": PASSED, "WARN": WARNED, "FAIL": FAILED, "ERROR": NOT_RUN}
_PARTS = ("Train Dataset", "Test Dataset")
"""The suffix of a check's name in the library if it reads one of two data sets."""
_SAMPLES = 100_000
"""So many rows the library samples to score drift."""
_UNCHECKED = ("array<", "bytes", "timestamp")


def library() -> Any:
    """Import Deepchecks' tabular package, after restoring the names that it needs."""
    import numpy as np

    for name in _OFF:
        os.environ.setdefault(name, "1")
    for name, value in {"Inf": np.inf, "NINF": -np.inf, "NaN": np.nan}.items():
        if not hasattr(np, name):
            setattr(np, name, value)
    with without_grammars():
        from deepchecks import tabular

        return tabular


class Deepchecks:
    """Runs the declared checks of each stage with Deepchecks."""

    def __init__(self, step_context: StepContext) -> None:
        self._context = step_context

    def data(self, dataset: Dataset) -> tuple[Outcome, ...]:
        """Check the columns' contract, and run the data stage's checks."""
        return (*check_engine.contract(self._context, dataset), *self._stage("data", dataset))

    def split(self, train: Dataset, holdout: Dataset) -> tuple[Outcome, ...]:
        """Run the split stage's checks."""
        return self._stage("split", train, holdout)

    def model(self, train: Dataset, holdout: Dataset, estimator: Any) -> tuple[Outcome, ...]:
        """Run the model stage's checks."""
        return self._stage("model", train, holdout, estimator)

    def drift(
        self, reference: pd.DataFrame, recent: pd.DataFrame, columns: Sequence[DriftColumn]
    ) -> Mapping[str, float | None]:
        """Score the columns whose method the library has."""
        return drift_scores(reference, recent, columns)

    def _stage(
        self, stage: str, train: Dataset, holdout: Dataset | None = None, model: Any = None
    ) -> tuple[Outcome, ...]:
        stages = check_engine.declared(self._context, stage)
        return tuple(outcome for each in stages for outcome in run(self._context, each, train, holdout, model))


def run(
    step_context: StepContext, stage: CheckStage, train: Dataset, holdout: Dataset | None = None, model: Any = None
) -> tuple[Outcome, ...]:
    """Run a stage's checks, and report each by its own name."""
    tabular = library()
    task = step_context.model.task
    # Randomly drawn parts overlap in time by design: checks must not report that.
    timed = not (holdout and step_context.model.split.by == "random")
    checks, left_out = _chosen(stage, task)
    library_checks = [_check(stage, check) for check in checks]
    outcomes = [_left_out(name, task) for name in left_out]
    if not library_checks:
        return tuple(outcomes)
    requested = frozenset(check.name for check in stage.checks)
    names = {id(check): requested_check.name for check, requested_check in zip(library_checks, checks, strict=True)}
    try:
        with redirect_stdout(StringIO()), redirect_stderr(StringIO()):  # a progress bar per check
            result = tabular.Suite(stage.stage, *library_checks).run(
                train_dataset=_dataset(tabular, train, task, timed),
                test_dataset=_dataset(tabular, holdout, task, timed) if holdout else None,
                model=model,
                with_display=False,
            )
    except Exception as error:
        return (*outcomes, *(_not_run(check.name, str(error), requested) for check in checks))
    return (
        *(_outcome(check_result, names[id(check_result.check)], requested) for check_result in result.results),
        *outcomes,
    )


def _chosen(stage: CheckStage, task: str) -> tuple[list[Check], list[str]]:
    """Return the checks to run, the suite's with its own conditions, and the suite's checks that cannot run."""
    own = {check.kind for check in stage.checks}
    members = known.suites()[stage.suite].checks if stage.suite else ()
    able = set(known.runnable(stage.suite, task)) if stage.suite else set()
    of_suite = [Check(name, {}, {}) for name in members if name in able and name not in own]
    return [*of_suite, *stage.checks], [name for name in members if name not in able and name not in own]


def _check(stage: CheckStage, spec_check: Check) -> Any:
    """Build a check: from the suite, or from the spec if the spec defines it."""
    from deepchecks.tabular import checks

    path = f"spec.checks.{stage.stage}.checks.{spec_check.name}"
    if stage.suite and spec_check not in stage.checks:
        return _of_suite(stage.suite, spec_check.kind)
    try:
        check = getattr(checks, spec_check.kind)(**_plain(spec_check.params))
        for method, params in spec_check.conditions.items():
            getattr(check, method)(**_plain(params))
    except Exception as error:
        raise StepFailed(f"check `{spec_check.name}` cannot be built: {first_line(error)}", path) from error
    return check


def _of_suite(suite: str, name: str) -> Any:
    from deepchecks.tabular import suites

    members = getattr(suites, suite)().checks.values()
    return next(member for member in members if type(member).__name__ == name)


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Convert sequences of the Blueprint to lists, which the library requires."""
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


def _dataset(tabular: Any, data: Dataset, task: str, timed: bool) -> Any:
    """Wrap rows for the library: inputs, label, event time. Lists, bytes and timestamps are excluded."""
    inputs = {
        column.name: column.type
        for column in data.schema.columns
        if column.role == INPUT and not column.type.startswith(_UNCHECKED)
    }
    label = data.schema.names(LABEL)[0]
    return tabular.Dataset(
        data.rows[[*inputs, *([EVENT_TIME] if timed else ()), label]],
        label=label,
        features=list(inputs),
        cat_features=[name for name, kind in inputs.items() if is_categorical(kind)],
        datetime_name=EVENT_TIME if timed else None,
        label_type=_KINDS[task],
    )


def _outcome(result: Any, name: str, requested: frozenset[str]) -> Outcome:
    """Convert a result of the library to an outcome."""
    part = next((part for part in _PARTS if (result.header or "").endswith(part)), "")
    label = f"{name} ({part.lower()})" if part else name
    if hasattr(result, "exception"):
        return _not_run(name, str(result.exception), requested, label)
    conditions = tuple(
        Condition(str(conditions_result.name), _STATES[conditions_result.category.name], str(conditions_result.details))
        for conditions_result in result.conditions_results
    )
    states = {condition.state for condition in conditions}
    state = next((candidate for candidate in (FAILED, NOT_RUN, WARNED, PASSED) if candidate in states), INFO)
    reason = next((condition.details for condition in conditions if condition.state == state), "")
    return Outcome(label, state, reason, name in requested, conditions, _value(result.value))


def _value(value: Any) -> Any:
    """Return a check's value if it is a number or a few of them; other values are for the library's display."""
    if isinstance(value, int | float | str | bool):
        return value
    if isinstance(value, dict) and all(isinstance(item, int | float | str | bool) for item in value.values()):
        return value if len(value) <= _FEW else None
    return None


_FEW = 30


def _not_run(name: str, reason: str, requested: frozenset[str], label: str = "") -> Outcome:
    text = next((line.strip() for line in reason.splitlines() if line.strip()), "no reason given")
    return Outcome(label or name, NOT_RUN, text, name in requested)


def _left_out(name: str, task: str) -> Outcome:
    """Report a check of the suite that this release cannot run for the task."""
    check = known.checks()[name]
    reason = check.broken.get(task)
    why = f"it fails in Deepchecks {known.VERSION} for {task}: {reason}" if reason else f"it does not apply to {task}"
    return Outcome(name, NOT_RUN if reason else INFO, why, False)


def drift_scores(
    reference: pd.DataFrame, recent: pd.DataFrame, columns: Sequence[DriftColumn]
) -> dict[str, float | None]:
    """Run the library's check; a spec has one method for numbers and one for categories."""
    tabular = library()
    from deepchecks.tabular.checks import FeatureDrift

    scored = [column for column in columns if (_kind(column), column.method) in known.DRIFT_METHODS]
    if not scored:
        return {}
    names = [column.name for column in scored]
    categories = [column.name for column in scored if _kind(column) == "categorical"]
    methods = {_kind(column): known.DRIFT_METHODS[_kind(column), column.method] for column in scored}
    check = FeatureDrift(
        n_samples=_SAMPLES,
        min_samples=FEWEST,
        numerical_drift_method=methods.get("numerical", "KS"),
        categorical_drift_method=methods.get("categorical", "cramers_v"),
    )
    both = [tabular.Dataset(rows[names], features=names, cat_features=categories) for rows in (reference, recent)]
    with redirect_stdout(StringIO()), redirect_stderr(StringIO()):
        value = check.run(*both, with_display=False).value
    return {name: _number(value.get(name, {}).get("Drift score")) for name in names}


def _kind(column: DriftColumn) -> str:
    return "numerical" if is_numeric(column.type) else "categorical"


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and math.isfinite(value) else None
