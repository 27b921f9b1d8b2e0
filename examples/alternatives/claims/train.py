"""Training: a shallow tree, because a person reads why a claim was picked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from sklearn.tree import DecisionTreeClassifier


def train(features: pd.DataFrame, label: pd.Series, params: Mapping[str, Any]) -> DecisionTreeClassifier:
    """Fit the model; `max_depth` is how many questions it may ask of a claim."""
    return DecisionTreeClassifier(max_depth=int(params.get("max_depth", 4)), random_state=0).fit(features, label)
