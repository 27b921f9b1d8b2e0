"""Write scikit-learn's diabetes data (Efron, Hastie, Johnstone, Tibshirani 2004) as a clinic would have them.

    python make_data.py [--now 2026-11-20T12:00:00Z] [--output data]

442 patients: blood drawn, a visit within the next two days, and how far the disease had come one year after it. The
measurements are real; the data set has no dates, so visits are spread evenly over four years, in a seeded order, and
the newest is 400 days old.
"""

from __future__ import annotations

import argparse
from datetime import datetime, timezone
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.datasets import load_diabetes

BLOOD = {
    "s1": "total_cholesterol",
    "s2": "ldl",
    "s3": "hdl",
    "s4": "cholesterol_ratio",
    "s5": "log_triglycerides",
    "s6": "glucose",
}
VISIT = {"age": "age", "sex": "sex", "bmi": "bmi", "bp": "blood_pressure", "target": "progression"}
OLDEST, NEWEST = 400 + 4 * 365, 400


def tables(now: datetime, draw: np.random.Generator) -> dict[str, pd.DataFrame]:
    """Return blood tests and visits."""
    patients = load_diabetes(as_frame=True, scaled=False).frame
    count = len(patients)
    key = pd.DataFrame({"patient_id": np.arange(count, dtype="int64")})
    ages = draw.permutation(np.linspace(NEWEST, OLDEST, count))
    visited = pd.Series(now - pd.to_timedelta(ages, unit="D")).dt.floor("s")
    drawn = (visited - pd.to_timedelta(draw.uniform(1, 48, count), unit="h")).dt.floor("s")
    visits = patients[list(VISIT)].rename(columns=VISIT).astype({"age": "int32", "sex": "int32"})
    blood = patients[list(BLOOD)].rename(columns=BLOOD)
    return {
        "visits": pd.concat([key, visited.rename("visited"), visits], axis=1).sort_values("visited", ignore_index=True),
        "blood": pd.concat([key, drawn.rename("drawn"), blood], axis=1).sort_values("drawn", ignore_index=True),
    }


def main() -> None:
    """Write the data."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--now", type=datetime.fromisoformat, help="the moment the data end; by default today")
    parser.add_argument("--output", type=Path, default=Path(__file__).parent / "data")
    given = parser.parse_args()
    now = given.now or datetime.now(timezone.utc).replace(hour=0, minute=0, second=0, microsecond=0)
    now = now if now.tzinfo else now.replace(tzinfo=timezone.utc)
    given.output.mkdir(parents=True, exist_ok=True)
    for name, rows in tables(now, np.random.default_rng(1)).items():
        rows.to_parquet(given.output / f"{name}.parquet", index=False)
        print(f"{given.output / name}.parquet: {len(rows)} rows")


if __name__ == "__main__":
    main()
