"""Training: gradient-boosted trees, which take missing values as they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from sklearn.compose import make_column_transformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder


def train(features: pd.DataFrame, label: pd.Series, params: Mapping[str, Any]) -> Pipeline:
    """Fit the model; `params` are those of the spec, with what a run sets."""
    columns = make_column_transformer(
        (OneHotEncoder(handle_unknown="ignore", sparse_output=False), ["plan"]), remainder="passthrough"
    )
    trees = HistGradientBoostingClassifier(
        max_iter=int(params.get("max_iter", 50)),
        learning_rate=float(params.get("learning_rate", 0.08)),
        max_leaf_nodes=int(params.get("max_leaf_nodes", 5)),
        random_state=int(params.get("seed", 0)),
    )
    return make_pipeline(columns, trees).fit(features, label)
