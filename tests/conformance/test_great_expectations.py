"""The real Great Expectations: what it has, what it reads of a rendered context, and what the check step runs."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from expectations import blueprint
from libraries import environment
from msgspec.structs import replace

from mlopsctl.blueprint import codec
from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.checks import Check, CheckStage
from mlopsctl.engines.great_expectations.expectations import ExpectationType, expectation_types
from mlopsctl.engines.great_expectations.target import render
from mlopsctl.runtime.data.artifacts import INPUT, KEY, LABEL, TIME, Dataset, DatasetColumn, Schema, write_dataset

pd = pytest.importorskip("pandas")
pytestmark = pytest.mark.oracle
HERE = Path(__file__).parent
CATALOGUE = HERE.parents[1] / "mlopsctl/engines/great_expectations/data/great-expectations-1.24.1.json"
QUIET = {"GX_ANALYTICS_ENABLED": "false", "TQDM_DISABLE": "1"}
COLUMNS = (
    DatasetColumn("card_id", "string", KEY),
    DatasetColumn("event_timestamp", "timestamp", TIME),
    DatasetColumn("txn_count_1h", "int64", INPUT),
    DatasetColumn("amount", "float64", INPUT),
    DatasetColumn("country", "string", INPUT),
    DatasetColumn("is_fraud", "bool", LABEL),
)


def rows(**wrong: list[Any]) -> Any:
    """Return four rows that hold, with the columns that do not."""
    good = {
        "card_id": ["c1", "c2", "c3", "c4"],
        "event_timestamp": pd.date_range("2026-01-01", periods=4, freq="h", tz="UTC"),
        "txn_count_1h": [1.0, 2.0, 3.0, 4.0],
        "amount": [1.5, 2.5, 3.5, 4.5],
        "country": ["DE", "FR", "FR", "DE"],
        "is_fraud": [0, 1, 0, 0],
    }
    return pd.DataFrame({**good, **wrong})


def ran(python: Path, *arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [str(argument) for argument in (python, *arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd, env=environment(**QUIET))


def opened(python: Path, blueprint: Blueprint, folder: Path, *words: str) -> Any:
    """Write the context, open it with the library, and return what it says."""
    for file in render(blueprint):
        path = folder / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(file.content)
    said = ran(python, HERE / "great_expectations_context.py", folder, "card-fraud-data", *words, cwd=folder)
    assert said.returncode == 0, said.stderr[-3000:]
    return json.loads(said.stdout.splitlines()[-1])


def written(blueprint: Blueprint) -> list[list[str]]:
    file = next(file for file in render(blueprint) if "/expectations/" in file.path)
    return [
        [expectation["type"], expectation["id"], expectation["severity"]]
        for expectation in json.loads(file.content)["expectations"]
    ]


def test_the_catalogue_says_what_the_package_says(great_expectations: Path) -> None:
    read = ran(great_expectations, HERE / "introspect_great_expectations.py", cwd=HERE)
    assert read.returncode == 0, read.stderr[-2000:]
    assert json.loads(read.stdout) == json.loads(CATALOGUE.read_text(encoding="utf-8"))


def test_every_rendered_expectation_is_loaded_and_holds_on_good_rows(great_expectations: Path, tmp_path: Path) -> None:
    (tmp_path / "dataset").mkdir()
    rows().to_parquet(tmp_path / "dataset" / "rows.parquet")
    said = opened(great_expectations, blueprint(), tmp_path, "run")
    assert said["expectations"] == written(blueprint())
    assert said["definitions"] == ["card-fraud-data"]
    assert said["success"] is True


SAMPLES = {
    "column": "amount",
    "column_A": "amount",
    "column_B": "txn_count_1h",
    "column_list": ["amount", "txn_count_1h"],
    "value_set": [1, "=cmd|' /C calc'!A0", "{{ 7*7 }}", "no", "${HOME}"],
    "value_pairs_set": [[1, 2]],
    "quantile_ranges": {"quantiles": [0.5], "value_ranges": [[0, 10]]},
    "type_": "float64",
    "regex": "^[a-z]+$",
    "regex_list": ["a", "b"],
    "strftime_format": "%Y",
    "value": 3,
    "sum_total": 5,
    "threshold": 3,
    "double_sided": True,
}


def sample(known: ExpectationType) -> Check:
    """Return a check with the least that an expectation needs, and with words that break what is not encoded."""
    params = {name: SAMPLES[name] for name, param in known.params.items() if param.required}
    if "min_value" in known.params:
        params["min_value"] = 1
    return Check(f"{known.type}: {{{{ $x }}}}\n#", params, {}, known.type)


def test_every_expectation_of_the_catalogue_is_loaded_with_hostile_values(
    great_expectations: Path, tmp_path: Path
) -> None:
    system = blueprint()
    assert system.checks
    stage = CheckStage(
        "data", None, tuple(sample(expectation_type) for expectation_type in expectation_types().values())
    )
    whole = replace(system, checks=replace(system.checks, stages=(stage,)))
    assert opened(great_expectations, whole, tmp_path)["expectations"] == written(whole)


def checked(python: Path, blueprint: Blueprint, data: Any, folder: Path) -> tuple[int, dict[str, Any], str]:
    """Run the check step as a workflow does; return its exit code, its report and what it said."""
    (folder / "blueprint.json").write_text(codec.dumps(blueprint))
    write_dataset(folder / "in", Dataset(data, Schema(COLUMNS, len(data), "2026-01-02T00:00:00+00:00")))
    places = ["--blueprint", "blueprint.json", "--in", "dataset=in", "--out", "report=out", "--work", "work"]
    said = ran(python, "-m", "mlopsctl", "step", "check-data", *places, cwd=folder)
    report = folder / "out" / "report.json"
    return said.returncode, json.loads(report.read_text()) if report.is_file() else {}, said.stdout + said.stderr


def test_the_check_step_runs_the_rendered_documents(great_expectations: Path, tmp_path: Path) -> None:
    code, report, said = checked(great_expectations, blueprint(), rows(), tmp_path)
    assert code == 0, said
    assert report["counts"]["failed"] == 0
    conditions = [condition for check in report["checks"] for condition in check["conditions"]]
    assert len(conditions) == len(written(blueprint()))
    for file in render(blueprint()):
        used = (tmp_path / "work" / "great-expectations" / file.path).read_text()
        if file.path.endswith(".json"):
            assert json.loads(used) == json.loads(file.content)


def test_the_check_step_refuses_what_does_not_hold_and_what_cannot_run(
    great_expectations: Path, tmp_path: Path
) -> None:
    system = blueprint()
    assert system.checks
    lost = Check("Lost", {"column": "nowhere", "min_value": 1}, {}, "expect_column_values_to_be_between")
    stage = replace(system.checks.stages[0], checks=(*system.checks.stages[0].checks, lost))
    bad = rows(txn_count_1h=[1.0, None, -3.0, 4.0], country=["DE", "GB", "DE", "FR"], amount=[2.5] * 4)
    whole = replace(system, checks=replace(system.checks, stages=(stage,)))
    code, report, said = checked(great_expectations, whole, bad, tmp_path)
    checks = {check["name"]: check for check in report["checks"]}
    assert code == 3, said
    assert checks["column txn_count_1h"]["state"] == "failed"
    assert "at least 0: 1 of 4 rows violate it, such as -3.0" in checks["column txn_count_1h"]["reason"]
    assert "is never missing: 1 of 4 rows violate it" in checks["column txn_count_1h"]["reason"]
    assert checks["column country"]["reason"] == "one of DE, FR: 1 of 4 rows violate it, such as GB"
    assert (checks["AmountsDiffer"]["state"], checks["AmountsDiffer"]["refuses"]) == ("warned", False)
    assert checks["CardsLookRight"]["state"] == "passed"
    assert (checks["Lost"]["state"], checks["Lost"]["refuses"]) == ("not-run", True)


def test_an_expectation_that_the_library_would_drop_stops_the_step(great_expectations: Path, tmp_path: Path) -> None:
    system = blueprint()
    assert system.checks
    unknown = Check("Typo", {"column": "amount"}, {}, "expect_column_values_to_be_unqiue")
    dropped = replace(system, checks=replace(system.checks, stages=(CheckStage("data", None, (unknown,)),)))
    code, _, said = checked(great_expectations, dropped, rows(), tmp_path)
    assert code == 1
    assert "ignores expect_column_values_to_be_unqiue" in said


def test_an_image_without_the_library_is_told_which_extra_it_needs(tmp_path: Path) -> None:
    if find_spec("great_expectations"):
        pytest.skip("great-expectations is installed beside the tests")
    code, _, said = checked(Path(sys.executable), blueprint(), rows(), tmp_path)
    assert code == 1
    assert "the image needs `mlopsctl[great-expectations]`" in said
