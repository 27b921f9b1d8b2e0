"""The code that travels inside a package: vectors, lookups, answers."""

from __future__ import annotations

import ast
import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from unit.runtime.doubles import Request, server

from mlopsctl.runtime import scoring
from mlopsctl.runtime.scoring import contract as words
from mlopsctl.runtime.scoring.columns import cast
from mlopsctl.runtime.scoring.lookup import FeatureServerError, HttpLookup, fresh
from mlopsctl.runtime.scoring.scorer import OutsideContractError, Scorer, UnknownEntityError
from mlopsctl.runtime.scoring.vectors import TransformError, column, vectors

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


def feast(request: Request) -> tuple[int, Any]:
    """Answer as Feast's server does: keys and features as columns, unknown ones without a value."""
    times = {1: "1970-01-12T13:46:30Z", 2: "1970-01-12T13:40:00Z"}
    ids = request.body["entities"]["id"]
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
        lookup = HttpLookup(address, clock=lambda: NOW)
        yield lookup
        lookup.close()


def frame(**columns: list[Any]) -> Any:
    import pandas as pd

    return pd.DataFrame(columns)


def test_a_contract_is_the_same_after_writing_and_reading(tmp_path: Path) -> None:
    (tmp_path / "contract.json").write_text(words.text(CONTRACT))
    assert words.read(tmp_path / "contract.json") == CONTRACT


def test_a_vector_has_the_inputs_in_order_with_transforms_run_on_what_was_found(lookup: HttpLookup) -> None:
    rows = frame(price=[8.0, 3.0], id=[1, 3])
    inputs = Scorer(CONTRACT, None, lookup).inputs(rows)
    assert list(inputs.columns) == ["visits", "per_visit", "price"]
    assert inputs.iloc[0].tolist() == [4.0, 2.0, 8.0]
    assert inputs.iloc[1].isna().tolist() == [True, True, False]
    assert [str(kind) for kind in inputs.dtypes] == ["float64", "float64", "float64"]


def test_a_value_older_than_its_ttl_is_missing(lookup: HttpLookup) -> None:
    rows = lookup.rows(CONTRACT, frame(id=[1, 2]))
    assert rows["activity__visits"].tolist() == [4, None]


def test_rows_that_have_the_inputs_already_are_not_looked_up() -> None:
    rows = frame(price=[8.0], visits=[4], per_visit=[2.0])
    inputs = Scorer(CONTRACT, None, HttpLookup("http://127.0.0.1:9")).inputs(rows)
    assert inputs.iloc[0].tolist() == [4.0, 2.0, 8.0]


@pytest.mark.parametrize("lacking", ["id", "price"])
def test_a_request_without_a_column_is_told_which(lookup: HttpLookup, lacking: str) -> None:
    rows = frame(price=[8.0], id=[1]).drop(columns=lacking)
    with pytest.raises(ValueError, match=f"there is no column `{lacking}`"):
        Scorer(CONTRACT, None, lookup).inputs(rows)


def test_a_time_that_the_feature_server_writes_as_unix_seconds_is_that_moment() -> None:
    """Feast's patched JSON writes `unix_timestamp_val` as a whole number of seconds."""
    from feast.proto_json import patch
    from feast.protos.feast.types.Value_pb2 import Value
    from google.protobuf.json_format import MessageToJson

    patch()
    sent = json.loads(MessageToJson(Value(unix_timestamp_val=1767398400)))
    views = (words.View("v", "id", 60, (words.Column("seen", "timestamp"),)),)
    features = fresh(
        replace(CONTRACT, views=views), {column("v", "seen"): ([sent, None], [])}, frame(id=[1, 2]).index, NOW
    )
    times = cast(features["v__seen"], "timestamp", "seen", may_miss=True)
    assert times[0].isoformat() == "2026-01-03T00:00:00+00:00"
    assert times.isna().tolist() == [False, True]


def test_a_missing_key_is_told(lookup: HttpLookup) -> None:
    with pytest.raises(ValueError, match="`id`, a key of the feature lookup, is missing in a row"):
        lookup.rows(CONTRACT, frame(id=[1, None]))


@pytest.mark.parametrize(
    ("price", "message"),
    [(-1.0, "raised ValueError: a price below zero"), (999.0, "returned no column `per_visit`")],
)
def test_a_transform_that_fails_is_named(price: float, message: str) -> None:
    features = frame(activity__visits=[4], activity__spend=[1.0])
    with pytest.raises(TransformError, match=f"of transform `value` {message}"):
        vectors(CONTRACT, features, frame(price=[price]))


def test_the_rows_keep_their_index_whatever_a_transform_does_to_it() -> None:
    import pandas as pd

    index = pd.Index([7, 3])
    features = frame(activity__visits=[4, 2], activity__spend=[1.0, 1.0]).set_axis(index, axis=0)
    inputs = vectors(CONTRACT, features, frame(price=[8.0, 2.0]).set_axis(index, axis=0))
    assert inputs.index.tolist() == [7, 3]
    assert inputs["per_visit"].tolist() == [2.0, 1.0]


def test_a_closed_connection_is_opened_again_and_a_refusal_is_told(lookup: HttpLookup) -> None:
    first = lookup.rows(CONTRACT, frame(id=[1]))
    lookup._local.connection.sock.close()
    assert lookup.rows(CONTRACT, frame(id=[1])).equals(first)
    with server(lambda _: (422, {})) as (address, _):
        refused = HttpLookup(address)
        with pytest.raises(FeatureServerError, match="responded 422"):
            refused.rows(CONTRACT, frame(id=[1]))
        refused.close()
    with pytest.raises(FeatureServerError, match=r"the feature server 127.0.0.1:9 does not respond"):
        HttpLookup("127.0.0.1:9").rows(CONTRACT, frame(id=[1]))


def test_threads_have_connections_of_their_own() -> None:
    with server(feast) as (address, requests):
        shared = HttpLookup(address, clock=lambda: NOW)
        visits: list[Any] = []

        def work() -> None:
            visits.append(shared.rows(CONTRACT, frame(id=[1]))["activity__visits"].tolist())
            shared.close()

        threads = [threading.Thread(target=work) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert visits == [[4]] * 8
    assert len(requests) == 8


class Estimator:
    """Knows two classes, by the sum of a row."""

    classes_ = ("no", "yes")

    def predict(self, rows: Any) -> Any:
        import numpy as np

        return np.asarray(["yes" if total > 10 else "no" for total in rows.sum(axis=1)])

    def predict_proba(self, rows: Any) -> Any:
        import numpy as np

        share = np.clip(rows.sum(axis=1).to_numpy() / 20, 0, 1)
        return np.column_stack([1 - share, share])


def test_of_two_classes_the_answer_is_the_probability_of_the_second() -> None:
    rows = frame(price=[8.0, 1.0], visits=[4, 1], per_visit=[2.0, 1.0])
    predictions = Scorer(CONTRACT, Estimator(), HttpLookup("nobody")).predict(rows)
    assert list(predictions.columns) == ["left"]
    assert predictions["left"].tolist() == [0.7, 0.15]


def test_of_more_classes_the_answer_is_the_class_and_each_probability() -> None:
    from dataclasses import replace

    rows = frame(price=[8.0, 1.0], visits=[4, 1], per_visit=[2.0, 1.0])
    contract = replace(CONTRACT, task="multiclass-classification")
    predictions = Scorer(contract, Estimator(), HttpLookup("nobody")).predict(rows)
    assert predictions.to_dict("list") == {
        "left": ["yes", "no"],
        "left_no": [0.30000000000000004, 0.85],
        "left_yes": [0.7, 0.15],
    }


def test_what_travels_with_a_model_imports_nothing_of_the_tool() -> None:
    for file in Path(scoring.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.ImportFrom) and not node.level:
                assert not str(node.module).startswith("mlopsctl"), file
            if isinstance(node, ast.Import):
                assert not any(name.name.startswith("mlopsctl") for name in node.names), file


class Constant:
    """An estimator that scores every row alike."""

    def __init__(self, *classes: Any) -> None:
        self.classes_ = list(classes)

    def predict(self, rows: Any) -> Any:
        return [self.classes_[-1]] * len(rows)

    def predict_proba(self, rows: Any) -> Any:
        return [[1 / len(self.classes_)] * len(self.classes_)] * len(rows)


UNKNOWN = {"price": [8.0, 8.0, 8.0], "id": [1, 7, 2]}
"""The first is known, the second was never stored, and the third is older than the ttl."""


def scorer(lookup: Any, *classes: Any, **changed: Any) -> Scorer:
    from dataclasses import replace

    return Scorer(replace(CONTRACT, **changed), Constant(*(classes or (0, 1))), lookup)


def test_an_unknown_entity_is_answered_like_any_other_where_the_set_says_nothing(lookup: HttpLookup) -> None:
    answers = scorer(lookup).predict(frame(**UNKNOWN))
    assert answers.to_dict("list") == {"left": [0.5, 0.5, 0.5]}


def test_an_unknown_entity_is_refused(lookup: HttpLookup) -> None:
    with pytest.raises(UnknownEntityError, match="2 of 3 rows have no stored features by `id`"):
        scorer(lookup, unknown_entity="refuse").predict(frame(**UNKNOWN))
    assert len(scorer(lookup, unknown_entity="refuse").predict(frame(price=[8.0], id=[1]))) == 1


def test_an_unknown_entity_is_answered_and_told(lookup: HttpLookup) -> None:
    answers = scorer(lookup, unknown_entity="answer").predict(frame(**UNKNOWN))
    assert answers.to_dict("list") == {"left": [0.5, 0.5, 0.5], "left_entity_known": [True, False, False]}


def test_an_unknown_entity_gets_the_default_answer_and_is_told(lookup: HttpLookup) -> None:
    answers = scorer(lookup, unknown_entity="default", default_answer=0.02).predict(frame(**UNKNOWN))
    assert answers.to_dict("list") == {"left": [0.5, 0.02, 0.02], "left_entity_known": [True, False, False]}


def test_the_default_of_several_classes_is_one_of_them_without_scores(lookup: HttpLookup) -> None:
    task = {"task": "multiclass-classification", "unknown_entity": "default", "default_answer": "a"}
    answers = scorer(lookup, "a", "b", "c", **task).predict(frame(**UNKNOWN))
    assert answers["left"].tolist() == ["c", "a", "a"]
    assert answers["left_a"].isna().tolist() == [False, True, True]


def test_a_request_field_is_missing_only_where_it_may(lookup: HttpLookup) -> None:
    rows = frame(price=[8.0, None], id=[1, 1])
    with pytest.raises(ValueError, match="`price` is missing in 1 of 2 rows, but not nullable"):
        scorer(lookup).predict(rows)
    own = frame(price=[8.0, None], visits=[4, None], per_visit=[2.0, None])
    with pytest.raises(ValueError, match="`price` is missing in 1 of 2 rows"):
        scorer(lookup).predict(own)
    inputs = (*CONTRACT.inputs[:2], words.Input("price", "float64", words.REQUEST, "", nullable=True))
    loose = scorer(lookup, request=(words.Column("price", "float64", nullable=True),), inputs=inputs)
    assert loose.inputs(rows)["price"].isna().tolist() == [False, True]
    assert len(loose.predict(own)) == 2


def test_a_nullable_whole_number_is_a_float_whether_one_is_missing_or_not(lookup: HttpLookup) -> None:
    inputs = (words.Input("price", "int64", words.REQUEST, "", nullable=True),)
    loose = scorer(lookup, request=(words.Column("price", "int64", nullable=True),), inputs=inputs)
    dtypes = {str(loose.inputs(frame(price=prices, id=[1, 1]))["price"].dtype) for prices in ([8, 9], [8, None])}
    assert dtypes == {"float64"}


def test_a_field_that_only_a_transform_reads_is_asked_for_and_not_given_to_the_model(lookup: HttpLookup) -> None:
    inputs = scorer(lookup, inputs=CONTRACT.inputs[:2]).inputs(frame(price=[8.0], id=[1]))
    assert inputs.to_dict("list") == {"visits": [4.0], "per_visit": [2.0]}


@pytest.mark.parametrize(
    ("bounds", "message"),
    [
        ({"min": 5.0}, "`price` must be at least 5.0, but is not in 1 of 3 rows"),
        ({"max": 7.0}, "`price` must be at most 7.0, but is not in 1 of 3 rows"),
        ({"values": (4.0, 6.0)}, "`price` must be one of 4.0, 6.0, but is not in 1 of 3 rows"),
    ],
)
def test_a_value_outside_the_contract_is_refused_where_the_set_says_so(
    lookup: HttpLookup, bounds: dict[str, Any], message: str
) -> None:
    rows = frame(price=[6.0, 4.0 if "min" in bounds else 8.0, 6.0], id=[1, 1, 1])
    strict = scorer(lookup, request=(words.Column("price", "float64", **bounds),))
    with pytest.raises(OutsideContractError, match=message):
        strict.predict(rows)
    assert len(strict.predict(rows.drop(index=1))) == 2


def test_a_bound_is_held_to_values_that_came_as_text() -> None:
    """Rows of a CSV file are texts until they are typed."""
    bounded = replace(CONTRACT, request=(words.Column("price", "float64", min=0.0),), views=(), transforms=())
    bounded = replace(bounded, inputs=(words.Input("price", "float64", words.REQUEST, ""),))
    assert Scorer(bounded, None, HttpLookup("http://127.0.0.1:9")).inputs(frame(price=["7", "10"]))["price"].sum() == 17
    with pytest.raises(OutsideContractError, match=r"`price` must be at least 0\.0, but is not in 1 of 2"):
        Scorer(bounded, None, HttpLookup("http://127.0.0.1:9")).inputs(frame(price=["7", "-10"]))
