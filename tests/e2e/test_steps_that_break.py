"""What goes wrong in the user's part, or around it: one clear line that names the field, and nothing half-made."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from e2e.system import NOW, SPEC, Ran, System, blueprint_of, make

from mlopsctl.blueprint import codec

pytestmark = [pytest.mark.e2e, pytest.mark.oracle, pytest.mark.filterwarnings("ignore")]
HIDDEN = "hunter2-and-more"


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> System:
    return make(tmp_path_factory.mktemp("broken"))


@pytest.fixture
def contracts(system: System) -> Iterator[Callable[[Any], None]]:
    """Replace the labelled rows for a test."""
    import pandas as pd

    file = system.folder / "data" / "contracts.parquet"
    kept = file.read_bytes()
    yield lambda change: change(pd.read_parquet(file)).to_parquet(file)
    file.write_bytes(kept)


@pytest.fixture
def activity(system: System) -> Iterator[Callable[[Any], None]]:
    """Replace the rows of a view for a test."""
    import pandas as pd

    file = system.folder / "data" / "activity.parquet"
    kept = file.read_bytes()
    yield lambda change: change(pd.read_parquet(file)).to_parquet(file)
    file.write_bytes(kept)


def broke(ran: Ran, field: str, words: str) -> None:
    """Hold a broken step to its promise: code 1, one line that names the field, no traceback, nothing made."""
    assert ran.code == 1, ran.text
    assert "Traceback" not in ran.text
    assert words in ran.last
    assert field in ran.last
    assert ran.lines[-1]["outcome"] == "broken"
    assert not any(path.exists() for path in ran.outputs.values())


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        (lambda rows: rows.drop(columns="plan"), "spec.data.sources.contracts.columns.plan", "has no column `plan`"),
        (lambda rows: rows.drop(columns="ts"), "spec.data.sources.contracts.columns.ts", "has no column `ts`"),
        (
            lambda rows: rows.assign(price="dear"),
            "spec.data.sources.contracts.columns.price",
            "`price` must be float64",
        ),
        (lambda rows: rows.assign(left="perhaps"), "spec.data.labels.churned", "is not a boolean"),
        (lambda rows: rows.assign(ts="some day"), "spec.data.sources.contracts.eventTime", "`ts` must be timestamp"),
        (lambda rows: rows.head(0), "spec.data.sources.contracts", "has no rows before"),
        (lambda rows: rows.assign(left=None), "spec.data.labels.churned", "is missing in all 432 rows"),
        (lambda rows: rows.tail(5), "spec.data.labels.churned.delay", "all 5 rows are younger"),
    ],
    ids=["column", "time-column", "type", "label-type", "time-type", "empty", "no-labels", "young"],
)
def test_labelled_rows_that_are_not_as_the_spec_says_break_the_build(
    system: System, contracts: Callable[[Any], None], change: Any, field: str, words: str
) -> None:
    contracts(change)
    broke(system.step("build-dataset", run="rows"), field, words)


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        (lambda rows: rows.drop(columns="visits_7d"), "activity.columns.visits_7d", "has no column `visits_7d`"),
        (lambda rows: rows.assign(visits_7d="many"), "activity.columns.visits_7d", "must be int64, but is"),
        (lambda rows: rows.assign(ts=rows["ts"].astype(str)), "activity.columns.ts", "must be timestamp"),
        (lambda rows: rows.assign(customer_id=7), "activity.columns.customer_id", "must be string, but is int64"),
    ],
    ids=["column", "type", "time", "key"],
)
@pytest.mark.parametrize("verb", ["materialize", "build-dataset"])
def test_features_that_are_not_as_the_spec_says_break_before_any_is_read(
    system: System, activity: Callable[[Any], None], verb: str, change: Any, field: str, words: str
) -> None:
    activity(change)
    broke(system.step(verb, run="features"), f"spec.data.sources.{field}", words)


def test_a_view_without_rows_is_said_to_be_empty_and_its_features_are_missing(
    system: System, activity: Callable[[Any], None]
) -> None:
    activity(lambda rows: rows.head(0))
    loaded = system.step("materialize", run="no-rows")
    assert loaded.code == 0, loaded.text
    assert "view `customer_activity` has no row younger than its ttl" in loaded.said
    assert loaded.parameter("timestamp-customer_activity") == "NaN"
    built = system.step("build-dataset", run="no-rows")
    assert built.code == 0, built.text
    assert _read(built)["visits_7d"].isna().all()


def _read(ran: Ran) -> Any:
    import pandas as pd

    return pd.read_parquet(ran.outputs["dataset"] / "rows.parquet")


def test_a_file_that_is_not_there_or_not_parquet_is_named(system: System) -> None:
    file = system.folder / "data" / "activity.parquet"
    kept = file.read_bytes()
    try:
        file.unlink()
        broke(
            system.step("materialize", run="gone"),
            "spec.data.sources.activity.path",
            "data/activity.parquet does not exist",
        )
        file.write_text("ts,visits\n")
        broke(
            system.step("materialize", run="text"), "spec.data.sources.activity.path", "is not a readable Parquet file"
        )
    finally:
        file.write_bytes(kept)


def test_a_transform_that_raises_is_named_with_what_it_said(system: System) -> None:
    file = system.folder / "churn" / "features.py"
    kept = file.read_text()
    try:
        file.write_text("def value(frame):\n    return frame['prise']\n")
        ran = system.step("build-dataset", run="transform")
    finally:
        file.write_text(kept)
    broke(ran, "spec.features.transforms", "`churn.features:value` of transform `value` raised KeyError: 'prise'")


@pytest.fixture(scope="module")
def rows(system: System) -> Path:
    """Write training rows without Feast: a step asks only for the folder."""
    import numpy as np
    import pandas as pd

    from mlopsctl.runtime.data.artifacts import Dataset, DatasetColumn, Schema, write_dataset

    kinds = {"visits_7d": "int64", "spend_30d": "float64", "tickets": "int64", "price_per_visit": "float64"}
    kinds |= {"plan": "string", "price": "float64"}
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({name: rng.integers(0, 9, 60).astype(float) for name in kinds})
    days = pd.date_range(NOW - timedelta(days=60), periods=60, freq="D").astype("datetime64[us, UTC]")
    frame = frame.assign(customer_id="c", event_timestamp=days, plan="basic", left=[0, 1] * 30)
    columns = (
        DatasetColumn("customer_id", "string", "key"),
        DatasetColumn("event_timestamp", "timestamp", "time"),
        *(DatasetColumn(name, kind, "input") for name, kind in kinds.items()),
        DatasetColumn("left", "bool", "label"),
    )
    folder = system.folder / "rows"
    schema = Schema(columns, len(frame), NOW.isoformat())
    write_dataset(folder, Dataset(frame[[column.name for column in columns]], schema))
    return folder


def with_code(system: System, name: str, body: str, entrypoint: str = "") -> Path:
    """Write a training module, and the Blueprint of a spec that uses it."""
    (system.folder / "churn" / f"{name}.py").write_text(body)
    spec = SPEC.replace("churn.train:train", entrypoint or f"churn.{name}:train")
    file = system.folder / f"{name}.json"
    file.write_text(codec.dumps(blueprint_of(spec)))
    return file


HEAD = "def train(features, label, params):\n"
CASES = {
    "raises": (
        HEAD + "    raise ValueError('no such depth')\n",
        "raised ValueError: no such depth (churn/raises.py:2)",
    ),
    "nothing": (HEAD + "    features.sum()\n", "returned nothing; it must return the trained estimator"),
    "number": (HEAD + "    return 7\n", "returned an object of type `int`, which has no `predict` method"),
    "leaves": (HEAD + "    raise SystemExit(0)\n", "raised SystemExit: 0 (churn/leaves.py:2)"),
    "syntax": ("def train(\n", "`churn.syntax` cannot be imported: SyntaxError"),
    "lacks": ("def fit(): ...\n", "module `churn.lacks` has no function `train`"),
    "needs": ("import no_such_library\n", "there is no module `no_such_library`"),
    "narrow": (
        HEAD
        + "    class Narrow:\n        def predict(self, rows): return rows['no_such_column']\n    return Narrow()\n",
        "the model cannot predict its own training rows: KeyError: 'no_such_column'",
    ),
    "unpicklable": (
        HEAD + "    import threading\n    class Odd:\n"
        "        def __init__(self): self.lock = threading.Lock()\n"
        "        def predict(self, rows): return [0] * len(rows)\n"
        "    return Odd()\n",
        "a Odd cannot be saved as mlflow.sklearn",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_training_code_that_fails_is_told_with_its_own_line(system: System, rows: Path, name: str) -> None:
    body, words = CASES[name]
    ran = system.step("train", run=name, inputs={"train": rows}, blueprint=with_code(system, name, body))
    fields = {"unpicklable": "spec.model.flavor", "narrow": "spec.model.code"}
    broke(ran, fields.get(name, "spec.model.code.entrypoint"), words)


def test_what_training_code_prints_and_raises_hides_secrets(system: System, rows: Path) -> None:
    body = (
        "import os, subprocess, sys\n"
        + HEAD
        + "    print('key', os.environ['STORE_PASSWORD'])\n"
        + "    sys.stderr.write('url ' + os.environ['DATABASE_URL'] + '\\n')\n"
        + "    subprocess.run([sys.executable, '-c', 'import os; print(os.environ[\"STORE_PASSWORD\"][::1])'])\n"
        + "    os.write(1, ('raw ' + os.environ['STORE_PASSWORD'] + '\\n').encode())\n"
        + "    raise RuntimeError('refused ' + os.environ['STORE_PASSWORD'])\n"
    )
    environ = {"STORE_PASSWORD": HIDDEN, "DATABASE_URL": f"postgresql://me:{HIDDEN}@db/features"}
    blueprint = with_code(system, "prints", body)
    ran = system.step("train", run="prints", inputs={"train": rows}, blueprint=blueprint, environ=environ)
    assert ran.code == 1
    assert HIDDEN not in ran.text
    printed = [line["message"] for line in ran.lines if line.get("stream") == "output"]
    hidden = sorted(line for line in printed if "***" in line)
    assert hidden == ["***", "key ***", "raw ***", "url postgresql://me:***@db/features"]
    assert "raised RuntimeError: refused ***" in ran.last


def test_a_command_trains_by_the_paths_in_its_environment(system: System, rows: Path) -> None:
    program = (
        "import json, os, pathlib, pandas as pd, joblib\n"
        "from sklearn.tree import DecisionTreeClassifier\n"
        "rows = pd.read_parquet(os.environ['MLOPSCTL_TRAIN'])\n"
        "inputs = [name for name in json.loads(os.environ['MLOPSCTL_INPUTS']) if name != 'plan']\n"
        "assert json.loads(os.environ['MLOPSCTL_PARAMS']) == {'depth': 2}\n"
        "from churn.numbers import OnNumbers\n"
        "model = OnNumbers(inputs).fit(rows, rows[os.environ['MLOPSCTL_LABEL']])\n"
        "joblib.dump(model, pathlib.Path(os.environ['MLOPSCTL_MODEL']) / 'model.joblib')\n"
    )
    (system.folder / "churn" / "numbers.py").write_text(
        "from sklearn.tree import DecisionTreeClassifier\n\n\n"
        "class OnNumbers(DecisionTreeClassifier):\n"
        "    def __init__(self, names=()):\n        super().__init__(random_state=0)\n        self.names = names\n"
        "    def fit(self, rows, label):\n        return super().fit(rows[self.names], label)\n"
        "    def predict(self, rows):\n        return super().predict(rows[self.names])\n"
        "    def predict_proba(self, rows):\n        return super().predict_proba(rows[self.names])\n"
    )
    (system.folder / "fit.py").write_text(program)
    spec = SPEC.replace('entrypoint: "churn.train:train"', "command: [python, fit.py]")
    file = system.folder / "command.json"
    file.write_text(codec.dumps(blueprint_of(spec)))
    ran = system.step(
        "train", run="command", inputs={"train": rows}, blueprint=file, settings={"params": '{"depth": 2}'}
    )
    assert ran.code == 0, ran.text
    assert (ran.outputs["model"] / "model.pkl").is_file()
    (system.folder / "fit.py").write_text(program + "print('another program')\n")
    other = system.step(
        "train", run="program", inputs={"train": rows}, blueprint=file, settings={"params": '{"depth": 2}'}
    )
    assert other.parameter("run-id") != ran.parameter("run-id"), "or the model of the old program stays registered"
    (system.folder / "fit.py").write_text("print('nothing to do')\n")
    left = system.step("train", run="empty-handed", inputs={"train": rows}, blueprint=file)
    broke(left, "spec.model.code.command", "it wrote nothing")
    (system.folder / "fit.py").write_text("raise SystemExit(4)\n")
    ended = system.step("train", run="ended", inputs={"train": rows}, blueprint=file)
    broke(ended, "spec.model.code.command", "`python` failed with exit code 4")


def test_a_locked_store_is_told_as_such(system: System, rows: Path) -> None:
    assert system.step("train", run="before", inputs={"train": rows}).code == 0
    with sqlite3.connect(system.folder / ".mlops" / "mlflow.db", isolation_level=None) as other:
        other.execute("BEGIN EXCLUSIVE")
        ran = system.step("train", run="locked", inputs={"train": rows})
        other.execute("ROLLBACK")
    other.close()
    broke(ran, "", "another run has locked the sqlite database")


@pytest.fixture(scope="module")
def evidence(system: System, rows: Path) -> tuple[dict[str, Path], dict[str, str]]:
    """Train a model that no gate stands against; give the inputs and parameters that register it."""
    trained = system.step("train", run="kept", inputs={"train": rows})
    assert trained.code == 0, trained.text
    place = system.folder / "out" / "kept"
    (place / "metrics").write_text(json.dumps({"metrics": {"roc_auc": 0.9}, "served": None, "skipped": {}}))
    (place / "verdict").write_text(json.dumps({"passed": True, "served": None, "gates": []}))
    inputs = {"model": trained.outputs["model"], "train": rows, "dataset": rows}
    inputs |= {name: place / name for name in ("metrics", "verdict")}
    return inputs, {"run-id": trained.parameter("run-id"), "dataset-hash": "", "spec-hash": "", "git-commit": ""}


def test_a_registry_that_is_locked_registers_nothing(
    system: System, evidence: tuple[dict[str, Path], dict[str, str]]
) -> None:
    from mlflow import MlflowClient

    inputs, settings = evidence
    with sqlite3.connect(system.folder / ".mlops" / "mlflow.db", isolation_level=None) as other:
        other.execute("BEGIN EXCLUSIVE")
        ran = system.step("register", run="locked", inputs=inputs, settings=settings)
        other.execute("ROLLBACK")
    other.close()
    broke(ran, "", "another run has locked the sqlite database")
    assert MlflowClient(system.tracking, system.tracking).search_model_versions("name = 'churn'") == []


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[None]:
    """Mount a disk that is soon full."""
    folder.mkdir(parents=True, exist_ok=True)
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)], check=False)
    if mounted.returncode:
        pytest.skip("a small disk cannot be mounted here")
    try:
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a small disk")
def test_a_version_that_cannot_be_stored_whole_is_not_registered_and_the_next_call_registers_it(
    system: System, evidence: tuple[dict[str, Path], dict[str, str]]
) -> None:
    from mlflow import MlflowClient

    inputs, settings = evidence
    with small_disk(system.folder / ".mlops" / "artifacts", "32k"):
        ran = system.step("register", run="kept", inputs=inputs, settings=settings)
        client = MlflowClient(system.tracking, system.tracking)
        assert client.search_model_versions("name = 'churn'") == []
    broke(ran, "", "no space left")
    again = system.step("register", run="kept", inputs=inputs, settings=settings)
    assert again.code == 0, again.text
    assert again.parameter("version") == "1"
    assert str(client.get_model_version_by_alias("churn", "champion").version) == "1"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a small disk")
def test_a_full_disk_is_told_as_such_and_leaves_nothing_half_written(system: System, rows: Path) -> None:
    disk = system.folder / "out" / "full"
    with small_disk(disk, "16k"):
        ran = system.step("split", run="full", inputs={"dataset": rows})
        left = sorted(path.name for path in (disk / "split").iterdir()) if (disk / "split").exists() else []
    assert ran.code == 1
    assert "no space left" in ran.last
    assert "holdout" not in left
    assert [name for name in left if name.startswith(".")] == []


def test_a_word_that_is_no_step_a_missing_input_and_a_wrong_time_are_told(system: System) -> None:
    blueprint = ["--blueprint", str(system.folder / "blueprint.json")]
    unknown = system.call(["step", "dance", *blueprint], {})
    assert unknown.code == 2
    assert "there is no step `dance`; steps: materialize, build-dataset" in unknown.text
    assert system.call(["step", "split", *blueprint], {}).last == "step split needs --in dataset=PATH"
    assert "must be a time" in system.call(["step", "split", *blueprint, "--now", "noon"], {}).text
    other = system.call(["step", "split", "--blueprint", str(system.folder / "mlops.yaml")], {})
    assert other.code == 2
    assert "cannot read the blueprint" in other.text
