"""Run `materialize` twice and `build-dataset` against a Hopsworks in memory, and print what came of them.

In: a folder with a Blueprint, the rendered project, the spec's data and a table as Parquet. Out: JSON.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import pandas as pd
from hopsworks_server import started, store

from mlopsctl.blueprint import codec
from mlopsctl.runtime.data.artifacts import read_dataset
from mlopsctl.runtime.log import Log
from mlopsctl.runtime.step_context import StepContext, StepFailed
from mlopsctl.runtime.steps import step

HOME = Path(sys.argv[1])
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def call(verb: str, work: str, now: datetime, system: str = "card-fraud", **parameters: str) -> StepContext:
    names = ("timestamp-card_activity", "timestamp-merchant_now")
    outputs = {"dataset": HOME / work / "dataset", **{name: HOME / work / name for name in names}}
    return StepContext(
        step=verb,
        blueprint=codec.loads((HOME / f"{system}.json").read_bytes()),
        inputs={},
        outputs=outputs,
        parameters=parameters,
        root=HOME,
        features=HOME / "repo",
        work=HOME / work,
        now=now,
        environ={"HOPSWORKS_API_KEY": "a-key-for-tests"},
        log=Log(sys.stderr.write, lambda: NOW),
    )


def main() -> None:
    out, sys.stdout = sys.stdout, sys.stderr
    table = pd.read_parquet(HOME / "table.parquet")
    server = started(HOME / "server", {"SELECT * FROM risk.merchant_stats": table})
    results = {"newest": [], "online": []}
    for number, now in enumerate((NOW, NOW + timedelta(minutes=30), NOW + timedelta(hours=1))):
        step("materialize")(call("materialize", f"load-{number}", now, mode="incremental"))
        results["newest"].append((HOME / f"load-{number}" / "timestamp-card_activity").read_text())
        results["online"].append(len(server.online["card_activity"]))
    step("materialize")(call("materialize", "table", NOW, "merchants"))
    now = server.online["merchant_now"]
    newest = (HOME / "table" / "timestamp-merchant_now").read_text()
    results["table"] = [now["score"].astype("float64").round(3).tolist(), newest]
    before = len(server.queries)
    step("build-dataset")(call("build-dataset", "build", NOW))
    dataset = read_dataset(HOME / "build" / "dataset")
    results["dataset"] = json.loads(dataset.rows.to_json(orient="records", date_format="iso"))
    results["spine"] = [query["spine"]["columns"] for query in server.queries[before:] if "spine" in query]
    results["login"] = {name: value for name, value in server.logins[0].items() if name != "cert_folder"}
    results["offline"] = json.loads(
        server._rows({"name": "card_activity"})
        .sort_values(["card_id", "ts"])
        .to_json(orient="records", date_format="iso")
    )
    for feature in server.groups["card_activity"]["features"]:
        feature["type"] = "int" if feature["name"] == "txn_count_1h" else feature["type"]
    try:
        step("materialize")(call("materialize", "other", NOW))
    except StepFailed as error:
        results["changed"] = str(error)
    sys.path.insert(0, str(HOME / "repo"))
    rows = pd.read_parquet(HOME / "systems" / "0" / "data" / "payments.parquet")
    import card_fraud_features

    features, label = card_fraud_features.training_data(store(), rows)
    results["training"] = [list(features.columns), list(label.columns), len(features)]
    results["versions"] = [body["spineAnchored"] for kind, body in server.posted if kind == "trainingdatasets"]
    print(json.dumps(results), file=out)


os.chdir(HOME)
main()
