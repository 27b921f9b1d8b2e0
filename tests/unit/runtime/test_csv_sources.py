"""CSV sources and files of rows; the oracle is Python's own csv and json modules and its whole numbers."""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path
from typing import Any

import pytest
from blueprints import blueprints
from hypothesis import given, settings
from hypothesis import strategies as st
from unit.runtime.doubles import NOW, call_of

from mlopsctl.blueprint.model.features import Column, Source
from mlopsctl.engines.feast.backend.store import Feast
from mlopsctl.runtime.data import csv_sources, sources, table_files
from mlopsctl.runtime.step_context import StepContext, StepFailed

pytestmark = pytest.mark.oracle

WORDS = [
    "NA",
    "N/A",
    "None",
    "null",
    "nan",
    "NaN",
    "NULL",
    "n/a",
    "-",
    "007",
    "1e3",
    "true",
    " a ",
    'b"c',
    "d,e",
    "#N/A",
]
BIG = st.integers(-(2**63), 2**63 - 1)


def source(columns: dict[str, str], *, created: str | None = None, nullable: bool = True) -> Source:
    listed = tuple(Column(name, kind, nullable, None, None, (), "") for name, kind in columns.items())
    more: dict[str, Any] = {"table": None, "query": None, "warehouse": None, "cadence": None, "push": False}
    return Source(
        "facts", "csv", "data/facts.csv", event_time="ts", created_time=created, columns=listed, **more,
        description="", tags={},
    )  # fmt: skip


def write(folder: Path, header: list[str], rows: list[list[str]]) -> Path:
    file = folder / "data" / "facts.csv"
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", newline="") as stream:
        csv.writer(stream).writerows([header, *rows])
    return file


def call(folder: Path) -> tuple[StepContext, list[dict[str, Any]]]:
    return call_of(blueprints("quickstart", "local")["quickstart"], folder, "build-dataset")


def cells(values: Any) -> list[Any]:
    import pandas as pd

    return [None if pd.isna(value) else value for value in values]


@settings(max_examples=40, deadline=None)
@given(
    rows=st.lists(
        st.tuples(
            st.one_of(st.none(), st.sampled_from(WORDS)), st.one_of(st.none(), BIG), st.one_of(st.none(), st.booleans())
        ),
        min_size=1,
        max_size=8,
    ),
    nullable=st.booleans(),
)
def test_a_cell_is_read_as_it_is_written_and_only_an_empty_one_is_missing(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[Any, ...]], nullable: bool
) -> None:
    folder = tmp_path_factory.mktemp("csv")
    written = [["" if cell is None else str(cell) for cell in row] for row in rows]
    file = write(folder, ["ts", "text", "whole", "truth"], [["2026-01-01", *row] for row in written])
    facts = source({"text": "string", "whole": "int64", "truth": "bool"}, nullable=nullable)
    table = csv_sources.rows(str(file), facts)
    assert list(zip(*(cells(table[name]) for name in ("text", "whole", "truth")), strict=True)) == rows
    context, _ = call(folder)
    csv_sources.copy_csv(context, [facts])
    import pyarrow.parquet as pq

    copied = pq.read_table(folder / ".mlops" / "csv" / "data" / "facts.csv.parquet").to_pylist()
    assert [(row["text"], row["whole"], row["truth"]) for row in copied] == rows
    assert [each.name for each in file.parent.iterdir()] == ["facts.csv"]


@pytest.mark.parametrize("name", ["ts", "written"])
@pytest.mark.parametrize("value", ["1767398400", "1767398400000", "20260103", "1767398400.5"])
def test_a_time_that_is_a_bare_number_is_refused_with_its_column_and_field(
    tmp_path: Path, name: str, value: str
) -> None:
    row = {"ts": "2026-01-01", "written": "2026-01-01", name: value}
    file = write(tmp_path, list(row), [list(row.values())])
    with pytest.raises(
        StepFailed, match=rf"`facts`: `{name}` must be timestamp.*spec.data.sources.facts.columns.{name}"
    ):
        csv_sources.rows(str(file), source({}, created="written"))


@pytest.mark.parametrize("kind", ["int64", "float64"])
@pytest.mark.parametrize("dtype", ["int64", "float64"])
def test_a_parquet_time_that_is_a_bare_number_is_refused(tmp_path: Path, kind: str, dtype: str) -> None:
    import pandas as pd

    (tmp_path / "data").mkdir()
    pd.DataFrame({"ts": pd.Series([1767398400], dtype=dtype), "x": [1]}).to_parquet(tmp_path / "data" / "facts")
    facts = parquet(source({"x": kind}))
    with pytest.raises(
        StepFailed, match=r"`facts`: `ts` must be timestamp.*bare number.*spec.data.sources.facts.eventTime"
    ):
        sources.read(call(tmp_path)[0], facts, ["x"], None, NOW, Feast(call(tmp_path)[0]).rows)


def parquet(source: Source) -> Source:
    from msgspec.structs import replace

    return replace(source, type="parquet", path="data/facts")


def test_whole_numbers_with_gaps_of_a_parquet_file_stay_exact(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    (tmp_path / "data").mkdir()
    keys = [2**53 + 1, None, -(2**63), 5]
    times = pa.array([NOW.replace(hour=hour) for hour in range(4)], pa.timestamp("us", tz="UTC"))
    pq.write_table(pa.table({"ts": times, "key": pa.array(keys, pa.int64())}), tmp_path / "data" / "facts")
    table = sources.read(
        call(tmp_path)[0], parquet(source({"key": "int64"})), ["key"], None, NOW, Feast(call(tmp_path)[0]).rows
    )
    assert cells(table["key"]) == keys


def test_an_undated_row_is_left_out_with_a_count_and_never_beats_a_dated_correction(tmp_path: Path) -> None:
    rows = [
        ["2026-01-01", "", "1"],
        ["2026-01-01", "2026-01-03", "3"],
        ["2026-01-01", "2026-01-02", "2"],
        ["", "", "4"],
    ]
    write(tmp_path, ["ts", "written", "x"], rows)
    context, said = call(tmp_path)
    table = sources.read(
        context, source({"x": "int64"}, created="written"), ["x"], None, NOW, Feast(call(tmp_path)[0]).rows
    )
    assert cells(table["x"]) == [1, 2, 3]
    assert [line["message"] for line in said] == ["1 rows of `facts` have no `ts` and are dropped"]


def test_a_row_with_more_cells_than_the_header_is_refused(tmp_path: Path) -> None:
    file = write(tmp_path, ["ts", "x"], [["2026-01-01", "1", "2"]])
    with pytest.raises(StepFailed, match="not a readable CSV file"):
        csv_sources.rows(str(file), source({"x": "int64"}))


def test_a_copy_is_made_again_when_the_file_or_a_type_changes_and_only_then(tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    file = write(tmp_path, ["ts", "x"], [["2026-01-01", "1"]])
    context, said = call(tmp_path)
    copy = tmp_path / ".mlops" / "csv" / "data" / "facts.csv.parquet"
    for columns, rows in (({"x": "int64"}, 1), ({"x": "int64"}, 1), ({"x": "string"}, 2)):
        csv_sources.copy_csv(context, [source(columns)])
        assert len(said) == rows
    assert pq.read_table(copy)["x"].to_pylist() == ["1"]
    times = file.stat()
    file.write_text("ts,x\n2026-01-01,22\n")
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))
    csv_sources.copy_csv(context, [source({"x": "string"})])
    assert pq.read_table(copy)["x"].to_pylist() == ["22"]


@pytest.mark.parametrize("ending", ["csv", "jsonl"])
def test_rows_to_score_keep_keys_and_texts_as_the_file_has_them(tmp_path: Path, ending: str) -> None:
    rows = [{"key": str(2**53 + 1), "plan": "NA"}, {"key": "007", "plan": "None"}, {"key": "2026-01-01", "plan": "nan"}]
    file = tmp_path / f"rows.{ending}"
    if ending == "csv":
        write(tmp_path, ["key", "plan", "other"], [[*row.values(), "1"] for row in rows]).replace(file)
        table = table_files.read_csv(str(file), ["key", "plan", "unknown"])
    else:
        file.write_text("".join(json.dumps({**row, "other": 1}) + "\n" for row in rows))
        table = table_files.read_json_lines(file, ["key", "plan", "unknown"])
    assert table[["key", "plan"]].to_dict("records") == rows
    assert table["other"].tolist() == [1, 1, 1]


def test_the_copy_of_a_file_in_an_object_store_lies_in_a_folder_of_its_own(tmp_path: Path) -> None:
    """The oracle is fsspec's in-memory store, the interface through which every object store is read and written."""
    import fsspec
    import pyarrow.parquet as pq
    from msgspec.structs import replace

    store = fsspec.filesystem("memory")
    store.pipe("/lake/raw/facts.csv", b"ts,x\n2026-01-01,1\n2026-01-02,2\n")
    context, _ = call(tmp_path)
    csv_sources.copy_csv(context, [replace(source({"x": "int64"}), path="memory://lake/raw/facts.csv")])
    assert store.ls("/lake/raw", detail=False) == ["/lake/raw/.mlops", "/lake/raw/facts.csv"]
    with store.open("/lake/raw/.mlops/csv/facts.csv.parquet") as file:
        assert pq.read_table(file)["x"].to_pylist() == [1, 2]
