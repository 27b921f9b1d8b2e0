"""Read the real Deepchecks and print what `catalogue/deepchecks.py` serves; `--write` writes it there.

Beside signatures, every check is run once a task on small synthetic data: nothing but a run says which task a
check works for. Needs the pinned environment of the steps.
"""

from __future__ import annotations

import inspect
import json
import os
import re
import sys
import types
import typing
import warnings
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

TARGET = Path(__file__).resolve().parents[2] / "mlopsctl/engines/deepchecks/data/deepchecks-0.19.1.json"
TASKS = ("binary-classification", "multiclass-classification", "regression")
FAMILIES = {
    "SingleDatasetCheck": "single",
    "TrainTestCheck": "pair",
    "ModelOnlyCheck": "model",
    "ModelComparisonCheck": "models",
}
STAGES = {"data_integrity": "data", "train_test_validation": "split", "model_evaluation": "model"}
JSON_TYPES = {"int": "integer", "float": "number", "str": "string", "bool": "boolean", "NoneType": "null"}


def prepare() -> None:
    """Make the library importable: no telemetry, and the three names that numpy 2 dropped."""
    os.environ["DISABLE_DEEPCHECKS_ANONYMOUS_TELEMETRY"] = "1"
    os.environ["DISABLE_LATEST_VERSION_CHECK"] = "1"
    import numpy as np

    for name, value in {"Inf": np.inf, "NINF": -np.inf, "NaN": np.nan}.items():
        if not hasattr(np, name):
            setattr(np, name, value)


def introspect() -> dict[str, Any]:
    """Describe all suites and all tabular checks, as plain data."""
    prepare()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import deepchecks
        from deepchecks.tabular import checks

        members = {name: list(_members(name)) for name in SUITES}
        datasets = {task: _datasets(task) for task in TASKS}
        described = {name: _check(getattr(checks, name), members, datasets) for name in sorted(set(checks.__all__))}
    return {"version": deepchecks.__version__, "suites": members, "checks": described}


SUITES = ("data_integrity", "train_test_validation", "model_evaluation", "production_suite", "full_suite")


def _members(suite: str) -> Iterator[str]:
    from deepchecks.tabular import suites

    for check in getattr(suites, suite)().checks.values():
        yield type(check).__name__


def _check(kind: type, members: Mapping[str, list[str]], datasets: Mapping[str, Any]) -> dict[str, Any]:
    outcomes = {task: _run(kind, datasets[task]) for task in TASKS}
    return {
        "stage": STAGES[kind.__module__.split(".")[-2]],
        "family": next(FAMILIES[base.__name__] for base in kind.__mro__ if base.__name__ in FAMILIES),
        "deprecated": _successor(kind),
        "suites": [suite for suite in SUITES if kind.__name__ in members[suite]],
        "tasks": [task for task in TASKS if not outcomes[task]],
        "broken": {task: why for task, why in outcomes.items() if why and not why.startswith("unsupported")},
        "params": _parameters(kind.__init__),
        "conditions": {
            name: _parameters(getattr(kind, name)) for name in sorted(dir(kind)) if name.startswith("add_condition_")
        },
    }


def _successor(kind: type) -> str:
    """Name the check a deprecated one hands over to; empty for one that is not deprecated."""
    from deepchecks.tabular import checks

    source = inspect.getsource(kind)
    if "DeprecationWarning" not in source:
        return ""
    named = re.search(r"use (?:the )?`?(\w+)`? check|use (?:the )?`?(\w+)`? instead", source)
    group = next(filter(None, named.groups()), "") if named else ""
    candidates = (group, kind.__mro__[1].__name__)
    return next((name for name in candidates if name in checks.__all__), "")


def _parameters(function: Callable[..., Any]) -> dict[str, Any]:
    parameters = {}
    for parameter in inspect.signature(function).parameters.values():
        if parameter.name == "self" or parameter.kind in {parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL}:
            continue
        entry: dict[str, Any] = {"types": _json_types(parameter.annotation, parameter.default)}
        if parameter.default is not parameter.empty:
            entry["default"] = _plain(parameter.default)
        parameters[parameter.name] = entry
    return parameters


def _json_types(annotation: Any, default: Any) -> list[str]:
    kinds = set(_kinds(annotation)) if annotation is not inspect.Parameter.empty else set()
    if default is None:
        kinds.add("null")
    elif default is not inspect.Parameter.empty and not kinds:
        kinds.add(JSON_TYPES.get(type(default).__name__, "any"))
    if "number" not in kinds and isinstance(default, float):
        kinds.add("number")
    return sorted(kinds or {"any"})


def _kinds(annotation: Any) -> Iterator[str]:
    origin = typing.get_origin(annotation)
    if origin in {typing.Union, types.UnionType}:
        for part in typing.get_args(annotation):
            yield from _kinds(part)
    elif origin in {list, tuple} or "Iterable" in str(origin):
        yield "array"
    elif origin is not None and ("dict" in str(origin) or "Mapping" in str(origin)):
        yield "object"
    elif getattr(annotation, "__name__", "") == "Hashable":
        yield "string"
    else:
        yield JSON_TYPES.get(getattr(annotation, "__name__", str(annotation)), "code")


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _run(kind: type, data: Any) -> str:
    """Run a check with its defaults; return "" or what went wrong."""
    train, test, model, other = data
    runs = {
        "SingleDatasetCheck": lambda check: check.run(test, model),
        "TrainTestCheck": lambda check: check.run(train, test, model),
        "ModelOnlyCheck": lambda check: check.run(model),
        "ModelComparisonCheck": lambda check: check.run(train, test, [model, other]),
    }
    run = next(runs[base.__name__] for base in kind.__mro__ if base.__name__ in runs)
    try:
        run(kind())
    except Exception as error:  # the outcome is what is being recorded
        first = str(error).splitlines()[0] if str(error) else ""
        if type(error).__name__ in {"DeepchecksNotSupportedError", "ModelValidationError"}:
            return f"unsupported: {first}"
        return f"{type(error).__name__}: {first}"
    return ""


def _datasets(task: str) -> Any:
    import numpy as np
    import pandas as pd
    from deepchecks.tabular import Dataset
    from sklearn.ensemble import GradientBoostingClassifier, GradientBoostingRegressor

    rng = np.random.default_rng(7)
    rows = 600
    frame = pd.DataFrame(
        {
            "id": np.arange(rows),
            "ts": pd.date_range("2024-01-01", periods=rows, freq="h"),
            "a": rng.normal(size=rows),
            "b": rng.gamma(2.0, size=rows),
            "c": rng.integers(0, 4, size=rows),
        }
    )
    score = frame["a"] + 0.5 * frame["b"] + rng.normal(scale=0.3, size=rows)
    if task == "regression":
        frame["target"], estimator = score, GradientBoostingRegressor
    else:
        bins = 2 if task == "binary-classification" else 3
        frame["target"], estimator = pd.qcut(score, bins, labels=False), GradientBoostingClassifier
    halves = [
        Dataset(
            part.reset_index(drop=True),
            label="target",
            cat_features=["c"],
            index_name="id",
            datetime_name="ts",
            label_type="regression" if task == "regression" else task.split("-", maxsplit=1)[0],
        )
        for part in (frame[:400], frame[400:])
    ]
    features = ["a", "b", "c"]
    model, other = (
        estimator(n_estimators=count, random_state=1).fit(frame[features][:400], frame["target"][:400])
        for count in (20, 10)
    )
    return (*halves, model, other)


def written() -> str:
    """Give the file's text: one line a check, so that a difference is read at a glance."""
    catalogue = introspect()
    lines = [f'"version": {json.dumps(catalogue["version"])}', f'"suites": {_line(catalogue["suites"])}']
    described = ",\n".join(f'  "{name}": {_line(check)}' for name, check in catalogue["checks"].items())
    return "{\n " + ",\n ".join([*lines, f'"checks": {{\n{described}\n }}']) + "\n}\n"


def _line(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


if __name__ == "__main__":
    if "--write" in sys.argv:
        TARGET.write_text(written(), encoding="utf-8")
    else:
        sys.stdout.write(written())
