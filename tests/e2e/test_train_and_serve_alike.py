"""What the endpoint computes online is what training saw: the vector, and the answer.

One process is Feast's own feature server, another loads the registered package with MLflow alone, without the tool.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from e2e.system import System, make

pytestmark = [pytest.mark.e2e, pytest.mark.oracle, pytest.mark.filterwarnings("ignore")]
NOW = datetime.now(UTC).replace(microsecond=0)
SERVER = """\
import sys
from pathlib import Path
from e2e.calls import call_of
from feast import feature_server
from mlopsctl.engines.feast.backend.project import opened
from mlopsctl.blueprint.codec import loads

root = Path.cwd()
store = opened(call_of(root))
feature_server.start_server(
    store, "127.0.0.1", int(sys.argv[1]), no_access_log=True, workers=1, worker_connections=100, max_requests=10_000,
    max_requests_jitter=0, keep_alive_timeout=30, registry_ttl_sec=60, tls_key_path="", tls_cert_path="", metrics=False,
)
"""
CLIENT = """\
import json, sys
for name in [name for name in sys.modules if name.startswith("mlopsctl")]:
    del sys.modules[name]
sys.modules["mlopsctl"] = None  # whoever needs the tool fails here
sys.path = [path for path in sys.path if path]
import mlflow.pyfunc, mlflow.sklearn, pandas as pd

folder, rows = sys.argv[1], pd.DataFrame(json.loads(sys.argv[2]))
loaded = mlflow.pyfunc.load_model(folder)
answers = loaded.predict(rows)
vector = loaded._model_impl.inputs(rows)
bare = mlflow.sklearn.load_model(folder)
print(json.dumps({
    "answers": answers["left"].tolist(),
    "vector": json.loads(vector.to_json(orient="records", double_precision=15)),
    "types": [str(kind) for kind in vector.dtypes],
    "bare": bare.predict_proba(vector)[:, 1].tolist(),
    "columns": list(answers.columns),
}))
"""


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> System:
    trained = make(tmp_path_factory.mktemp("alike"), now=NOW)
    out = trained.folder / "out" / "run"
    for verb, inputs in (
        ("materialize", {}),
        ("build-dataset", {}),
        ("split", {"dataset": out / "build-dataset" / "dataset"}),
        ("train", {"train": out / "split" / "train"}),
    ):
        ran = trained.step(verb, inputs=inputs, now=NOW)
        assert ran.code == 0, ran.text
    return trained


@pytest.fixture(scope="module")
def server(system: System) -> Iterator[str]:
    """Start Feast's feature server on the system's online store."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    tests = Path(__file__).parents[1]
    with (system.folder / "server.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-c", SERVER, str(port)],
            cwd=system.folder,
            env={**os.environ, "PYTHONPATH": os.pathsep.join([str(tests), str(tests.parent)])},
            stdout=log,
            stderr=log,
        )
    try:
        _wait(f"http://127.0.0.1:{port}/health", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


def _wait(address: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        assert process.poll() is None
        try:
            with urlopen(address, timeout=1):  # noqa: S310 - loopback
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError("the feature server did not start")


def offline(system: System, rows: list[dict[str, Any]]) -> Any:
    """Join the rows as training does, as of now."""
    import pandas as pd
    from e2e.calls import call_of

    from mlopsctl.blueprint.model.training import EVENT_TIME
    from mlopsctl.engines.feast.backend.store import Feast
    from mlopsctl.runtime.data.examples import joined

    call = replace(call_of(system.folder), now=NOW)
    frame = pd.DataFrame(rows).assign(**{EVENT_TIME: pd.Timestamp(NOW)})
    frame[EVENT_TIME] = frame[EVENT_TIME].astype("datetime64[us, UTC]")
    sys.path.insert(0, str(system.folder))
    try:
        return joined(call, Feast(call), frame)
    finally:
        sys.path.remove(str(system.folder))


def test_the_online_vector_is_the_offline_row_and_the_served_answer_the_trained_models(
    system: System, server: str
) -> None:
    rows = [
        {"customer_id": "c001", "plan": "basic", "price": 9.5},
        {"customer_id": "c002", "plan": "premium", "price": 30.0},
        {"customer_id": "c003", "plan": "family", "price": 12.0},  # has no row in the second view
        {"customer_id": "nobody", "plan": "basic", "price": 5.0},
    ]
    package = system.folder / "out" / "run" / "train" / "model"
    done = subprocess.run(
        [sys.executable, "-c", CLIENT, str(package), json.dumps(rows)],
        cwd="/",
        env={**os.environ, "MLOPSCTL_FEATURE_SERVER": server, "MLFLOW_DISABLE_TELEMETRY": "true"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    online = json.loads(done.stdout.splitlines()[-1])
    trained = offline(system, rows)
    inputs = trained[list(online["vector"][0])]
    assert json.loads(inputs.to_json(orient="records", double_precision=15)) == online["vector"]
    assert [str(kind) for kind in inputs.dtypes] == online["types"]
    assert online["vector"][0]["visits_7d"] is not None
    assert online["vector"][0]["price_per_visit"] == pytest.approx(9.5 / max(1, online["vector"][0]["visits_7d"]))
    assert online["vector"][2]["tickets"] is None
    assert online["vector"][3]["visits_7d"] is None
    assert online["answers"] == online["bare"]
    assert online["columns"] == ["left"]


def test_a_value_older_than_its_ttl_is_missing_online_as_it_is_offline(system: System, server: str) -> None:
    import pandas as pd

    from mlopsctl.runtime.scoring.contract import read
    from mlopsctl.runtime.scoring.lookup import HttpLookup

    contract = read(system.folder / "out" / "run" / "train" / "model" / "mlopsctl" / "contract.json")
    keys = pd.DataFrame({"customer_id": ["c001"]})
    later = (NOW + timedelta(days=4)).timestamp()
    rows = []
    for lookup in (HttpLookup(server), HttpLookup(server, clock=lambda: later)):
        rows.append(lookup.rows(contract, keys).iloc[0].tolist())
        lookup.close()
    assert None not in rows[0][:2]
    assert rows[1] == [None, None, None]
