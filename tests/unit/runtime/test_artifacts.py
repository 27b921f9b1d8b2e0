from __future__ import annotations

import errno
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from mlopsctl.runtime.data.artifacts import (
    INPUT,
    LABEL,
    TIME,
    Dataset,
    DatasetColumn,
    Schema,
    plain,
    read_dataset,
    read_json,
    write_dataset,
    write_json,
    write_parameter,
    written_whole,
)
from mlopsctl.runtime.step_context import StepFailed


def test_a_file_is_there_when_it_is_whole_and_not_before(tmp_path: Path) -> None:
    place = tmp_path / "deep" / "out"
    write_json(place, {"a": 1})
    with pytest.raises(ValueError, match="halfway"), written_whole(place) as file:
        file.write_text("half")
        assert json.loads(place.read_text()) == {"a": 1}
        raise ValueError("halfway")
    assert json.loads(place.read_text()) == {"a": 1}
    assert [path.name for path in place.parent.iterdir()] == ["out"]


def test_a_folder_replaces_what_was_there(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "old").touch()
    with written_whole(tmp_path / "out") as folder:
        folder.mkdir()
        (folder / "new").touch()
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["new"]


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "no space left on the disk to write"),
        (errno.EROFS, "cannot write"),
        (errno.EACCES, "cannot write"),
    ],
)
def test_what_the_file_system_says_in_a_number_is_said_in_words(tmp_path: Path, number: int, words: str) -> None:
    with pytest.raises(StepFailed, match=words), written_whole(tmp_path / "out"):
        raise OSError(number, "as the system says")
    assert list(tmp_path.iterdir()) == []


def test_any_other_error_stays_what_it_is(tmp_path: Path) -> None:
    with pytest.raises(BrokenPipeError), written_whole(tmp_path / "out"):
        raise BrokenPipeError(errno.EPIPE, "gone")


def test_numbers_that_json_has_no_word_for_are_null(tmp_path: Path) -> None:
    write_json(tmp_path / "x", {"nan": float("nan"), "inf": [float("inf")], "tuple": (1, "ä"), "other": datetime.min})
    text = (tmp_path / "x").read_text()
    assert json.loads(text) == {"nan": None, "inf": [None], "tuple": [1, "ä"], "other": "0001-01-01 00:00:00"}
    assert plain({1: True}) == {"1": True}


def test_a_document_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("not json")
    for path in (tmp_path / "x", tmp_path):
        with pytest.raises(StepFailed, match="is not an output of the step before"):
            read_json(path)


def test_a_parameter_that_nobody_asked_for_is_not_written(tmp_path: Path) -> None:
    write_parameter(None, "x")
    write_parameter(tmp_path / "p", "x")
    assert (tmp_path / "p").read_text() == "x"


COLUMNS = (
    DatasetColumn("at", "timestamp", TIME),
    DatasetColumn("name", "string", INPUT),
    DatasetColumn("tags", "array<int64>", INPUT),
    DatasetColumn("y", "bool", LABEL),
)


def rows(**changed: list[Any]) -> Dataset:
    import pandas as pd

    given: dict[str, Any] = {"name": ["a", None], "tags": [[1, 2], None], "y": [0, 1], **changed}
    at = pd.Series([datetime(2026, 1, 1, tzinfo=UTC)] * 2).astype("datetime64[us, UTC]")
    frame = pd.DataFrame({"at": at, **given})
    return Dataset(frame, Schema(COLUMNS, len(frame), "2026-01-02T00:00:00+00:00"))


@pytest.mark.oracle
def test_a_data_set_is_the_same_after_writing_and_reading(tmp_path: Path) -> None:
    schema = write_dataset(tmp_path / "d", rows())
    table = read_dataset(tmp_path / "d")
    assert table.schema == schema
    assert (schema.rows, len(schema.hash)) == (2, 64)
    assert table.label.tolist() == [0, 1]
    assert list(table.inputs.columns) == ["name", "tags"]
    assert table.schema.moment == datetime(2026, 1, 2, tzinfo=UTC)
    assert write_dataset(tmp_path / "e", table).hash == schema.hash


@pytest.mark.oracle
@pytest.mark.parametrize("changed", [{"y": [1, 0]}, {"name": ["a", "b"]}, {"tags": [[2, 1], None]}])
def test_other_content_has_another_hash(tmp_path: Path, changed: Any) -> None:
    assert write_dataset(tmp_path / "d", rows()).hash != write_dataset(tmp_path / "e", rows(**changed)).hash


@pytest.mark.oracle
def test_a_folder_that_is_no_data_set_is_told(tmp_path: Path) -> None:
    with pytest.raises(StepFailed, match=r"is not a data set: it has no schema.json"):
        read_dataset(tmp_path)
