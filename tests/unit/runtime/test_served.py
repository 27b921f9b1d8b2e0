"""The code that travels inside a package: vectors, lookups, answers."""

from __future__ import annotations

import ast
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from unit.runtime.doubles import Asked, server

from mlopsctl.runtime import served
from mlopsctl.runtime.served import contract as words
from mlopsctl.runtime.served.lookup import FeatureServerError, HttpLookup
from mlopsctl.runtime.served.scorer import Scorer
from mlopsctl.runtime.served.vectors import TransformError, vectors

pytestmark = pytest.mark.oracle
NOW = 1_000_000.0
VIEW = words.View("activity", "id", 100, (words.Column("visits", "int64"), words.Column("spend", "float64")))
CONTRACT = words.Contract(
    system="s",
    task="binary-classification",
    label="left",
    label_type="bool",
    flavor="mlflow.sklearn",
    asks="request",
    server="http://feast:6566",
    keys=(words.Column("id", "int64"),),
    request=(words.Column("price", "float64"),),
    views=(VIEW,),
    transforms=(
        words.Transform(
            "value",
            f"{__name__}:value",
            (words.TransformInput(None, "price"), words.TransformInput("activity", "visits")),
            (words.Column("per_visit", "float64"),),
        ),
    ),
    inputs=(
        words.Input("visits", "int64", words.VIEW, "activity"),
        words.Input("per_visit", "float64", words.TRANSFORM, "value"),
        words.Input("price", "float64", words.REQUEST, ""),
    ),
)


def value(frame: Any) -> Any:
    """Stand for a user's transform."""
    assert list(frame.columns) == ["price", "visits"]
    if (frame["price"] < 0).any():
        raise ValueError("a price below zero")
    if (frame["price"] == 999).any():
        return frame
    return frame.assign(per_visit=frame["price"] / frame["visits"])[["per_visit"]].reset_index(drop=True)


def feast(asked: Asked) -> tuple[int, Any]:
    """Answer as Feast's server does: keys and features as columns, unknown ones without a value."""
    times = {1: "1970-01-12T13:46:30Z", 2: "1970-01-12T13:40:00Z"}
    ids = asked.body["entities"]["id"]
    rows = {"id": ids, "activity__visits": [{1: 4, 2: 5}.get(i) for i in ids]}
    rows["activity__spend"] = [{1: 1.5}.get(i) for i in ids]
    stamps = [times.get(i, "1970-01-01T00:00:00Z") for i in ids]
    results = [
        {"values": values, "statuses": ["PRESENT"] * len(ids), "event_timestamps": stamps} for values in rows.values()
    ]
    return 200, {"metadata": {"feature_names": list(rows)}, "results": results}


@pytest.fixture
def lookup() -> Iterator[HttpLookup]:
    with server(feast) as (address, _):
        made = HttpLookup(address, clock=lambda: NOW)
        yield made
        made.close()


def frame(**columns: list[Any]) -> Any:
    import pandas as pd

    return pd.DataFrame(columns)


def test_a_contract_is_the_same_after_writing_and_reading(tmp_path: Path) -> None:
    (tmp_path / "contract.json").write_text(words.text(CONTRACT))
    assert words.read(tmp_path / "contract.json") == CONTRACT


def test_a_vector_has_the_inputs_in_order_with_transforms_run_on_what_was_found(lookup: HttpLookup) -> None:
    rows = frame(price=[8.0, 3.0], id=[1, 3])
    found = Scorer(CONTRACT, None, lookup).inputs(rows)
    assert list(found.columns) == ["visits", "per_visit", "price"]
    assert found.iloc[0].tolist() == [4.0, 2.0, 8.0]
    assert found.iloc[1].isna().tolist() == [True, True, False]
    assert [str(kind) for kind in found.dtypes] == ["float64", "float64", "float64"]


def test_a_value_older_than_its_ttl_is_missing(lookup: HttpLookup) -> None:
    found = lookup.rows(CONTRACT, frame(id=[1, 2]))
    assert found["activity__visits"].tolist() == [4, None]


def test_rows_that_have_the_inputs_already_are_not_looked_up() -> None:
    rows = frame(price=[8.0], visits=[4], per_visit=[2.0])
    found = Scorer(CONTRACT, None, HttpLookup("http://127.0.0.1:9")).inputs(rows)
    assert found.iloc[0].tolist() == [4.0, 2.0, 8.0]


@pytest.mark.parametrize("lacking", ["id", "price"])
def test_a_request_without_a_column_is_told_which(lookup: HttpLookup, lacking: str) -> None:
    rows = frame(price=[8.0], id=[1]).drop(columns=lacking)
    with pytest.raises(ValueError, match=f"there is no column `{lacking}`"):
        Scorer(CONTRACT, None, lookup).inputs(rows)


def test_a_missing_key_is_told(lookup: HttpLookup) -> None:
    with pytest.raises(ValueError, match="`id` is missing in a row"):
        lookup.rows(CONTRACT, frame(id=[1, None]))


@pytest.mark.parametrize(
    ("price", "message"),
    [(-1.0, "raised ValueError: a price below zero"), (999.0, "returned no column `per_visit`")],
)
def test_a_transform_that_fails_is_named(price: float, message: str) -> None:
    found = frame(activity__visits=[4], activity__spend=[1.0])
    with pytest.raises(TransformError, match=f"of transform `value` {message}"):
        vectors(CONTRACT, found, frame(price=[price]))


def test_the_rows_keep_their_index_whatever_a_transform_does_to_it() -> None:
    import pandas as pd

    index = pd.Index([7, 3])
    found = frame(activity__visits=[4, 2], activity__spend=[1.0, 1.0]).set_axis(index, axis=0)
    made = vectors(CONTRACT, found, frame(price=[8.0, 2.0]).set_axis(index, axis=0))
    assert made.index.tolist() == [7, 3]
    assert made["per_visit"].tolist() == [2.0, 1.0]


def test_a_closed_connection_is_opened_again_and_a_refusal_is_told(lookup: HttpLookup) -> None:
    first = lookup.rows(CONTRACT, frame(id=[1]))
    lookup._local.connection.sock.close()
    assert lookup.rows(CONTRACT, frame(id=[1])).equals(first)
    with server(lambda _: (422, {})) as (address, _):
        refused = HttpLookup(address)
        with pytest.raises(FeatureServerError, match="answered 422"):
            refused.rows(CONTRACT, frame(id=[1]))
        refused.close()
    with pytest.raises(FeatureServerError, match=r"the feature server 127.0.0.1:9 does not answer"):
        HttpLookup("127.0.0.1:9").rows(CONTRACT, frame(id=[1]))


def test_threads_have_connections_of_their_own() -> None:
    with server(feast) as (address, asked):
        shared = HttpLookup(address, clock=lambda: NOW)
        found: list[Any] = []

        def work() -> None:
            found.append(shared.rows(CONTRACT, frame(id=[1]))["activity__visits"].tolist())
            shared.close()

        threads = [threading.Thread(target=work) for _ in range(8)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
    assert found == [[4]] * 8
    assert len(asked) == 8


class Estimator:
    """Knows two classes, by the sum of a row."""

    classes_ = ("no", "yes")

    def predict(self, rows: Any) -> Any:
        import numpy as np

        return np.asarray(["yes" if one > 10 else "no" for one in rows.sum(axis=1)])

    def predict_proba(self, rows: Any) -> Any:
        import numpy as np

        share = np.clip(rows.sum(axis=1).to_numpy() / 20, 0, 1)
        return np.column_stack([1 - share, share])


def test_of_two_classes_the_answer_is_the_probability_of_the_second() -> None:
    rows = frame(price=[8.0, 1.0], visits=[4, 1], per_visit=[2.0, 1.0])
    found = Scorer(CONTRACT, Estimator(), HttpLookup("nobody")).predict(rows)
    assert list(found.columns) == ["left"]
    assert found["left"].tolist() == [0.7, 0.15]


def test_of_more_classes_the_answer_is_the_class_and_each_probability() -> None:
    from dataclasses import replace

    rows = frame(price=[8.0, 1.0], visits=[4, 1], per_visit=[2.0, 1.0])
    contract = replace(CONTRACT, task="multiclass-classification")
    found = Scorer(contract, Estimator(), HttpLookup("nobody")).predict(rows)
    assert found.to_dict("list") == {
        "left": ["yes", "no"],
        "left_no": [0.30000000000000004, 0.85],
        "left_yes": [0.7, 0.15],
    }


def test_what_travels_with_a_model_imports_nothing_of_the_tool() -> None:
    for file in Path(served.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.ImportFrom) and not node.level:
                assert not str(node.module).startswith("mlopsctl"), file
            if isinstance(node, ast.Import):
                assert not any(one.name.startswith("mlopsctl") for one in node.names), file
