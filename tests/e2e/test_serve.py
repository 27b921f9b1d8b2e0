"""The quickstart served here: vectors and answers as in training, and a clear word for wrong requests."""

from __future__ import annotations

import copy
import json
import os
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from e2e.examples import Example, address, example, processes, request, response, serving

pytestmark = [pytest.mark.e2e, pytest.mark.oracle, pytest.mark.filterwarnings("ignore")]
CUSTOMERS = [f"c{i:05d}" for i in range(0, 200, 7)]


@pytest.fixture(scope="module")
def quickstart(tmp_path_factory: pytest.TempPathFactory) -> Example:
    project = example("quickstart", tmp_path_factory.mktemp("serve"))
    said = project.verb("run")
    assert said.code == 0, said.out + said.err
    return project


@pytest.fixture(scope="module")
def said(quickstart: Example) -> Iterator[str]:
    with serving(quickstart) as service:
        yield service


def of(customers: list[str], plans: list[str]) -> dict[str, Any]:
    """Return a request for several customers."""
    text = {"datatype": "BYTES", "shape": [len(customers)], "parameters": {"content_type": "str"}}
    return {"inputs": [{"name": "customer_id", **text, "data": customers}, {"name": "plan", **text, "data": plans}]}


def test_the_request_that_is_shown_is_answered(said: str) -> None:
    status, answer = response(address(said, "predict"), request(said))
    assert status == 200
    assert answer["outputs"][0]["name"] == "left"
    assert 0 <= answer["outputs"][0]["data"][0] <= 1


def test_the_schema_of_a_request_is_that_of_the_feature_set(said: str) -> None:
    status, answer = response(address(said, "schema"))
    assert status == 200
    assert [(input_["name"], input_["datatype"]) for input_ in answer["inputs"]] == [
        ("customer_id", "BYTES"),
        ("plan", "BYTES"),
    ]
    assert [(output["name"], output["datatype"]) for output in answer["outputs"]] == [("left", "FP64")]


def test_vectors_and_answers_are_the_same_offline_online_and_served(
    quickstart: Example, said: str, tmp_path: Path
) -> None:
    import pandas as pd

    plans = [("basic", "family", "premium")[i % 3] for i in range(len(CUSTOMERS))]
    rows = pd.DataFrame({"customer_id": CUSTOMERS, "plan": plans})
    past = rows.assign(event_timestamp=pd.Timestamp(datetime.now(UTC)))
    offline, online = _vectors(quickstart, past), _vectors(quickstart, rows)
    pd.testing.assert_frame_equal(offline, online)
    assert offline["spend_per_visit"].notna().all()

    trained = _trained(quickstart).predict_proba(offline)[:, 1]
    status, answer = response(address(said, "predict"), of(CUSTOMERS, plans))
    assert status == 200
    assert answer["outputs"][0]["data"] == pytest.approx(trained.tolist(), abs=1e-12)

    for name, given in (("online.csv", rows), ("past.parquet", past)):
        file, scored = tmp_path / name, tmp_path / f"scored-{name}"
        given.to_csv(file, index=False) if name.endswith("csv") else given.to_parquet(file)
        done = quickstart.verb("predict", "--input", str(file), "--output-file", str(scored))
        assert done.code == 0, done.err
        predictions = pd.read_csv(scored) if name.endswith("csv") else pd.read_parquet(scored)
        assert predictions["customer_id"].tolist() == CUSTOMERS
        assert predictions["left"].tolist() == pytest.approx(trained.tolist(), abs=1e-9)


def _vectors(quickstart: Example, rows: Any) -> Any:
    """Compute the model's inputs in a process of its own, which leaves none of Feast's modules behind."""
    import subprocess
    import sys

    import pandas as pd
    from e2e.examples import environment

    given, vectors = quickstart.home / "given.parquet", quickstart.home / "made.parquet"
    rows.to_parquet(given)
    words = [sys.executable, "-c", _VECTORS, str(given), str(vectors)]
    subprocess.run(words, cwd=quickstart.home, env=environment(), check=True, capture_output=True)
    return pd.read_parquet(vectors)


_VECTORS = """\
import sys
from pathlib import Path
import pandas as pd
from mlopsctl.runtime.local.prepare import prepare
from mlopsctl.cli.commands.predict import _context
from mlopsctl.runtime.model import package
from mlopsctl.runtime.local import registered, scoring
from mlopsctl.runtime.scoring.scorer import Scorer

prepared = prepare(None, None)
context = _context(prepared, Path("scratch").absolute())
rows = pd.read_parquet(sys.argv[1])
loaded = package.scorer(registered.find(prepared.blueprint, prepared.layout).folder)
past = "event_timestamp" in rows
lookup = scoring.PastLookup(context, rows["event_timestamp"]) if past else scoring.OnlineLookup(context)
Scorer(loaded.contract, loaded.estimator, lookup).inputs(rows).to_parquet(sys.argv[2])
"""


def _trained(quickstart: Example) -> Any:
    """Load the estimator that the train step made, as its own library saved it."""
    import mlflow.sklearn

    return mlflow.sklearn.load_model(str(quickstart.state / "steps" / "train" / "model"))


def _without(name: str) -> Callable[[list[dict[str, Any]]], object]:
    return lambda inputs: inputs.remove(next(input_ for input_ in inputs if input_["name"] == name))


WRONG: dict[str, tuple[Callable[[list[dict[str, Any]]], object], str]] = {
    "no key": (_without("customer_id"), "input `customer_id` is missing"),
    "no request field": (_without("plan"), "input `plan` is missing"),
    "unknown": (lambda inputs: inputs.append({**inputs[0], "name": "plna"}), "unknown input `plna`"),
    "twice": (lambda inputs: inputs.append(dict(inputs[0])), "duplicate input `customer_id`"),
    "a number": (lambda inputs: inputs[1].update(datatype="FP64", data=[1.5], parameters={}), "must be BYTES"),
    "null": (lambda inputs: inputs[0].update(data=[None]), "input `customer_id` is not nullable"),
    "uneven": (lambda inputs: inputs[1].update(shape=[2], data=["basic", "basic"]), "input `plan` has 2 rows"),
    "another shape": (lambda inputs: inputs[1].update(shape=[3]), "its shape declares 3"),
    "a table": (lambda inputs: inputs[1].update(shape=[1, 2], data=["a", "b"]), "not [1, 2]"),
    "no rows": (lambda inputs: [input_.update(shape=[0], data=[]) for input_ in inputs], "the request has no rows"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_request_is_told_what_is_wrong_with_it(said: str, name: str) -> None:
    change, message = WRONG[name]
    body = copy.deepcopy(request(said))
    change(body["inputs"])
    status, answer = response(address(said, "predict"), body)
    assert status == 422
    assert message in answer["error"]


@pytest.mark.parametrize("raw", [b"{", b"[]", b'{"inputs": 7}', b"", b'{"inputs": [{"name": "plan"}]}', b"\xff\xfe"])
def test_what_is_no_request_at_all_is_refused(said: str, raw: bytes) -> None:
    assert 400 <= response(address(said, "predict"), raw=raw)[0] < 500


def test_a_model_that_is_not_there_is_not_found(said: str) -> None:
    assert response(address(said, "predict").replace("churn-scorer", "nobody"), request(said))[0] == 404


def test_a_customer_that_nobody_knows_is_answered_without_features(said: str) -> None:
    status, answer = response(address(said, "predict"), of(["nobody"], ["basic"]))
    assert status == 200
    assert 0 <= answer["outputs"][0]["data"][0] <= 1


def test_a_feature_server_that_does_not_answer_is_said_to_be_away_and_comes_back(
    quickstart: Example, said: str
) -> None:
    away = processes(["mlopsctl.runtime.local.feature_server", str(quickstart.state / "features")])
    assert away
    for pid in away:
        os.kill(pid, signal.SIGSTOP)
    try:
        status, answer = response(address(said, "predict"), request(said))
        assert response(address(said, "schema"))[0] == 200, "the model server itself goes on"
    finally:
        for pid in away:
            os.kill(pid, signal.SIGCONT)
    server = address(said, "features").removeprefix("http://")
    assert (status, answer) == (503, {"error": f"the feature server {server} does not respond: timed out"})
    assert response(address(said, "predict"), request(said))[0] == 200


def test_requests_are_counted_by_the_series_that_alerts_read(said: str) -> None:
    name = address(said, "predict").split("/")[-2]
    response(address(said, "predict"), request(said))
    status, text = response(address(said, "metrics"))
    assert status == 200
    assert f'model_infer_request_success_total{{model="{name}"' in text


def test_an_endpoint_that_is_sent_every_input_needs_no_feature_server(tmp_path: Path) -> None:
    diabetes = example("diabetes", tmp_path)
    done = diabetes.verb("run")
    assert done.code == 0, done.out + done.err
    with serving(diabetes) as service:
        assert "  features " not in service
        status, answer = response(address(service, "predict"), request(service))
        assert status == 200
        assert 25 <= answer["outputs"][0]["data"][0] <= 350
        body = request(service)
        body["inputs"][0]["datatype"] = "BYTES"
        assert response(address(service, "predict"), body)[0] == 422


@pytest.mark.parametrize(
    ("words", "message", "code"),
    [
        (("serve", "--endpoint", "nowhere"), "there is no endpoint `nowhere`; endpoints: churn-scorer", 2),
        (("serve", "--model-version", "99"), "there is no version 99 of `churn`", 1),
        (("predict", "--input", "nothing.csv", "--output-file", "x.csv"), "nothing.csv does not exist", 1),
        (("predict", "--input", "data", "--output-file", "x.csv"), "must end with one of", 1),
        (("predict", "--input", "rows.csv", "--output-file", "/proc/x.csv"), "/proc/x.csv cannot be written", 1),
        (("predict", "--input", "rows.csv", "--output-file", "rows.csv/x.csv"), "x.csv cannot be written", 1),
        (("predict", "--input", "data/contracts.parquet", "--output-file", "x.txt"), "must end with one of", 1),
        (("predict", "--input", "data/activity.parquet", "--output-file", "x.csv"), "there is no column `plan`", 1),
    ],
)
def test_a_wrong_word_is_told(quickstart: Example, words: tuple[str, ...], message: str, code: int) -> None:
    (quickstart.home / "rows.csv").write_text("customer_id,plan\nc00007,basic\n")
    said = quickstart.verb(*words)
    assert said.code == code, said.err
    assert message in said.err


def test_nothing_is_served_before_something_is_registered(tmp_path: Path) -> None:
    said = example("quickstart", tmp_path).verb("serve")
    assert said.code == 1
    assert "run `mlopsctl run` first" in said.err


@pytest.mark.parametrize("option", ["--port", "--metrics-port", "--features-port"])
def test_a_port_that_is_taken_is_told_before_anything_starts(quickstart: Example, option: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        words = ["--port", "0", "--metrics-port", "0", "--features-port", "0", option, str(port)]
        said = quickstart.verb("serve", *words)
    assert said.code == 1
    assert f"port {port} is in use: choose another one with {option}" in said.err


def test_large_deep_and_odd_bodies_are_refused_and_the_server_stays(said: str) -> None:
    ask = address(said, "predict")
    body = json.dumps(request(said)).encode()
    for raw in (b"[" * 100_000, body.replace(b'"data"', b'"data": ' + b"[" * 500 + b"]" * 500 + b', "x"', 1)):
        assert 400 <= response(ask, raw=raw)[0] < 500
    odd = copy.deepcopy(request(said))
    odd["inputs"][0]["data"] = [float("nan")]
    assert 400 <= response(ask, raw=json.dumps(odd).encode())[0] < 500
    assert large(ask, 100 * 1024 * 1024)[0] == 413
    assert response(ask, request(said))[0] == 200


def large(url: str, size: int) -> tuple[int, bytes]:
    """Announce a large body, and read the answer before it is sent."""
    parts = urlsplit(url)
    with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=30) as connection:
        head = f"POST {parts.path} HTTP/1.1\r\nHost: x\r\nContent-Length: {size}\r\n\r\n"
        connection.sendall(head.encode())
        text = connection.recv(65536)
    return int(text.split()[1]), text


def test_slow_clients_and_a_thousand_connections_keep_nobody_from_an_answer(said: str) -> None:
    ask = address(said, "predict")
    parts = urlsplit(ask)
    with ExitStack() as opened:
        slow = [
            opened.enter_context(socket.create_connection((parts.hostname or "", parts.port or 0), timeout=30))
            for _ in range(1000)
        ]
        for connection in slow:
            connection.sendall(b"POST / HTTP/1.1\r\nX: ")
        assert response(ask, request(said))[0] == 200
        assert slow[0].recv(100) == b"", "a client that never ends its head is let go"
    assert response(ask, request(said))[0] == 200


def test_nobody_unloads_the_model(said: str) -> None:
    ask = address(said, "predict")
    name = ask.split("/")[-2]
    assert response(f"{ask.partition('/v2/')[0]}/v2/repository/models/{name}/unload", raw=b"{}")[0] == 404
    assert response(ask, request(said))[0] == 200


def test_a_package_that_was_changed_after_registration_is_not_loaded(quickstart: Example) -> None:
    (pickled,) = (quickstart.state / "artifacts").glob("*/artifacts/model/model.pkl")
    kept = pickled.read_bytes()
    (quickstart.home / "rows.csv").write_text("customer_id,plan\nc00007,basic\n")
    try:
        pickled.write_bytes(b"cos\nsystem\n(S'touch ran'\ntR.")
        for words in (("serve", "--port", "0"), ("predict", "--input", "rows.csv", "--output-file", "x.csv")):
            refused = quickstart.verb(*words)
            assert refused.code == 1, refused.err
            assert "differs from the registered one: it is not loaded" in refused.err
    finally:
        pickled.write_bytes(kept)
    assert not (quickstart.home / "ran").exists()
