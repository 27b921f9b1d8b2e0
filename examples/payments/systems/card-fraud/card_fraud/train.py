"""Training: gradient-boosted trees on rare positives, which are weighted up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from sklearn.compose import make_column_transformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder


def train(features: pd.DataFrame, label: pd.Series, params: Mapping[str, Any]) -> Pipeline:
    """Fit the model."""
    countries = OneHotEncoder(handle_unknown="ignore", sparse_output=False)
    columns = make_column_transformer((countries, ["country"]), remainder="passthrough")
    trees = HistGradientBoostingClassifier(
        max_depth=int(params["max_depth"]),
        learning_rate=float(params["learning_rate"]),
        class_weight="balanced",
        random_state=int(params.get("seed", 0)),
    )
    return make_pipeline(columns, trees).fit(features, label)
