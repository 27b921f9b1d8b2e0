"""Distributions of the model's columns in training and holdout rows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlopsctl.runtime.data.artifacts import INPUT, LABEL, read_dataset
from mlopsctl.runtime.step_context import StepFailed

if TYPE_CHECKING:
    import pandas as pd

_BINS, _MOST_COLUMNS = 20, 60
_FILE = "profile.json"


def profile(split: Path) -> dict[str, Any]:
    """Return the profile of a split's folder; empty if it does not exist."""
    file = split / _FILE
    try:
        content: dict[str, Any] = json.loads(file.read_text())
        return content
    except (OSError, ValueError):
        pass
    try:
        train, holdout = read_dataset(split / "train"), read_dataset(split / "holdout")
    except (StepFailed, OSError, ValueError):
        return {}
    names = [column for column in train.schema.columns if column.role in (INPUT, LABEL)][:_MOST_COLUMNS]
    profiled = {
        "train": len(train.rows),
        "holdout": len(holdout.rows),
        "columns": [
            {
                "name": name.name,
                "type": name.type,
                "role": name.role,
                **_column(train.rows[name.name], holdout.rows[name.name]),
            }
            for name in names
        ],
    }
    file.write_text(json.dumps(profiled) + "\n")
    return profiled


def _column(train: pd.Series[Any], holdout: pd.Series[Any]) -> dict[str, Any]:
    from pandas.api.types import is_bool_dtype, is_numeric_dtype

    missing = [float(train.isna().mean()), float(holdout.isna().mean())]
    train, holdout = train.dropna(), holdout.dropna()
    numeric = is_numeric_dtype(train) and not is_bool_dtype(train) and train.nunique() > 2
    numbers = _numbers(train, holdout) if numeric else _category_shares(train, holdout)
    return {"missing": missing, **numbers}


def _numbers(train: pd.Series[Any], holdout: pd.Series[Any]) -> dict[str, Any]:
    """Bin numbers between the first and the last percentile; the outermost bins include values outside."""
    import numpy as np

    low, high = (float(train.quantile(share)) for share in (0.01, 0.99))
    edges = np.linspace(low, high if high > low else low + 1, _BINS + 1)
    shares = [
        np.histogram(np.clip(values.to_numpy(float), edges[0], edges[-1]), edges)[0] for values in (train, holdout)
    ]
    return {
        "range": [float(train.min()), float(train.mean()), float(train.max())],
        "shares": [(counts / max(counts.sum(), 1)).round(5).tolist() for counts in shares],
    }


def _category_shares(train: pd.Series[Any], holdout: pd.Series[Any]) -> dict[str, Any]:
    """Count the most frequent values."""
    names = train.astype(str).value_counts().head(_BINS).index.tolist()
    shares = [values.astype(str).value_counts(normalize=True).reindex(names).fillna(0.0) for values in (train, holdout)]
    return {"values": [name[:40] for name in names], "shares": [share.round(5).tolist() for share in shares]}
