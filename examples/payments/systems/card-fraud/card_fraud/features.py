"""Features computed from a payment and what is known of its card, in training and in serving alike."""

from __future__ import annotations

import numpy as np
import pandas as pd


def amount_vs_usual(inputs: pd.DataFrame) -> pd.DataFrame:
    """Return a payment's amount over the card's average of seven days; missing where the card has none."""
    usual = inputs["amount_avg_7d"].where(inputs["amount_avg_7d"] > 0, np.nan)
    return pd.DataFrame({"amount_ratio": inputs["amount"] / usual})
