"""Training: boosted trees of XGBoost, which take missing values as they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from xgboost import XGBRegressor


def train(features: pd.DataFrame, label: pd.Series, params: Mapping[str, Any]) -> XGBRegressor:
    """Fit the model."""
    model = XGBRegressor(
        n_estimators=int(params["n_estimators"]),
        max_depth=int(params["max_depth"]),
        learning_rate=float(params["learning_rate"]),
        random_state=int(params.get("seed", 0)),
        objective="reg:absoluteerror",
    )
    return model.fit(features, label)
