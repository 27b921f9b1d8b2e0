"""What Great Expectations cannot do of a system's checks.

The library itself drops an expectation that it does not know, and finds out that a column is not there, or a bound
upside down, when it has read the data.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.checks import Check, CheckStage
from mlopsctl.blueprint.model.training import EVENT_TIME
from mlopsctl.catalogue.capability import Capability
from mlopsctl.diagnostics.model import Diagnostic
from mlopsctl.diagnostics.suggest import did_you_mean
from mlopsctl.engines.base import Limits
from mlopsctl.engines.great_expectations import codes
from mlopsctl.engines.great_expectations.expectations import COLUMN_PARAMETERS, PATTERN_PARAMETERS, expectation_types
from mlopsctl.engines.known import supports

_BOUNDS = frozenset({"min_value", "max_value"})


def limits(blueprint: Blueprint) -> tuple[Diagnostic, ...]:
    """Return the limits of Great Expectations that the system hits."""
    checks = blueprint.checks
    if checks is None:
        return ()
    diagnostics: list[Diagnostic] = []
    for stage in checks.stages:
        diagnostics += _data(blueprint, stage) if stage.stage == "data" else _elsewhere(blueprint, stage)
    if checks.live and checks.live.drift:
        answer = _supports(blueprint, "drift")
        path = "spec.checks.live.drift"
        diagnostics.append(codes.GX_DRIFT.at(None, answer.why, help=_instead(answer.instead), path=path))
    return tuple(diagnostics)


def _supports(blueprint: Blueprint, ability: str) -> Capability:
    engine = blueprint.engines.checks
    return supports("checks", engine.name, engine.version, ability)


def _instead(engine: str) -> str:
    return f"remove it, or choose {engine} in checks.engine" if engine else ""


def _elsewhere(blueprint: Blueprint, stage: CheckStage) -> Iterator[Diagnostic]:
    """Report checks of a stage other than data: Great Expectations checks tables only."""
    answer = _supports(blueprint, stage.stage)
    path = f"spec.checks.{stage.stage}"
    yield codes.GX_STAGE.at(None, answer.why, help=_instead(answer.instead), path=path)


def _data(blueprint: Blueprint, stage: CheckStage) -> Iterator[Diagnostic]:
    """Report checks that the suite of the data set cannot express."""
    if stage.suite:
        answer = _supports(blueprint, "suites")
        yield codes.GX_SUITE.at(None, answer.why, help=f"use {answer.instead}", path="spec.checks.data.suite")
    columns = _columns(blueprint)
    for check in stage.checks:
        path = f"spec.checks.data.checks.{check.name}"
        if check.conditions:
            answer = _supports(blueprint, "conditions")
            help = f"use {answer.instead}"
            yield codes.GX_CONDITION.at(None, answer.why, help=help, path=f"{path}.conditions")
        yield from _unknown_columns(check, columns, path)
        yield from _upside_down(check, path)
        yield from _unreadable_bounds(check, path)
        yield from _boundless(check, path)
        yield from _broken_patterns(check, path)


def _columns(blueprint: Blueprint) -> list[str]:
    """Return the columns of the built training set."""
    model, features = blueprint.model, blueprint.features
    if model is None or features is None:
        return []
    feature_set = next(candidate for candidate in features.sets if candidate.name == model.features)
    request = [*feature_set.keys, *feature_set.request]
    return [
        *(field.name for field in feature_set.fields),
        *(field.name for field in request),
        EVENT_TIME,
        model.label.column,
    ]


def _unknown_columns(check: Check, columns: list[str], path: str) -> Iterator[Diagnostic]:
    for parameter in COLUMN_PARAMETERS:
        value = check.params.get(parameter)
        places = {f".{i}": name for i, name in enumerate(value)} if isinstance(value, list | tuple) else {"": value}
        for place, name in places.items():
            if isinstance(name, str) and columns and name not in columns:
                where = f"{path}.params.{parameter}{place}"
                help = did_you_mean(name, columns) or f"its columns: {', '.join(columns)}"
                yield codes.GX_EXPECTATION.at(None, f"the training set has no column `{name}`", help=help, path=where)


def _upside_down(check: Check, path: str) -> Iterator[Diagnostic]:
    low, high = check.params.get("min_value"), check.params.get("max_value")
    if isinstance(low, int | float) and isinstance(high, int | float) and low > high:
        message = f"no value is at least {low:g} and at most {high:g}"
        yield codes.GX_EXPECTATION.at(
            None, message, help="swap `min_value` and `max_value`", path=f"{path}.params.min_value"
        )


def _unreadable_bounds(check: Check, path: str) -> Iterator[Diagnostic]:
    """Report quoted bounds that are not times: the library reads some as numbers, others break the whole suite."""
    for name in sorted(_BOUNDS):
        value = check.params.get(name)
        if isinstance(value, str) and not _is_time(value):
            message = f"the bound `{value}` is a string that is not a time"
            help = "write a number without quotes, or a time such as 2026-01-31T12:00:00"
            yield codes.GX_EXPECTATION.at(None, message, help=help, path=f"{path}.params.{name}")


def _is_time(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return not text.isdigit()  # the library reads 20260131 as a number


def _boundless(check: Check, path: str) -> Iterator[Diagnostic]:
    """Report range expectations without a bound: the library rejects most of them, and the others always hold."""
    expectation_type = expectation_types().get(check.kind)
    misspelt = expectation_type and check.params.keys() - expectation_type.params.keys()
    if (
        expectation_type
        and not misspelt
        and expectation_type.params.keys() >= _BOUNDS
        and not check.params.keys() & {*_BOUNDS, "threshold"}
    ):
        message = "the expectation has neither min_value nor max_value"
        yield codes.GX_EXPECTATION.at(None, message, help="set at least one of them", path=path)


def _broken_patterns(check: Check, path: str) -> Iterator[Diagnostic]:
    for parameter in PATTERN_PARAMETERS:
        value = check.params.get(parameter)
        for pattern in value if isinstance(value, list | tuple) else [value]:
            wrong = _wrong(pattern) if isinstance(pattern, str) else ""
            if wrong:
                message = f"this is not a regular expression: {wrong}"
                help = "fix the pattern: Python's `re.compile` must accept it"
                yield codes.GX_EXPECTATION.at(None, message, help=help, path=f"{path}.params.{parameter}")


def _wrong(pattern: str) -> str:
    """Return the error of an invalid pattern, which the library would raise on the first row."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a character set that future Python versions may read differently
            re.compile(pattern)
    except (re.error, RecursionError, OverflowError) as error:
        return str(error)
    return ""


LIMITS: Final = Limits(system=limits)
