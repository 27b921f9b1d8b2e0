"""Bounds outside of a metric's range. The oracle is scikit-learn: its documented ranges, and random evaluations."""

from __future__ import annotations

import math
import warnings
from decimal import Decimal
from importlib.util import find_spec
from random import Random
from typing import Any

import pytest
from projects import checked, spec

from mlopsctl.catalogue.tasks import TASKS, metric, metrics_of

INFINITE = math.inf
# The ranges as scikit-learn documents them; what is not named is 0 to 1.
DOCUMENTED: dict[str, tuple[float, float]] = {
    "matthews_corrcoef": (-1, 1),
    "r2": (-INFINITE, 1),
    "explained_variance": (-INFINITE, 1),
    **dict.fromkeys(
        (
            "log_loss",
            "rmse",
            "mse",
            "mae",
            "median_absolute_error",
            "mape",
            "rmsle",
            "poisson_deviance",
            "gamma_deviance",
        ),
        (0, INFINITE),
    ),
}
METRICS = [(task, name) for task in TASKS for name in metrics_of(task)]


def span(name: str) -> tuple[float, float]:
    return DOCUMENTED.get(name, (0, 1))


def complaints(task: str, gate: str) -> list[tuple[str, str]]:
    """Return the severities and messages about a gate's range."""
    edited = spec(("task: binary-classification", f"task: {task}"), ("average_precision: {min: 0.8}", gate))
    diagnostics = [finding for finding in checked(edited).diagnostics if finding.code == "MLC416"]
    return sorted({(diagnostic.severity.name.lower(), diagnostic.message) for diagnostic in diagnostics})


def evaluated(task: str, name: str, seed: int) -> float:
    """Measure random predictions with the scorer's own function."""
    import numpy as np
    from sklearn.metrics import get_scorer

    rng = np.random.default_rng(seed)
    known = metric(task, name)
    assert known
    scorer: Any = get_scorer(known.scorer)
    size = int(rng.integers(4, 30))
    if task == "regression":
        truth, answer = rng.uniform(0.01, 5, size), rng.uniform(0.01, 5, size)
    else:
        classes = 2 if task == "binary-classification" else 4
        truth = np.concatenate([np.arange(classes), rng.integers(0, classes, size)])
        scores = rng.dirichlet(np.full(classes, 0.3), len(truth))
        answer = scores.argmax(axis=1) if known.reads == "labels" else scores[:, 1] if classes == 2 else scores
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return float(scorer._score_func(truth, answer, **scorer._kwargs))


@pytest.mark.skipif(find_spec("sklearn") is None, reason="scikit-learn is not installed: run `make test`")
@pytest.mark.parametrize(("task", "name"), METRICS)
def test_no_random_evaluation_leaves_the_range(task: str, name: str) -> None:
    known = metric(task, name)
    assert known
    low, high = span(name)
    assert (-INFINITE if known.low is None else known.low, INFINITE if known.high is None else known.high) == (
        low,
        high,
    )
    for seed in range(40):
        assert low - 1e-9 <= evaluated(task, name, seed) <= high + 1e-9


@pytest.mark.parametrize(("task", "name"), METRICS)
def test_a_bound_is_a_finding_exactly_when_it_is_outside_of_the_range(task: str, name: str) -> None:
    low, high = span(name)
    rng = Random(name)  # noqa: S311 - not for secrets
    for field in ("min", "max", "maxDrop"):
        for value in (Decimal(rng.randrange(1, 999)) / 1000, Decimal(1), Decimal(rng.randrange(201, 9000)) / 100):
            never = value > high if field == "min" else value < low if field == "max" else False
            always = value <= low if field == "min" else value >= (high if field == "max" else high - low)
            texts = complaints(task, f"{name}: {{{field}: {value}}}")
            assert bool(texts) == (never or always), (field, value, texts)
            assert all(severity == ("error" if never else "warning") for severity, _ in texts), (field, value, texts)


WINDOWS = ["1ms", "1s", "59s", "5m", "59m", "1h", "6h", "12h", "13h", "1d", "366d", "367d", "10000d", "99999999999d"]


@pytest.mark.parametrize("window", WINDOWS)
def test_an_objective_s_window_of_any_length_is_decided_or_refused(window: str) -> None:
    """No length is a crash: it can be alerted on, or a finding says that it cannot."""
    result = checked(spec(("objective: 99.9%, window: 30d", f"objective: 99.9%, window: {window}")))

    # The fastest pace spends 8 % of the budget in an hour: below 12.5h it would be a pace below 1.
    fits = window in {"13h", "1d", "366d"}
    assert ({"MLC106", "MLC603"} & set(result.codes) == set()) == fits
