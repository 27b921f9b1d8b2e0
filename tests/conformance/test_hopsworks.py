"""The project of Hopsworks, applied and asked through its real client, against a server in memory."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from libraries import environment
from unit.engines.hopsworks.sample import rendered, shared

from mlopsctl.blueprint import codec

HERE = Path(__file__).parent
pytestmark = pytest.mark.oracle


def write(folder: Path) -> Path:
    """Write the sample's modules."""
    folder.mkdir(parents=True)
    for path, text in rendered().items():
        if path.startswith("repo/"):
            (folder / path.removeprefix("repo/")).write_text(text)
    return folder


def run(python: Path, program: str, *folders: Path) -> Any:
    command = [python, HERE / program, *folders]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment())
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def posted(hopsworks: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Apply the sample; return what was posted by kind and name."""
    root = tmp_path_factory.mktemp("hopsworks")
    bodies = run(hopsworks, "hopsworks_project.py", write(root / "repo"), root / "server")
    return {f"{kind}/{body['name']}": body for kind, body in bodies}


def columns(group: Any) -> dict[str, str]:
    return {feature["name"]: feature["type"] for feature in group["features"]}


def test_a_view_is_a_group_with_its_key_its_times_and_its_types(posted: dict[str, Any]) -> None:
    group = posted["featuregroups/card_activity"]

    assert columns(group) == {
        "card_id": "string",
        "ts": "timestamp",
        "ingested_at": "timestamp",
        "txn_count_1h": "bigint",
        "amount_avg_7d": "double",
        "countries_7d": "array<string>",
    }
    assert [feature["name"] for feature in group["features"] if feature["primary"]] == ["card_id"]
    assert (group["eventTime"], group["timeTravelFormat"], group["version"]) == ("ts", "DELTA", 1)
    assert (group["onlineEnabled"], group["ttl"]) == (True, 7200)
    assert group["description"].splitlines()[:3] == ["How a card is used.", "system: card-fraud", "owner: team-risk"]


def test_a_table_is_an_external_group_behind_a_connector_by_name(posted: dict[str, Any]) -> None:
    group = posted["featuregroups/merchant_risk"]

    assert group["type"] == "onDemandFeaturegroupDTO"
    assert group["dataSource"]["query"] == "SELECT * FROM risk.merchant_stats"
    assert group["dataSource"]["storageConnector"]["name"] == "risk-warehouse"
    assert columns(group) == {"merchant_id": "bigint", "ts": "timestamp", "score": "float"}


def test_a_set_is_a_feature_view_over_the_labelled_rows(posted: dict[str, Any]) -> None:
    rows, view = posted["featuregroups/fraud_inputs_rows"], posted["featureview/fraud_inputs"]
    query = view["query"]

    assert [feature["name"] for feature in rows["features"] if feature["primary"]] == ["card_id", "merchant_id"]
    assert query["leftFeatureGroup"]["name"] == "fraud_inputs_rows"
    assert [left_feature["name"] for left_feature in query["leftFeatures"]] == ["amount", "is_fraud"]
    joined = [
        (join["query"]["leftFeatureGroup"]["name"], [f["name"] for f in join["query"]["leftFeatures"]], join["type"])
        for join in query["joins"]
    ]
    assert joined == [
        ("card_activity", ["txn_count_1h", "amount_avg_7d"], "LEFT"),
        ("merchant_risk", ["score"], "LEFT"),
    ]
    assert [[on["name"] for on in join["on"]] for join in query["joins"]] == [["card_id"], ["merchant_id"]]
    assert [feature["name"] for feature in view["features"] if feature["label"]] == ["is_fraud"]
    assert view["maxFeatureAgeSecs"] == 7200


def moment(text: str) -> Any:
    import pandas as pd

    return pd.Timestamp(text, tz="UTC")


@pytest.fixture(scope="module")
def steps(hopsworks: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Materialise the sample's first system three times, and build its data set."""
    import pandas as pd

    root = tmp_path_factory.mktemp("steps")
    data = root / "systems" / "0" / "data"
    data.mkdir(parents=True)
    write(root / "repo")
    for system in shared().systems:
        (root / f"{system.identity.system}.json").write_text(codec.dumps(system))
    stats = [
        ("a", "2026-02-20T10:00", "2026-02-20T10:05", 1, 10.0),
        ("a", "2026-02-20T11:00", "2026-02-20T11:05", 2, 20.0),
        ("a", "2026-02-20T11:00", "2026-02-20T11:55", 3, 30.0),
        ("b", "2026-02-20T08:00", "2026-02-20T08:05", 7, 70.0),
        ("a", "2026-03-01T11:30", "2026-03-01T11:35", 9, 90.0),
        ("a", "2026-03-01T12:20", "2026-03-01T12:25", 11, 110.0),
    ]
    frame = pd.DataFrame(stats, columns=["card_id", "ts", "ingested_at", "txn_count_1h", "amount_avg_7d"])
    frame = frame.assign(**{name: frame[name].map(moment) for name in ("ts", "ingested_at")}, countries_7d=[["DE"]] * 6)
    frame.to_parquet(data / "card_stats.parquet")
    payments = [
        ("b", 1, "2026-02-20T09:30", 5.0, False),
        ("a", 1, "2026-02-20T10:59", 6.0, True),
        ("a", 2, "2026-02-20T11:30", 7.0, False),
        ("b", 2, "2026-02-20T11:31", 8.0, False),
        ("a", 1, "2026-03-01T11:40", 9.0, True),
    ]
    rows = pd.DataFrame(payments, columns=["card_id", "merchant_id", "paid_at", "amount", "is_fraud"])
    rows.assign(paid_at=rows["paid_at"].map(moment)).to_parquet(data / "payments.parquet")
    times = ["2026-02-20T09:00", "2026-02-20T11:00", "2026-03-01T10:00", "2026-03-01T12:30"]
    table = pd.DataFrame({"merchant_id": 1, "ts": times, "score": [0.1, 0.2, 0.3, 0.4]})
    table.assign(ts=table["ts"].map(moment)).to_parquet(root / "table.parquet")
    evidence: dict[str, Any] = run(hopsworks, "hopsworks_steps.py", root)
    return evidence


def test_rows_of_a_file_are_inserted_once_and_a_correction_wins(steps: dict[str, Any]) -> None:
    assert [row["txn_count_1h"] for row in steps["offline"]] == [1, 3, 9, 11, 7]
    # Four rows at noon, the fifth half an hour later, and none after it. What is younger than the source's lateness is
    # sent again: a row that landed late, or a correction, would be among it.
    assert steps["online"] == [4, 6, 8]
    assert steps["newest"] == [f"{moment(t).timestamp():.0f}" for t in ("2026-03-01T11:30", *["2026-03-01T12:20"] * 2)]


def test_of_a_table_the_rows_that_live_online_are_inserted_there(steps: dict[str, Any]) -> None:
    assert steps["table"] == [[0.3], f"{moment('2026-03-01T10:00').timestamp():.0f}"]


def test_training_rows_get_the_features_of_their_own_time(steps: dict[str, Any]) -> None:
    rows = [
        (r["card_id"], r["merchant_id"], r["txn_count_1h"], r["amount_avg_7d"], r["score"]) for r in steps["dataset"]
    ]

    assert [(*r[:4], None if r[4] is None else round(r[4], 3)) for r in rows] == [
        ("b", 1, 7, 70.0, 0.1),
        ("a", 1, 1, 10.0, 0.1),
        ("a", 2, 3, 30.0, None),  # a merchant without a row
        ("b", 2, None, None, None),  # the card's row is older than its ttl
    ]
    assert [r["amount"] for r in steps["dataset"]] == [5.0, 6.0, 7.0, 8.0]
    assert [r["is_fraud"] for r in steps["dataset"]] == [0, 1, 0, 0]


def test_the_join_is_asked_with_keys_time_and_request_fields_alone(steps: dict[str, Any]) -> None:
    (spine,) = steps["spine"]

    assert [(feature["name"], feature["type"]) for feature in spine[1:]] == [
        ("card_id", "string"),
        ("merchant_id", "bigint"),
        ("paid_at", "timestamp"),
        ("amount", "double"),
    ]


def test_the_client_is_let_in_with_the_key_of_the_secret(steps: dict[str, Any]) -> None:
    assert steps["login"] == {
        "host": None,
        "port": 443,
        "project": "acme_prod",
        "api_key_value": "a-key-for-tests",
        "hostname_verification": True,
        "engine": "python",
    }


def test_a_group_of_other_types_is_told_and_left_alone(steps: dict[str, Any]) -> None:
    assert "feature `txn_count_1h` must be bigint, but group `card_activity` has it as int" in steps["changed"]
    assert steps["changed"].endswith("(spec.features.views.card_activity.fields)")


def test_training_data_is_a_version_of_the_feature_view(steps: dict[str, Any]) -> None:
    features, label, rows = steps["training"]

    assert {"amount", "txn_count_1h", "amount_avg_7d", "score"} <= set(features)
    assert (label, rows) == (["is_fraud"], 5)
    assert steps["versions"] == [True]
