"""Deepchecks: the checks that the spec asks for, on the data sets of one run.

In: a stage of the Blueprint, data sets, a model. Out: outcomes. Known faults of the library's release are met here: the
names that numpy 2 took away, telemetry, and checks that cannot run for a task, which are said to have not run.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from typing import Any

from mlopsctl.blueprint.model import Check, CheckStage
from mlopsctl.catalogue import deepchecks as known
from mlopsctl.catalogue.types import is_categorical
from mlopsctl.runtime.artifacts import EVENT_TIME, INPUT, LABEL, Dataset
from mlopsctl.runtime.call import Broken, Call
from mlopsctl.runtime.failures import first_line
from mlopsctl.runtime.outcomes import FAILED, INFO, NOT_RUN, PASSED, WARNED, Condition, Outcome

_OFF = ("DISABLE_DEEPCHECKS_ANONYMOUS_TELEMETRY", "DISABLE_LATEST_VERSION_CHECK")
_KINDS = {"binary-classification": "binary", "multiclass-classification": "multiclass", "regression": "regression"}
_STATES = {"PASS": PASSED, "WARN": WARNED, "FAIL": FAILED, "ERROR": NOT_RUN}
_PARTS = ("Train Dataset", "Test Dataset")
"""What the library writes behind a check's name where it looks at one of two data sets."""
_UNCHECKED = ("array<", "bytes", "timestamp")


def library() -> Any:
    """Import Deepchecks' tabular package, after what it needs to find."""
    import numpy as np

    for name in _OFF:
        os.environ.setdefault(name, "1")
    for name, value in {"Inf": np.inf, "NINF": -np.inf, "NaN": np.nan}.items():
        if not hasattr(np, name):
            setattr(np, name, value)
    from deepchecks import tabular

    return tabular


def run(
    call: Call, stage: CheckStage, train: Dataset, holdout: Dataset | None = None, model: Any = None
) -> tuple[Outcome, ...]:
    """Run a stage's checks, and report each by its own name."""
    tabular = library()
    task = call.model.task
    # Parts that were drawn at random overlap in time by their nature: no check may hold that against them.
    timed = not (holdout and call.model.split.by == "random")
    checks, left_out = _chosen(stage, task)
    made = [_check(stage, one) for one in checks]
    found = [_left_out(name, task) for name in left_out]
    if not made:
        return tuple(found)
    asked = frozenset(one.name for one in stage.checks)
    names = {id(check): one.name for check, one in zip(made, checks, strict=True)}
    try:
        with redirect_stdout(StringIO()), redirect_stderr(StringIO()):  # a bar of progress for each check
            result = tabular.Suite(stage.stage, *made).run(
                train_dataset=_dataset(tabular, train, task, timed),
                test_dataset=_dataset(tabular, holdout, task, timed) if holdout else None,
                model=model,
                with_display=False,
            )
    except Exception as error:
        return (*found, *(_not_run(one.name, str(error), asked) for one in checks))
    return (*(_outcome(one, names[id(one.check)], asked) for one in result.results), *found)


def _chosen(stage: CheckStage, task: str) -> tuple[list[Check], list[str]]:
    """Return the checks to run, the suite's with its own conditions, and what of the suite cannot run."""
    own = {one.kind for one in stage.checks}
    members = known.suites()[stage.suite].checks if stage.suite else ()
    able = set(known.runnable(stage.suite, task)) if stage.suite else set()
    of_suite = [Check(name, {}, {}) for name in members if name in able and name not in own]
    return [*of_suite, *stage.checks], [name for name in members if name not in able and name not in own]


def _check(stage: CheckStage, wanted: Check) -> Any:
    """Build a check: as the suite has it where the spec says nothing about it, else as the spec says."""
    from deepchecks.tabular import checks

    path = f"spec.checks.{stage.stage}.checks.{wanted.name}"
    if stage.suite and wanted not in stage.checks:
        return _of_suite(stage.suite, wanted.kind)
    try:
        check = getattr(checks, wanted.kind)(**_plain(wanted.params))
        for method, params in wanted.conditions.items():
            getattr(check, method)(**_plain(params))
    except Exception as error:
        raise Broken(f"check `{wanted.name}` cannot be built: {first_line(error)}", path) from error
    return check


def _of_suite(suite: str, name: str) -> Any:
    from deepchecks.tabular import suites

    members = getattr(suites, suite)().checks.values()
    return next(one for one in members if type(one).__name__ == name)


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Turn sequences of the Blueprint into lists, which is what the library takes."""
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


def _dataset(tabular: Any, data: Dataset, task: str, timed: bool) -> Any:
    """Wrap rows for the library: inputs, label, event time. Lists, bytes and times are no features to it."""
    inputs = {
        one.name: one.type for one in data.schema.columns if one.role == INPUT and not one.type.startswith(_UNCHECKED)
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


def _outcome(result: Any, name: str, asked: frozenset[str]) -> Outcome:
    """Put a result of the library into one of our states."""
    part = next((part for part in _PARTS if (result.header or "").endswith(part)), "")
    shown = f"{name} ({part.lower()})" if part else name
    if hasattr(result, "exception"):
        return _not_run(name, str(result.exception), asked, shown)
    conditions = tuple(
        Condition(str(one.name), _STATES[one.category.name], str(one.details)) for one in result.conditions_results
    )
    states = {one.state for one in conditions}
    state = next((each for each in (FAILED, NOT_RUN, WARNED, PASSED) if each in states), INFO)
    reason = next((one.details for one in conditions if one.state == state), "")
    return Outcome(shown, state, reason, name in asked, conditions, _value(result.value))


def _value(value: Any) -> Any:
    """Keep what a check found where it is a number or a few of them; the rest is for its own display."""
    if isinstance(value, int | float | str | bool):
        return value
    if isinstance(value, dict) and all(isinstance(one, int | float | str | bool) for one in value.values()):
        return value if len(value) <= _FEW else None
    return None


_FEW = 30


def _not_run(name: str, reason: str, asked: frozenset[str], shown: str = "") -> Outcome:
    text = next((line.strip() for line in reason.splitlines() if line.strip()), "no reason given")
    return Outcome(shown or name, NOT_RUN, text, name in asked)


def _left_out(name: str, task: str) -> Outcome:
    """Report what the suite has and this release cannot do for the task."""
    found = known.checks()[name]
    reason = found.broken.get(task)
    why = f"it fails in Deepchecks {known.VERSION} for {task}: {reason}" if reason else f"it does not apply to {task}"
    return Outcome(name, NOT_RUN if reason else INFO, why, False)
