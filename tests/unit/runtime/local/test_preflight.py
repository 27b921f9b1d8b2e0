"""What is looked at before a run's first step; the files are written by pandas and pyarrow themselves."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from blueprints import blueprints
from msgspec.structs import replace

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.runtime.local.preflight import faults

pytestmark = pytest.mark.oracle
EXAMPLES = Path(__file__).resolve().parents[4] / "examples"
TIMES = [datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC)]
ACTIVITY = {"customer_id": ["a", "b"], "ts": TIMES, "visits_7d": [1, 2], "spend_30d": [1.0, 2.0]}
CONTRACTS = {"customer_id": ["a", "b"], "ts": TIMES, "plan": ["basic", "family"], "left": [True, False]}


def parquet(file: Path, columns: Mapping[str, Any]) -> None:
    import pandas as pd

    pd.DataFrame(dict(columns)).to_parquet(file)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    shutil.copytree(EXAMPLES / "quickstart" / "churn", tmp_path / "churn")
    (tmp_path / "data").mkdir()
    parquet(tmp_path / "data" / "activity.parquet", ACTIVITY)
    parquet(tmp_path / "data" / "contracts.parquet", CONTRACTS)
    return tmp_path


@pytest.fixture
def quickstart() -> Blueprint:
    return blueprints("quickstart", "local")["quickstart"]


def messages(blueprint: Blueprint, home: Path) -> dict[str, str]:
    return {fault.field: fault.message for fault in faults(blueprint, home, "/usr/bin:/bin")}


def test_a_whole_project_has_no_fault(quickstart: Blueprint, home: Path) -> None:
    assert messages(quickstart, home) == {}


@pytest.mark.parametrize(
    ("file", "columns", "field", "said"),
    [
        (
            "activity",
            {"visits_7d": None},
            "columns.visits_7d",
            "has no column `visits_7d`; its columns: customer_id, ts",
        ),
        ("activity", {"ts": ["2026-01-01", "2026-01-02"]}, "columns.ts", "must be timestamp, but is "),
        ("activity", {"ts": [1767398400, 1767398401]}, "columns.ts", "must be timestamp, but is int64"),
        ("activity", {"spend_30d": ["1", "2"]}, "columns.spend_30d", "must be float64, but is "),
        ("contracts", {"left": None}, "columns.left", "has no column `left`"),
        ("contracts", {"ts": [1767398400, 1767398401]}, "columns.ts", "must be timestamp, but is int64"),
    ],
)
def test_a_column_that_is_not_as_the_spec_has_it_is_named(
    quickstart: Blueprint, home: Path, file: str, columns: dict[str, list[object] | None], field: str, said: str
) -> None:
    rows = {**(ACTIVITY if file == "activity" else CONTRACTS), **columns}
    parquet(home / "data" / f"{file}.parquet", {name: values for name, values in rows.items() if values is not None})
    by_path = messages(quickstart, home)
    assert list(by_path) == [f"spec.data.sources.{file}.{field}"]
    assert said in by_path[f"spec.data.sources.{file}.{field}"]


def test_labels_may_have_their_times_as_texts(quickstart: Blueprint, home: Path) -> None:
    texts = {**CONTRACTS, "ts": ["2026-01-01", "2026-01-02"]}
    parquet(home / "data" / "contracts.parquet", texts)
    assert messages(quickstart, home) == {}


def test_a_file_that_is_away_and_one_that_is_damaged_are_two_faults(quickstart: Blueprint, home: Path) -> None:
    (home / "data" / "activity.parquet").unlink()
    (home / "data" / "contracts.parquet").write_bytes(b"PAR1 and no more")
    by_path = messages(quickstart, home)
    assert "does not exist" in by_path["spec.data.sources.activity.path"]
    assert "is not a readable Parquet file" in by_path["spec.data.sources.contracts.path"]


def test_the_header_of_csv_is_read_with_its_mark_and_quotes(quickstart: Blueprint, home: Path) -> None:
    model = quickstart.model
    assert model
    rows = replace(model.label.rows, type="csv", path="data/contracts.csv")
    system = replace(quickstart, model=replace(model, label=replace(model.label, rows=rows)))
    file = home / "data" / "contracts.csv"
    file.write_text('\ufeff"customer_id","ts",plan,"left"\r\n"a",2026-01-01,basic,true\r\n')
    assert messages(system, home) == {}
    file.write_text("customer_id;ts;plan;left\n")
    assert set(messages(system, home)) == {
        f"spec.data.sources.contracts.columns.{name}" for name in ("customer_id", "ts", "plan", "left")
    }


def test_code_that_cannot_be_imported_is_named_where_the_spec_does(quickstart: Blueprint, home: Path) -> None:
    train = home / "churn" / "train.py"
    train.write_text(train.read_text().replace("import pandas as pd", "import pandas as pd\nimport xgbost_zz"))
    (home / "churn" / "features.py").write_text("")
    by_path = messages(quickstart, home)
    assert "imports `xgbost_zz`, which is not installed" in by_path["spec.model.code.entrypoint"]
    assert "has no function `spend_per_visit`" in by_path["spec.features.transforms.spend_per_visit.function"]


def test_a_program_that_is_not_there_is_a_fault(quickstart: Blueprint, home: Path) -> None:
    assert quickstart.model
    for words, field in ((("no-such-program",), ["spec.model.code.command"]), (("sh", "train.sh"), [])):
        system = replace(quickstart, model=replace(quickstart.model, entrypoint=None, command=words))
        assert list(messages(system, home)) == field
