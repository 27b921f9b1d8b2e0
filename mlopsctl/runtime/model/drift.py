"""Drift: one score per column, between recent rows and the training rows of the served version.

Scores are those of the check library; where it lacks a column's method, the population stability index. Missing values
count: a column that lost its values has drifted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from mlopsctl.blueprint.model.checks import DriftColumn

if TYPE_CHECKING:
    import pandas as pd

FEWEST = 10
_BINS = 10
_LEAST = 1e-4


class LibraryScores(Protocol):
    """Scores columns with the check library, by name; leaves out those whose method it does not have."""

    def __call__(
        self, reference: pd.DataFrame, recent: pd.DataFrame, columns: Sequence[DriftColumn]
    ) -> Mapping[str, float | None]:
        """Score the values that are there; each column has at least FEWEST on both sides."""


def scores(
    reference: pd.DataFrame, recent: pd.DataFrame, columns: Sequence[DriftColumn], library_scores: LibraryScores
) -> dict[str, float | None]:
    """Score every column by its method, or by its missing values if that score is higher."""
    if min(len(reference), len(recent)) < FEWEST:
        return dict.fromkeys(column.name for column in columns)
    by_values = _of_values(reference, recent, columns, library_scores)
    drift_columns = [column for column in columns if column.name in reference.columns and column.name in recent.columns]
    for column in drift_columns:
        of_missing = missing_score(column.method, reference[column.name], recent[column.name])
        score = by_values[column.name]
        if score is not None or of_missing > 0:
            by_values[column.name] = max(score or 0.0, of_missing)
    return by_values


def missing_shares(recent: pd.DataFrame, columns: Sequence[DriftColumn]) -> dict[str, float | None]:
    """Return each column's share of missing recent values, 0 to 1; None if there are too few rows."""
    measurable = len(recent) >= FEWEST
    return {
        column.name: float(recent[column.name].isna().mean()) if measurable and column.name in recent.columns else None
        for column in columns
    }


def missing_score(method: str, reference: pd.Series[Any], recent: pd.Series[Any]) -> float:
    """Return the drift score of the share of missing values.

    The population stability index of the two classes missing and present; for other methods, whose scores are from
    0 to 1, the difference of the shares, which equals their Kolmogorov-Smirnov distance.
    """
    before, after = float(reference.isna().mean()), float(recent.isna().mean())
    if method != "psi":
        return abs(after - before)
    return _stability([before, 1 - before], [after, 1 - after])


def _of_values(
    reference: pd.DataFrame, recent: pd.DataFrame, columns: Sequence[DriftColumn], library_scores: LibraryScores
) -> dict[str, float | None]:
    """Score the present values."""
    drift_columns = [
        column for column in columns if column.name in reference.columns and _enough(reference, recent, column.name)
    ]
    by_library = library_scores(reference, recent, drift_columns) if drift_columns else {}
    scores: dict[str, float | None] = {column.name: by_library.get(column.name) for column in columns}
    for name in (column.name for column in drift_columns if column.name not in by_library):
        scores[name] = stability_index(reference[name], recent[name])
    return scores


def _enough(reference: pd.DataFrame, recent: pd.DataFrame, name: str) -> bool:
    return bool(min(reference[name].notna().sum(), recent[name].notna().sum()) >= FEWEST)


def stability_index(reference: pd.Series[Any], recent: pd.Series[Any]) -> float:
    """Return the population stability index over deciles of the reference.

    A value with at least a tenth of the reference is a separate bin; the others are divided into bins of a tenth each.
    A share below 0.0001 counts as 0.0001.
    """
    import numpy as np

    before, after = (np.asarray(rows.dropna(), dtype="float64") for rows in (reference, recent))
    values, counts = np.unique(before, return_counts=True)
    common = values[counts >= len(before) / _BINS]
    rest = before[~np.isin(before, common)]
    bins = max(1, round(_BINS * len(rest) / len(before)))
    edges = np.unique(np.quantile(rest, np.linspace(0, 1, bins + 1)[1:-1])) if len(rest) else np.empty(0)

    def shares(rows: Any) -> Any:
        place: Any = len(common) + np.searchsorted(edges, rows, side="right")
        is_common = np.isin(rows, common)
        place[is_common] = np.searchsorted(common, rows[is_common])
        return np.bincount(place, minlength=len(common) + len(edges) + 1) / len(rows)

    return _stability(shares(before), shares(after))


def _stability(before: Any, after: Any) -> float:
    """Sum (actual - expected) * ln(actual / expected) over the bins."""
    import numpy as np

    expected, actual = np.clip(before, _LEAST, None), np.clip(after, _LEAST, None)
    return float(((actual - expected) * np.log(actual / expected)).sum())
