"""Put rows into a Feast project of the sample systems, and ask for features as training and serving do.

Run as a program of its own, with the project's folder. The user's package is only found after `feast apply`, as in an
image that holds one system's code; what is read comes from the registry alone.
"""

from __future__ import annotations

import json
import os
import sys
import warnings
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

warnings.simplefilter("ignore")
CODE = """\
import pandas as pd


def amount_vs_usual(frame: pd.DataFrame) -> pd.DataFrame:
    assert list(frame) == ["amount", "amount_avg_7d"], list(frame)
    ratio = frame["amount"] / frame["amount_avg_7d"]
    over = frame["amount"] - frame["amount_avg_7d"]
    return pd.DataFrame({"amount_over": over, "amount_ratio": ratio, "not_declared": 1}, index=frame.index)
"""
NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


def main(folder: Path) -> None:
    """Apply, materialise, join, look up, push, look up again."""
    os.chdir(folder)
    stdout, sys.stdout = sys.stdout, sys.stderr
    apply(folder)
    write_rows(folder)
    answers = ask(folder)
    sys.stdout = stdout
    print(json.dumps(answers))


def apply(folder: Path) -> None:
    """Apply, with the project's modules in this process only for as long as that takes."""
    from feast.repo_config import load_repo_config
    from feast.repo_operations import apply_total

    sys.path.insert(0, str(folder))
    apply_total(load_repo_config(folder, folder / "feature_store.yaml"), folder, skip_source_validation=True)
    sys.path.remove(str(folder))
    for path in folder.glob("*.py"):
        sys.modules.pop(path.stem)


def write_rows(folder: Path) -> None:
    """Write the sources' files, and the package the transform is in."""
    import pandas as pd

    # A spec's relative paths begin at its own folder, and the repository's at the workspace's.
    cards, merchants = folder / "systems" / "0" / "data", folder / "systems" / "1" / "data" / "merchants"
    copies = folder / ".mlops" / "csv" / "systems" / "0" / "data"
    for path in (cards, merchants, copies):
        path.mkdir(parents=True, exist_ok=True)
    rows: list[dict[str, Any]] = [
        {"card_id": card, "ts": NOON - timedelta(hours=age), "txn_count_1h": age, "amount_avg_7d": 10.0 * age}
        for card in ("a", "b")
        for age in (1, 3, 9)
    ]
    for row in rows:
        row.update(ingested_at=row["ts"], countries_7d=["DE"] * row["txn_count_1h"])
    # Feast's DuckDB store reads no zoned times in nanoseconds, which pandas writes; the steps do.
    micro = {"ts": "datetime64[us, UTC]"}
    pd.DataFrame(rows).astype(micro).to_parquet(cards / "card_stats.parquet")
    scores = pd.DataFrame({"merchant_id": [7], "ts": [NOON - timedelta(minutes=80)], "score": [0.5]})
    scores.astype({"score": "float32", **micro}).to_parquet(merchants / "part.parquet")
    limits = pd.DataFrame({"card_id": ["a"], "ts": [NOON], "credit_limit": [1000.0]})
    limits.astype(micro).to_parquet(copies / "limits.csv.parquet")
    package = folder / "code" / "card_fraud"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "features.py").write_text(CODE)
    sys.path.insert(0, str(folder / "code"))


def ask(folder: Path) -> dict[str, Any]:
    """Join past rows, and look up present ones before and after a push."""
    import pandas as pd
    from feast import FeatureStore

    store = FeatureStore(repo_path=str(folder))
    past = pd.DataFrame(
        {
            "card_id": ["a", "b"],
            "merchant_id": [7, 7],
            "event_timestamp": [NOON, NOON - timedelta(minutes=10)],
            "amount": [30.0, 60.0],
        }
    )
    joined = store.get_historical_features(past, store.get_feature_service("fraud_inputs")).to_df()
    joined = joined.sort_values("event_timestamp", ascending=False)
    store.materialize(NOON - timedelta(hours=2), NOON, feature_views=["card_activity"])
    online = lookup(store)
    pushed = {"card_id": ["a"], "ts": [NOON], "ingested_at": [NOON], "txn_count_1h": [5], "amount_avg_7d": [100.0]}
    store.push("card_stats_push", pd.DataFrame({**pushed, "countries_7d": [["FR"]]}))
    return {
        "past": json.loads(joined.drop(columns="event_timestamp").to_json(orient="records")),
        "online": online,
        "pushed": lookup(store),
    }


def lookup(store: Any) -> dict[str, Any]:
    """Ask for features as an endpoint does."""
    features = ["card_activity:txn_count_1h", "amount_vs_usual:amount_ratio"]
    online = store.get_online_features(features=features, entity_rows=[{"card_id": "a", "amount": 40.0}])
    return {name: values[0] for name, values in online.to_dict().items()}


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
