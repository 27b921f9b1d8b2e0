"""Distributions of the model's columns: the rows it learnt from beside those kept back.

In: the split's two data sets. Out: for each column a few numbers and two histograms over the same bins; nothing of a
single row, and kept beside the data sets so that an unchanged split is not read again.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlopsctl.runtime.artifacts import INPUT, LABEL, read_dataset
from mlopsctl.runtime.call import Broken

if TYPE_CHECKING:
    import pandas as pd

_BINS, _MOST_COLUMNS = 20, 60
_FILE = "profile.json"


def profile(split: Path) -> dict[str, Any]:
    """Return the profile of a split's folder; empty where there is none to read."""
    kept = split / _FILE
    try:
        found: dict[str, Any] = json.loads(kept.read_text())
        return found
    except (OSError, ValueError):
        pass
    try:
        train, holdout = read_dataset(split / "train"), read_dataset(split / "holdout")
    except (Broken, OSError, ValueError):
        return {}
    names = [one for one in train.schema.columns if one.role in (INPUT, LABEL)][:_MOST_COLUMNS]
    made = {
        "train": len(train.rows),
        "holdout": len(holdout.rows),
        "columns": [
            {
                "name": one.name,
                "type": one.type,
                "role": one.role,
                **_column(train.rows[one.name], holdout.rows[one.name]),
            }
            for one in names
        ],
    }
    kept.write_text(json.dumps(made) + "\n")
    return made


def _column(train: pd.Series[Any], holdout: pd.Series[Any]) -> dict[str, Any]:
    from pandas.api.types import is_bool_dtype, is_numeric_dtype

    missing = [float(train.isna().mean()), float(holdout.isna().mean())]
    train, holdout = train.dropna(), holdout.dropna()
    numeric = is_numeric_dtype(train) and not is_bool_dtype(train) and train.nunique() > 2
    shown = _numbers(train, holdout) if numeric else _words(train, holdout)
    return {"missing": missing, **shown}


def _numbers(train: pd.Series[Any], holdout: pd.Series[Any]) -> dict[str, Any]:
    """Bin numbers between the first and the last percent, with what lies outside in the outermost bins."""
    import numpy as np

    low, high = (float(train.quantile(share)) for share in (0.01, 0.99))
    edges = np.linspace(low, high if high > low else low + 1, _BINS + 1)
    shares = [np.histogram(np.clip(each.to_numpy(float), edges[0], edges[-1]), edges)[0] for each in (train, holdout)]
    return {
        "range": [float(train.min()), float(train.mean()), float(train.max())],
        "shares": [(each / max(each.sum(), 1)).round(5).tolist() for each in shares],
    }


def _words(train: pd.Series[Any], holdout: pd.Series[Any]) -> dict[str, Any]:
    """Count the most frequent values."""
    names = train.astype(str).value_counts().head(_BINS).index.tolist()
    shares = [each.astype(str).value_counts(normalize=True).reindex(names).fillna(0.0) for each in (train, holdout)]
    return {"values": [name[:40] for name in names], "shares": [each.round(5).tolist() for each in shares]}
