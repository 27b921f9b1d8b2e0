"""Features that are computed from others, in training and in serving alike."""

from __future__ import annotations

import pandas as pd


def spend_per_visit(inputs: pd.DataFrame) -> pd.DataFrame:
    """Return what a customer spends at each visit; the month's spend has four weeks of visits in it."""
    visits = (inputs["visits_7d"] * 4).clip(lower=1)
    return pd.DataFrame({"spend_per_visit": inputs["spend_30d"] / visits})
