"""Write promtool unit tests: series, their values over time, and expectations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from mlopsctl.emit.durations import duration_text
from mlopsctl.emit.numbers import decimal_text
from mlopsctl.emit.promql import Expression, Matcher, Selector, text

MINUTE = 60
STEP_S = 300
"""The evaluation interval of most tests, in seconds."""
LONG_STEP_S = 3600
"""The evaluation interval of cases over days: promtool's time grows with the square of the number of steps."""

Case = dict[str, Any]


class Timed(NamedTuple):
    """A test, and its evaluation interval."""

    step: int
    case: Case


class ExpectedAlert(NamedTuple):
    """The labels and annotations of a firing alert."""

    labels: Mapping[str, str]
    annotations: Mapping[str, str]


def case(name: str, interval_s: int, inputs: Iterable[Case], **checks: list[Case]) -> Case:
    """Return one test; `interval_s` seconds lie between two values of an input."""
    return {"name": name, "interval": duration_text(interval_s), "input_series": [*inputs], **checks}


def series(metric: str, labels: Mapping[str, str], values: str) -> Case:
    """Return an input series."""
    return {"series": series_text(metric, labels), "values": values}


def series_text(metric: str, labels: Mapping[str, str]) -> str:
    """Write a series with all its labels."""
    return text(Selector(metric, tuple([Matcher(name, "=", value) for name, value in labels.items()])))


def constant(value: Decimal | int, times: int) -> str:
    """Write a constant value with `times` + 1 samples."""
    return f"{_number(value)}x{times}"


def counter(start: int, *parts: tuple[Decimal | int, int]) -> str:
    """Write a counter that starts at `start` and grows part by part, each by a step a number of times."""
    first, *rest = _joined(parts)
    value = start + first[0] * first[1]
    texts = [f"{start}+{_number(first[0])}x{first[1]}"]
    for step, times in rest:
        # A part of n + 1 samples begins with its own first step.
        texts.append(f"{_number(value + step)}+{_number(step)}x{times - 1}")
        value += step * times
    return " ".join(texts)


def _joined(parts: Iterable[tuple[Decimal | int, int]]) -> list[tuple[Decimal | int, int]]:
    """Merge consecutive parts with the same step."""
    joined: list[tuple[Decimal | int, int]] = []
    for step, times in parts:
        if joined and joined[-1][0] == step:
            joined[-1] = (step, joined[-1][1] + times)
        else:
            joined.append((step, times))
    return joined


def _number(value: Decimal | int) -> str:
    return decimal_text(value.normalize()) if isinstance(value, Decimal) else int.__repr__(value)


def expect_firing(alert: str, at: int, *tolds: ExpectedAlert) -> Case:
    """Expect an alert to fire."""
    expected = [{"exp_labels": expectation.labels, "exp_annotations": expectation.annotations} for expectation in tolds]
    return {"eval_time": duration_text(at), "alertname": alert, "exp_alerts": expected}


def expect_silent(alert: str, at: int) -> Case:
    """Expect an alert not to fire."""
    return {"eval_time": duration_text(at), "alertname": alert, "exp_alerts": []}


def expression_check(expr: Expression, at: int, samples: list[Case]) -> Case:
    """Expect an expression to have exactly these samples."""
    return {"expr": text(expr), "eval_time": duration_text(at), "exp_samples": samples}


def up(seconds: int, step: int) -> int:
    """Round up to an evaluation time."""
    return -(-seconds // step) * step


def down(seconds: int, step: int) -> int:
    """Round down to an evaluation time."""
    return seconds // step * step
