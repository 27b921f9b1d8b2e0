"""Make the quickstart's data: what customers do each day, and who has left 14 days after their contract came up.

    python make_data.py [--now 2026-11-20T12:00:00Z] [--drift] [--customers 400] [--days 90] [--output data]

The same arguments make the same rows. Every row carries the time it was true, and whether a customer has left is not
known yet for contracts of the last 14 days. With --drift, customers come less and spend more in the last week.
"""

from __future__ import annotations

import argparse
from datetime import datetime, timedelta, timezone
from pathlib import Path

import numpy as np
import pandas as pd

PLANS = ["basic", "family", "premium"]
LABEL_DELAY, DRIFT = timedelta(days=14), timedelta(days=7)
REVIEW_EVERY = 20
"""Days between two reviews of a customer's contract."""


def activity(customers: pd.DataFrame, now: datetime, days: int, drift: bool, draw: np.random.Generator) -> pd.DataFrame:
    """Return one row for each customer and day."""
    ages = np.tile(np.arange(days), len(customers))
    who = customers.loc[customers.index.repeat(days)].reset_index(drop=True)
    visits = who["visits"] * np.exp(draw.normal(0, 0.2, len(who)))
    spend = who["spend"] * np.exp(draw.normal(0, 0.15, len(who)))
    ts = pd.Series(now - pd.to_timedelta(ages * 24 + who["hour"], unit="h"))
    if drift:
        lately = ts > now - DRIFT
        visits, spend = visits.where(~lately, visits * 0.35), spend.where(~lately, spend * 1.6)
    rows = pd.DataFrame(
        {
            "customer_id": who["customer_id"],
            "ts": ts,
            "visits_7d": draw.poisson(visits).astype("int64"),
            "spend_30d": spend.round(2),
        }
    )
    return rows.sort_values(["ts", "customer_id"], ignore_index=True)


def contracts(customers: pd.DataFrame, now: datetime, days: int, draw: np.random.Generator) -> pd.DataFrame:
    """Return one row each time a customer's contract came up, and whether the customer had left 14 days later."""
    reviews = days // REVIEW_EVERY
    who = customers.loc[customers.index.repeat(reviews)].reset_index(drop=True)
    ages = np.tile(np.arange(reviews) * REVIEW_EVERY, len(customers)) + who["hour"] / 24 + draw.uniform(0, 19, len(customers)).repeat(reviews)
    ts = pd.Series(now - pd.to_timedelta(ages, unit="D")).dt.floor("s")
    pull = -1.6 - 1.1 * (who["visits"] - 5) + 0.07 * (who["spend"] - 60) + 2 * (who["plan"] == "basic")
    left = draw.uniform(size=len(who)) < 1 / (1 + np.exp(-pull))
    known = ts <= now - LABEL_DELAY
    rows = pd.DataFrame(
        {
            "customer_id": who["customer_id"],
            "ts": ts,
            "plan": who["plan"],
            "left": pd.array(np.where(known, left, None), dtype="boolean"),
        }
    )
    return rows.sort_values(["ts", "customer_id"], ignore_index=True)


def population(count: int, draw: np.random.Generator) -> pd.DataFrame:
    """Return the customers, with what is usual for each."""
    return pd.DataFrame(
        {
            "customer_id": [f"c{i:05d}" for i in range(count)],
            "plan": draw.choice(PLANS, count, p=[0.5, 0.3, 0.2]),
            "visits": draw.gamma(4, 1.3, count),
            "spend": draw.gamma(6, 10, count),
            "hour": draw.integers(1, 24, count),
        }
    )


def main() -> None:
    """Write the data."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--now", type=datetime.fromisoformat, help="the moment the data end; by default the last full hour")
    parser.add_argument("--drift", action="store_true", help="let the last week differ from the weeks before")
    parser.add_argument("--customers", type=int, default=400)
    parser.add_argument("--days", type=int, default=90)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--output", type=Path, default=Path(__file__).parent / "data")
    given = parser.parse_args()
    now = given.now or datetime.now(timezone.utc).replace(minute=0, second=0, microsecond=0)
    now = now if now.tzinfo else now.replace(tzinfo=timezone.utc)
    draw = np.random.default_rng(given.seed)
    customers = population(given.customers, draw)
    given.output.mkdir(parents=True, exist_ok=True)
    for name, rows in (
        ("contracts", contracts(customers, now, given.days, draw)),
        ("activity", activity(customers, now, given.days, given.drift, draw)),
    ):
        rows.to_parquet(given.output / f"{name}.parquet", index=False)
        print(f"{given.output / name}.parquet: {len(rows)} rows up to {rows['ts'].max():%Y-%m-%d %H:%M} UTC")


if __name__ == "__main__":
    main()
