"""Regression and many classes, whole suites, a model that is a function: the steps after the join."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from e2e.system import NOW, Ran, System, blueprint_of

from mlopsctl.blueprint import codec

pytestmark = [pytest.mark.e2e, pytest.mark.oracle, pytest.mark.filterwarnings("ignore")]
SPEC = """\
apiVersion: mlopsctl.dev/v1alpha1
kind: MLSystem
metadata: {name: flats, owner: team-flats}
spec:
  data:
    sources:
      stats:
        type: parquet
        path: data/stats.parquet
        eventTime: ts
        columns: {flat_id: {type: string}, rooms: {type: int64}, size: {type: float64}}
      sales:
        type: parquet
        path: data/sales.parquet
        eventTime: ts
        columns:
          flat_id: {type: string}
          district: {type: string}
          price: {type: float64, min: 0}
          kind: {type: string, values: [small, medium, large]}
    labels: {learnt: {source: sales, column: COLUMN, delay: 0s}}
  features:
    entities: {flat: {key: flat_id, type: string}}
    views:
      flat_stats: {entity: flat, source: stats, ttl: 9d, fields: [rooms, size]}
    sets:
      inputs: {fields: [flat_stats.rooms, flat_stats.size], request: {district: string}}
  model:
    task: TASK
    flavor: FLAVOR
    features: inputs
    label: learnt
    code: {image: ghcr.io/acme/flats:1, entrypoint: "flats:train"}
    split: {by: random, holdout: 25%}
    registry: {name: flats, experiment: flats}
  checks:
    data: {suite: data_integrity}
    split: {suite: train_test_validation}
    model: {suite: model_evaluation}
    gates: {METRIC}
"""
REGRESSION = """\
from sklearn.linear_model import LinearRegression
from sklearn.pipeline import make_pipeline
from sklearn.compose import make_column_transformer


def train(features, label, params):
    numbers = make_column_transformer(("passthrough", ["rooms", "size"]))
    return make_pipeline(numbers, LinearRegression()).fit(features, label)
"""
FUNCTION = """\
class Rule:
    def __init__(self, each):
        self.each = each

    def predict(self, rows):
        return (rows["size"] * self.each).to_numpy()


def train(features, label, params):
    return Rule(float((label / features["size"]).median()))
"""
CLASSES = """\
from sklearn.compose import make_column_transformer
from sklearn.ensemble import RandomForestClassifier
from sklearn.pipeline import make_pipeline


def train(features, label, params):
    numbers = make_column_transformer(("passthrough", ["rooms", "size"]))
    return make_pipeline(numbers, RandomForestClassifier(20, max_depth=4, random_state=0)).fit(features, label)
"""
# They ask for an index, for event times of both parts, for a boosting model, or for more rows than these.
NOT_FOR_THESE = {
    "IndexTrainTestLeakage",
    "DateTrainTestLeakageDuplicates",
    "DateTrainTestLeakageOverlap",
    "BoostingOverfit",
    "WeakSegmentsPerformance",
}
SYSTEMS = {
    "regression": ("regression", "sklearn", "price", "mae: {max: 60}", REGRESSION),
    "function": ("regression", "pyfunc", "price", "r2: {min: 0.5}", FUNCTION),
    "classes": ("multiclass-classification", "sklearn", "kind", "f1_macro: {min: 0.6}", CLASSES),
}


def system(folder: Path, name: str) -> System:
    task, flavor, column, gate, code = SYSTEMS[name]
    words = {"TASK": task, "FLAVOR": flavor, "COLUMN": column, "METRIC": gate}
    spec = SPEC
    for word, text in words.items():
        spec = spec.replace(word, text)
    written = System(folder, blueprint_of(spec))
    (folder / "blueprint.json").write_text(codec.dumps(written.blueprint))
    (folder / "flats.py").write_text(code)
    return written


def write_rows(system: System) -> Path:
    """Write a data set as `build-dataset` leaves it."""
    import numpy as np
    import pandas as pd

    from mlopsctl.runtime.data.artifacts import Dataset, DatasetColumn, Schema, write_dataset

    rng = np.random.default_rng(5)
    count = 240
    size = np.round(rng.uniform(20, 150, count), 3)
    frame = pd.DataFrame(
        {
            "flat_id": [f"f{i}" for i in range(count)],
            "event_timestamp": pd.date_range(NOW - timedelta(days=count), periods=count, freq="D"),
            "rooms": rng.integers(1, 6, count).astype(float),
            "size": size,
            "district": rng.choice(["north", "south", "west"], count),
            "price": np.round(size * 10 + rng.normal(0, 60, count) + 100, 2),
            "kind": np.where(size < 60, "small", np.where(size < 110, "medium", "large")),
        }
    )
    label = system.blueprint.model.label
    columns = (
        DatasetColumn("flat_id", "string", "key"),
        DatasetColumn("event_timestamp", "timestamp", "time"),
        DatasetColumn("rooms", "int64", "input"),
        DatasetColumn("size", "float64", "input"),
        DatasetColumn("district", "string", "input"),
        DatasetColumn(label.column, label.type, "label"),
    )
    frame["event_timestamp"] = frame["event_timestamp"].astype("datetime64[us, UTC]")
    folder = system.folder / "rows"
    write_dataset(folder, Dataset(frame[[column.name for column in columns]], Schema(columns, count, NOW.isoformat())))
    return folder


@pytest.mark.parametrize("name", SYSTEMS)
def test_a_system_of_each_task_is_checked_trained_and_registered(tmp_path: Path, name: str) -> None:
    task_system = system(tmp_path, name)
    rows = write_rows(task_system)
    out = tmp_path / "out" / "run"
    parts = {part: out / "split" / part for part in ("train", "holdout")}
    model = {"model": out / "train" / "model"}
    evidence = {"metrics": out / "evaluate" / "metrics", "verdict": out / "gate" / "verdict"}
    ran: dict[str, Ran] = {}

    def step(verb: str, codes: tuple[int, ...] = (0,), **more: Any) -> Ran:
        ran[verb] = task_system.step(verb, **more)
        assert ran[verb].code in codes, ran[verb].text
        return ran[verb]

    checked = (0, 3)  # a suite has its own opinion of made-up rows; here it matters that it runs
    step("check-data", checked, inputs={"dataset": rows})
    step("split", inputs={"dataset": rows})
    step("check-split", checked, inputs=parts)
    trained = step("train", inputs={"train": parts["train"]})
    step("evaluate", inputs={**model, "holdout": parts["holdout"]})
    step("check-model", checked, inputs={**model, **parts})
    step("gate", inputs={"metrics": evidence["metrics"]})
    settings = {"run-id": trained.parameter("run-id"), "dataset-hash": "d", "spec-hash": "s", "git-commit": ""}
    registered = step(
        "register", inputs={**model, **evidence, "train": parts["train"], "dataset": rows}, settings=settings
    )
    assert registered.parameter("version") == "1"
    for verb in ("check-data", "check-split", "check-model"):
        report = ran[verb].document("report")
        not_run = {check["name"].partition(" ")[0] for check in report["checks"] if check["state"] == "not-run"}
        print(
            verb,
            name,
            report["counts"],
            [(o["name"], o["reason"]) for o in report["checks"] if o["state"] in ("failed", "not-run", "warned")],
        )
        assert not_run <= NOT_FOR_THESE
        assert report["counts"]["passed"] > 4
    _answers(task_system, name)


def _answers(system: System, name: str) -> None:
    """Load the registered package as a server does, and compare with the bare model."""
    import mlflow
    import pandas as pd

    client = mlflow.MlflowClient(system.tracking, system.tracking)
    version = client.get_model_version_by_alias("flats", "champion")
    loaded = mlflow.pyfunc.load_model(version.source)
    signature = json.loads(version.tags["mlopsctl.signature"])
    assert signature["inputs"] == {"rooms": "int64", "size": "float64", "district": "string"}
    rows = pd.read_parquet(system.folder / "rows" / "rows.parquet").head(5)
    answers = loaded._model_impl.predict(rows)
    assert list(answers.columns) == list(signature["outputs"])
    if name == "classes":
        assert signature["outputs"]["kind"] == "string"
        assert set(answers["kind"]) <= {"small", "medium", "large"}
        assert answers.drop(columns="kind").sum(axis=1).tolist() == pytest.approx([1.0] * 5)
    else:
        assert answers["price"].tolist() == pytest.approx(rows["size"] * 10 + 100, rel=0.5)
