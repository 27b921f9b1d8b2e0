"""Drift: how far recent rows are from those the served version was trained on, a score a column.

In: the training snapshot and recent rows. Out: scores by column; None where there are too few values to tell. Scores
are Deepchecks' own, but for the population stability index of numbers, which it does not have.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from typing import TYPE_CHECKING, Any

from mlopsctl.blueprint.model import DriftColumn
from mlopsctl.catalogue.deepchecks import DRIFT_METHODS
from mlopsctl.catalogue.types import is_numeric

if TYPE_CHECKING:
    import pandas as pd

FEWEST = 10
_BINS = 10
_SAMPLES = 100_000
_LEAST = 1e-4


def scores(reference: pd.DataFrame, recent: pd.DataFrame, columns: Sequence[DriftColumn]) -> dict[str, float | None]:
    """Score every column by its method."""
    known = [one for one in columns if one.name in reference.columns and _enough(reference, recent, one.name)]
    by_library = [one for one in known if (_kind(one), one.method) in DRIFT_METHODS]
    found: dict[str, float | None] = dict.fromkeys((one.name for one in columns), None)
    if by_library:
        found |= _by_deepchecks(reference, recent, by_library)
    for one in known:
        if one not in by_library:
            found[one.name] = stability_index(reference[one.name], recent[one.name])
    return found


def _enough(reference: pd.DataFrame, recent: pd.DataFrame, name: str) -> bool:
    return bool(min(reference[name].notna().sum(), recent[name].notna().sum()) >= FEWEST)


def _kind(column: DriftColumn) -> str:
    return "numerical" if is_numeric(column.type) else "categorical"


def _by_deepchecks(
    reference: pd.DataFrame, recent: pd.DataFrame, columns: Sequence[DriftColumn]
) -> dict[str, float | None]:
    """Run the library's check; a spec has one method for numbers and one for categories."""
    from mlopsctl.runtime.deepchecks import library

    tabular = library()
    from deepchecks.tabular.checks import FeatureDrift

    names = [one.name for one in columns]
    categories = [one.name for one in columns if _kind(one) == "categorical"]
    methods = {_kind(one): DRIFT_METHODS[_kind(one), one.method] for one in columns}
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


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and math.isfinite(value) else None


def stability_index(reference: pd.Series[Any], recent: pd.Series[Any]) -> float:
    """Return the population stability index over the tenths of the reference."""
    import numpy as np

    edges = np.unique(np.quantile(reference.dropna(), np.linspace(0, 1, _BINS + 1)[1:-1]))
    before = np.bincount(np.searchsorted(edges, reference.dropna(), side="right"), minlength=len(edges) + 1)
    after = np.bincount(np.searchsorted(edges, recent.dropna(), side="right"), minlength=len(edges) + 1)
    expected = np.clip(before / before.sum(), _LEAST, None)
    actual = np.clip(after / after.sum(), _LEAST, None)
    return float(((actual - expected) * np.log(actual / expected)).sum())
