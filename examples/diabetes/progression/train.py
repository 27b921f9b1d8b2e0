"""Training: a ridge regression on scaled measurements; a missing one is taken for the usual."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from sklearn.impute import SimpleImputer
from sklearn.linear_model import Ridge
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler


def train(features: pd.DataFrame, label: pd.Series, params: Mapping[str, Any]) -> Pipeline:
    """Fit the model; `alpha` is how strongly coefficients are drawn to zero."""
    model = make_pipeline(SimpleImputer(), StandardScaler(), Ridge(alpha=float(params.get("alpha", 1.0))))
    return model.fit(features, label)
