"""The steps, called as engines call them: from raw rows to a registered and watched model, twice."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from e2e.system import NOW, SPEC, Ran, System, blueprint_of, make, write_data

from mlopsctl.blueprint import codec

# Some of the libraries warn of each other.
pytestmark = [pytest.mark.e2e, pytest.mark.oracle, pytest.mark.filterwarnings("ignore")]
ORDER = (
    "materialize",
    "build-dataset",
    "check-data",
    "split",
    "check-split",
    "train",
    "evaluate",
    "check-model",
    "gate",
    "register",
)


def chain(system: System, run: str, steps: tuple[str, ...] = ORDER, **more: Any) -> dict[str, Ran]:
    """Run a training pipeline, each step with what the Blueprint hands it."""
    pipeline = next(pipeline for pipeline in system.blueprint.pipelines if pipeline.purpose == "train")
    defaults = {parameter.name: parameter.default for parameter in pipeline.parameters} | {"git-commit": "0a1b2c3"}
    ran: dict[str, Ran] = {}
    for step in pipeline.steps:
        if step.name not in steps:
            continue
        place = system.folder / "out" / run
        inputs = {input_.name: place / input_.step / input_.output for input_ in step.inputs}
        settings = {
            parameter.name: parameter.value
            if parameter.value is not None
            else defaults[parameter.pipeline]
            if parameter.pipeline
            else (place / str(parameter.step) / str(parameter.output)).read_text()
            for parameter in step.parameters
        }
        ran[step.name] = system.step(step.verb, run=run, inputs=inputs, settings=settings, **more)
        assert ran[step.name].code == 0, ran[step.name].text
    return ran


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> System:
    return make(tmp_path_factory.mktemp("steps"))


@pytest.fixture(scope="module")
def first(system: System) -> dict[str, Ran]:
    return chain(system, "first")


def client(system: System) -> Any:
    import mlflow

    return mlflow.MlflowClient(system.tracking, system.tracking)


def dataset(ran: Ran, name: str = "dataset") -> Any:
    import pandas as pd

    return pd.read_parquet(ran.outputs[name] / "rows.parquet")


def variant(system: System, name: str, spec: str) -> Path:
    """Write the Blueprint of another spec for the same folder."""
    file = system.folder / f"{name}.json"
    file.write_text(codec.dumps(blueprint_of(spec)))
    return file


def test_a_chain_ends_with_a_registered_version_under_its_alias(system: System, first: dict[str, Ran]) -> None:
    assert first["register"].parameter("version") == "1"
    version = client(system).get_model_version_by_alias("churn", "champion")
    assert (str(version.version), version.run_id) == ("1", first["train"].parameter("run-id"))
    assert version.tags["mlopsctl.dataset-hash"] == first["build-dataset"].parameter("dataset-hash")
    assert version.tags["mlopsctl.git-commit"] == "0a1b2c3"
    assert json.loads(version.tags["mlopsctl.gates"]).keys() == {"roc_auc", "brier"}
    signature = json.loads(version.tags["mlopsctl.signature"])
    assert signature["inputs"] == {
        "visits_7d": "int64",
        "spend_30d": "float64",
        "tickets": "int64",
        "price_per_visit": "float64",
        "plan": "string",
        "price": "float64",
    }
    assert signature["outputs"] == {"left": "float64"}
    snapshot = Path(version.tags["mlopsctl.snapshot"].removeprefix("file://"))
    assert snapshot.read_bytes() == (first["split"].outputs["train"] / "rows.parquet").read_bytes()


def test_the_registered_package_has_a_signature_an_example_and_its_own_code(
    system: System, first: dict[str, Ran]
) -> None:
    from mlflow.models import Model

    version = client(system).get_model_version_by_alias("churn", "champion")
    folder = Path(version.source.removeprefix("file://"))
    model = Model.load(str(folder))
    assert model.signature.inputs.input_names() == ["customer_id", "plan", "price"]
    assert model.load_input_example(str(folder)).columns.tolist() == ["customer_id", "plan", "price"]
    assert set(model.flavors) == {"python_function", "sklearn"}
    assert {path.name for path in (folder / "code").iterdir()} == {"churn", "mlopsctl_served"}


def test_calling_every_step_again_registers_nothing_new(system: System, first: dict[str, Ran]) -> None:
    before = client(system).get_model_version("churn", "1").tags["mlopsctl.package"]
    again = chain(system, "again", tuple(step for step in ORDER if not step.startswith("check")))
    # The package that was made again is not kept: the version would be refused as one whose files were changed.
    assert client(system).get_model_version("churn", "1").tags["mlopsctl.package"] == before
    for step, name in (("build-dataset", "dataset-hash"), ("train", "run-id"), ("register", "version")):
        assert again[step].parameter(name) == first[step].parameter(name)
    assert len(client(system).search_model_versions("name = 'churn'")) == 1
    assert "registered before" in again["register"].said


def test_views_are_loaded_up_to_now_and_say_how_new_they_are(first: dict[str, Ran], system: System) -> None:
    newest = str(int((NOW - timedelta(hours=1)).timestamp()))
    assert first["materialize"].parameter("timestamp-customer_activity") == newest
    assert first["materialize"].parameter("timestamp-customer_support") == newest
    again = system.step("materialize", run="loaded", settings={"mode": "incremental", "views": "customer_activity"})
    since = (NOW - timedelta(days=1)).isoformat()  # rows of the last day may still have come late
    assert f"view `customer_activity` is loaded since {since}" in again.said
    assert again.parameter("timestamp-customer_support") == "NaN"
    full = system.step("materialize", run="full", settings={"mode": "full", "views": ""})
    assert full.code == 0
    assert full.parameter("timestamp-customer_support") == newest


def test_labels_younger_than_their_delay_are_left_out(system: System, first: dict[str, Ran]) -> None:
    import pandas as pd

    rows = dataset(first["build-dataset"])
    source = pd.read_parquet(system.folder / "data" / "contracts.parquet")
    old = source[source["ts"] <= pd.Timestamp(NOW - timedelta(days=7))]
    assert len(rows) == len(old) < len(source)
    assert rows["event_timestamp"].max() == old["ts"].max()
    assert f"{len(source) - len(old)} rows are dropped" in first["build-dataset"].said


def test_the_join_is_the_one_made_by_other_means(system: System, first: dict[str, Ran]) -> None:
    import pandas as pd

    rows = dataset(first["build-dataset"])
    activity = pd.read_parquet(system.folder / "data" / "activity.parquet").sort_values("ts")
    support = pd.read_csv(system.folder / "data" / "support.csv", parse_dates=["ts"]).sort_values("ts")
    for source, columns in ((activity, ["visits_7d", "spend_30d"]), (support, ["tickets"])):
        expected = pd.merge_asof(
            rows[["customer_id", "event_timestamp"]],
            source.assign(ts=source["ts"].astype("datetime64[us, UTC]")),
            left_on="event_timestamp",
            right_on="ts",
            by="customer_id",
            tolerance=pd.Timedelta(days=3),
        )
        for name in columns:
            pd.testing.assert_series_equal(rows[name], expected[name].astype("float64"), check_names=False)
    value = rows["price"] / rows["visits_7d"].clip(lower=1)
    pd.testing.assert_series_equal(rows["price_per_visit"], value, check_names=False)
    assert rows["tickets"].isna().any()


def test_the_holdout_is_the_newest_stretch_that_ends_with_the_labels_delay(first: dict[str, Ran]) -> None:
    train, holdout = dataset(first["split"], "train"), dataset(first["split"], "holdout")
    end = NOW - timedelta(days=7)
    start = end - timedelta(days=14)
    assert train["event_timestamp"].max() <= start < holdout["event_timestamp"].min()
    assert holdout["event_timestamp"].max() <= end
    assert len(train) + len(holdout) == len(dataset(first["build-dataset"]))


def test_each_check_is_reported_as_json_and_as_a_small_page(first: dict[str, Ran]) -> None:
    for step in ("check-data", "check-split", "check-model"):
        report = first[step].document("report")
        assert report["passed"] is True
        assert report["counts"]["passed"] == sum(check["state"] == "passed" for check in report["checks"]) > 0
        page = (first[step].outputs["report"] / "report.html").read_text()
        assert all(check["name"] in page for check in report["checks"])
        assert len(page) < 50_000
    columns = [check["name"] for check in first["check-data"].document("report")["checks"]]
    assert "column plan" in columns
    assert "DataDuplicates" in columns


def test_a_metric_is_measured_as_scikit_learn_measures_it(first: dict[str, Ran]) -> None:
    import mlflow.sklearn
    from sklearn.metrics import f1_score, roc_auc_score

    model = mlflow.sklearn.load_model(str(first["train"].outputs["model"]))
    rows = dataset(first["split"], "holdout")
    inputs = ["visits_7d", "spend_30d", "tickets", "price_per_visit", "plan", "price"]
    metrics = first["evaluate"].document("metrics")
    scores = model.predict_proba(rows[inputs])[:, 1]
    assert metrics["metrics"]["roc_auc"] == pytest.approx(roc_auc_score(rows["left"], scores))
    assert metrics["metrics"]["f1"] == pytest.approx(f1_score(rows["left"], model.predict(rows[inputs])))
    assert metrics["served"] is None
    assert metrics["skipped"] == {}
    assert metrics["plots"]["roc"][0] == [0.0, 0.0]
    assert metrics["plots"]["roc"][-1] == [1.0, 1.0]
    assert set(metrics["plots"]["importance"]) == set(inputs)


def test_a_gate_that_does_not_hold_refuses_and_nothing_is_registered(system: System, first: dict[str, Ran]) -> None:
    place = system.folder / "out" / "first"
    strict = variant(system, "strict", SPEC.replace("roc_auc: {min: 0.7, maxDrop: 0.02}", "roc_auc: {min: 0.999}"))
    refused = system.step("gate", run="strict", inputs={"metrics": place / "evaluate" / "metrics"}, blueprint=strict)
    assert refused.code == 3
    assert refused.parameter("passed") == "false"
    assert "spec.checks.gates.roc_auc" in refused.last
    verdict = refused.document("verdict")
    assert [(gate["metric"], gate["passed"]) for gate in verdict["gates"]] == [("roc_auc", False), ("brier", True)]
    inputs = {name: place / step / name for step, name in (("train", "model"), ("evaluate", "metrics"))}
    inputs |= {"verdict": refused.outputs["verdict"], "train": place / "split" / "train"}
    settings = {"run-id": first["train"].parameter("run-id"), "dataset-hash": "", "spec-hash": "", "git-commit": ""}
    again = system.step("register", run="strict", inputs=inputs, settings=settings)
    assert again.code == 3
    assert not again.outputs["version"].exists()


def test_a_model_worse_than_the_served_one_is_refused(system: System, first: dict[str, Ran]) -> None:
    """A model that knows nothing passes its own bounds, and is held against version 1."""
    code = system.folder / "churn" / "guess.py"
    code.write_text(
        "from sklearn.dummy import DummyClassifier\n\n\n"
        "def train(features, label, params):\n"
        "    return DummyClassifier(strategy='prior').fit(features, label)\n"
    )
    spec = SPEC.replace("churn.train:train", "churn.guess:train").replace("min: 0.7, maxDrop", "min: 0.4, maxDrop")
    worse = variant(system, "worse", spec)
    place = system.folder / "out" / "first" / "split"
    trained = system.step("train", run="worse", inputs={"train": place / "train"}, blueprint=worse)
    assert trained.code == 0, trained.text
    assert trained.parameter("run-id") != first["train"].parameter("run-id")
    inputs = {"model": trained.outputs["model"], "holdout": place / "holdout"}
    measured = system.step("evaluate", run="worse", inputs=inputs, blueprint=worse)
    document = measured.document("metrics")
    assert document["served"]["version"] == "1"
    assert document["served"]["metrics"] == first["evaluate"].document("metrics")["metrics"]
    refused = system.step("gate", run="worse", inputs={"metrics": measured.outputs["metrics"]}, blueprint=worse)
    assert refused.code == 3
    assert "worse than version 1; at most 0.02 is allowed" in refused.said
    assert str(client(system).get_model_version_by_alias("churn", "champion").version) == "1"


def test_recent_rows_that_are_like_the_training_rows_do_not_drift(system: System, first: dict[str, Ran]) -> None:
    gauges = system.folder / "calm.prom"
    watched = system.step("monitor", run="calm", more=("--metrics", str(gauges)))
    assert watched.code == 0, watched.text
    assert watched.parameter("drifted") == "false"
    assert 0 < float(watched.parameter("drift-visits_7d")) < 0.35
    assert float(watched.parameter("quality")) > 0.6
    assert f'column="visits_7d",method="ks"}} {watched.parameter("drift-visits_7d")}' in gauges.read_text()


def test_recent_rows_that_have_moved_are_said_to_drift(system: System, first: dict[str, Ran]) -> None:
    write_data(system.folder, shift=1.0)
    try:
        watched = system.step("monitor", run="drifted")
    finally:
        write_data(system.folder)
    assert watched.code == 0, watched.text
    assert watched.parameter("drifted") == "true"
    assert float(watched.parameter("drift-visits_7d")) > 0.8
    assert float(watched.parameter("drift-plan")) < 0.35
    states = {check["name"]: check["state"] for check in watched.document("report")["checks"]}
    assert states["drift-visits_7d"] == "failed"
    assert states["drift-plan"] == "passed"


def test_a_column_without_recent_values_drifts_and_its_share_of_missing_values_is_exported(
    system: System, first: dict[str, Ran]
) -> None:
    import numpy as np
    import pandas as pd

    file, gauges = system.folder / "data" / "contracts.parquet", system.folder / "missing.prom"
    rows = pd.read_parquet(file)
    recent = pd.to_datetime(rows["ts"], utc=True) > NOW - timedelta(days=7)
    try:
        rows.assign(plan=rows["plan"].mask(recent & (np.arange(len(rows)) % 2 == 0))).to_parquet(file)
        watched = system.step("monitor", run="missing", more=("--metrics", str(gauges)))
    finally:
        write_data(system.folder)
    assert watched.code == 0, watched.text
    assert watched.parameter("drifted") == "true"
    assert float(watched.parameter("missing-plan")) == pytest.approx(0.5, abs=0.02)
    assert watched.parameter("missing-visits_7d") == "0"
    lines = gauges.read_text().splitlines()
    assert [line.split()[-1] for line in lines if "mlops_missing_share{" in line and 'column="plan"' in line] == [
        watched.parameter("missing-plan")
    ]


def test_nothing_served_and_no_recent_rows_are_told_and_no_number_is_made_up(
    system: System, first: dict[str, Ran]
) -> None:
    idle = system.step("monitor", run="idle", now=NOW + timedelta(days=300))
    assert idle.code == 0, idle.text
    assert {idle.parameter(name) for name in idle.outputs if name not in ("report", "drifted")} == {"NaN"}
    assert idle.parameter("drifted") == "false"
    empty = {"MLFLOW_TRACKING_URI": f"sqlite:///{system.folder / 'empty.db'}"}
    fresh = system.step("monitor", run="fresh", environ=empty)
    assert fresh.code == 0, fresh.text
    assert "no version is served yet" in fresh.said


def test_a_package_for_another_kind_of_request_is_another_run_of_the_same_rows(
    system: System, first: dict[str, Ran]
) -> None:
    """Else `register` would find the run registered before, and keep the package that asks for something else."""
    plain = variant(system, "plain", SPEC.replace("{model: champion, features: churn_inputs,", "{model: champion,"))
    inputs = {"train": system.folder / "out" / "first" / "split" / "train"}
    trained = system.step("train", run="plain", inputs=inputs, blueprint=plain)
    assert trained.code == 0, trained.text
    assert trained.parameter("run-id") != first["train"].parameter("run-id")
    contract = json.loads((trained.outputs["model"] / "mlopsctl" / "contract.json").read_text())
    assert contract["asks"] == "inputs"
