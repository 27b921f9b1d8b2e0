"""The metrics for gates and live quality, by learning task."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Final, Literal, NamedTuple

Reads = Literal["labels", "scores"]
BINARY: Final = "binary-classification"
MULTICLASS: Final = "multiclass-classification"
REGRESSION: Final = "regression"
TASKS: Final = (BINARY, MULTICLASS, REGRESSION)

_ZERO: Final = Decimal(0)
_ONE: Final = Decimal(1)


class TaskMetric(NamedTuple):
    """A metric of a task.

    `low` and `high` bound its value (None: open). `scorer` is scikit-learn's name; a scorer that begins with
    `neg_` returns the negated metric. `reads` is its input: predicted labels or scores.
    """

    name: str
    higher_is_better: bool
    low: Decimal | None
    high: Decimal | None
    scorer: str
    reads: Reads = "labels"

    @property
    def sign(self) -> int:
        """The factor that converts the scorer's result to the metric."""
        return -1 if self.scorer.startswith("neg_") else 1


def _share(name: str, scorer: str = "", reads: Reads = "labels", low: Decimal = _ZERO) -> TaskMetric:
    return TaskMetric(name, True, low, _ONE, scorer or name, reads)


def _loss(name: str, scorer: str, reads: Reads = "labels", high: Decimal | None = None) -> TaskMetric:
    return TaskMetric(name, False, _ZERO, high, scorer, reads)


def _averaged(average: str) -> tuple[TaskMetric, ...]:
    return tuple(_share(f"{name}_{average}") for name in ("f1", "precision", "recall", "jaccard"))


_CLASSES: Final = (
    _share("accuracy"),
    _share("balanced_accuracy"),
    _share("matthews_corrcoef", low=Decimal(-1)),
    *_averaged("macro"),
    *_averaged("micro"),
    *_averaged("weighted"),
    _loss("log_loss", "neg_log_loss", "scores"),
)
_METRICS: Final[Mapping[str, tuple[TaskMetric, ...]]] = MappingProxyType(
    {
        BINARY: (
            _share("average_precision", reads="scores"),
            _share("roc_auc", reads="scores"),
            _share("f1"),
            _share("precision"),
            _share("recall"),
            _share("jaccard"),
            _loss("brier", "neg_brier_score", "scores", _ONE),
            *_CLASSES,
        ),
        MULTICLASS: (
            *_CLASSES,
            _share("roc_auc_ovr", reads="scores"),
            _share("roc_auc_ovo", reads="scores"),
            _share("roc_auc_ovr_weighted", reads="scores"),
            _share("roc_auc_ovo_weighted", reads="scores"),
            _share("top_k_accuracy", reads="scores"),
        ),
        REGRESSION: (
            TaskMetric("r2", True, None, _ONE, "r2"),
            TaskMetric("explained_variance", True, None, _ONE, "explained_variance"),
            _loss("rmse", "neg_root_mean_squared_error"),
            _loss("mse", "neg_mean_squared_error"),
            _loss("mae", "neg_mean_absolute_error"),
            _loss("median_absolute_error", "neg_median_absolute_error"),
            _loss("mape", "neg_mean_absolute_percentage_error"),
            _loss("rmsle", "neg_root_mean_squared_log_error"),
            _loss("poisson_deviance", "neg_mean_poisson_deviance"),
            _loss("gamma_deviance", "neg_mean_gamma_deviance"),
        ),
    }
)


def metrics_of(task: str) -> Mapping[str, TaskMetric]:
    """List a task's metrics by name, the usual ones first; empty for an unknown task."""
    return {metric.name: metric for metric in _METRICS.get(task, ())}


def metric(task: str, name: str) -> TaskMetric | None:
    """Find a task's metric; None if the task does not have it."""
    return metrics_of(task).get(name)


def tasks_of(name: str) -> tuple[str, ...]:
    """List the tasks that have a metric, for messages about a metric of another task."""
    return tuple(task for task in TASKS if name in metrics_of(task))
