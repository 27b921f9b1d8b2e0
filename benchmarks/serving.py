"""The quickstart's endpoint beside MLServer without anything of ours: requests a second, and how long they take.

In: an example that was run. Out: a table. All servers are up at the same time and asked in turn, in rounds, so each has
the same machine.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple
from urllib.request import urlopen

from benchmarks.load import Load, ask
from benchmarks.measure import table
from mlopsctl.runtime.local.server import free
from mlopsctl.runtime.scoring import SERVER

ONE, MANY = 1, 8
REQUESTS = 200
_PATIENCE = 120
_VENV = Path(".mlops") / "serve-venv"


class Served(NamedTuple):
    """A server that answers: its address, and the body of a request."""

    url: str
    body: bytes


def run(home: Path, folder: Path, rounds: int) -> str:
    """Measure single requests and many at once; the first round does not count."""
    with ExitStack() as ending:
        servers = _servers(home, folder, ending)
        loads_by_server: dict[tuple[str, int], list[Load]] = {(name, n): [] for name in servers for n in (ONE, MANY)}
        for turn in range(rounds + 1):
            for (name, clients), loads in loads_by_server.items():
                load = ask(*servers[name], clients, REQUESTS)
                if turn:
                    loads.append(load)
    medians = {
        key: Load(*(median(each) for each in zip(*loads, strict=True))) for key, loads in loads_by_server.items()
    }
    bare = next(name for name in servers if name.startswith("MLServer, the same package"))
    rows = [
        [
            name,
            str(clients),
            f"{load.rate:.0f}",
            f"{load.rate / medians[bare, clients].rate:.2f}",
            f"{load.p50 * 1000:.1f}",
            f"{load.p99 * 1000:.1f}",
            f"{load.p99 / medians[bare, clients].p99:.2f}",
        ]
        for (name, clients), load in medians.items()
    ]
    head = ["server", "clients", "requests/s", "times bare", "p50 ms", "p99 ms", "times bare"]
    return table("One row a request", head, rows)


def _servers(home: Path, folder: Path, ending: ExitStack) -> dict[str, Served]:
    """Start ours, and MLServer alone in its three forms."""
    service = ending.enter_context(_ours(home))
    body = service["try"].partition(" -d ")[2].strip("'").encode()
    package = next((home / ".mlops" / "artifacts").glob("*/artifacts/model"))
    estimator, vector = _estimator(home, package, folder / "estimator")
    asks = {SERVER: service["features"], "OMP_NUM_THREADS": "1"}
    many = {SERVER: service["features"]}
    return {
        "`mlopsctl serve`": Served(service["predict"], body),
        "MLServer, the same package": ending.enter_context(_bare(home, folder / "one", package, body, asks)),
        "MLServer, the same package, OpenMP's own number of threads": ending.enter_context(
            _bare(home, folder / "many", package, body, many)
        ),
        "MLServer, the estimator, all features sent": ending.enter_context(
            _bare(home, folder / "plain", estimator, vector, asks)
        ),
    }


@contextmanager
def _ours(home: Path) -> Iterator[Mapping[str, str]]:
    """Serve as a user does; give what the verb says."""
    words = [sys.executable, "-m", "mlopsctl", "serve", "--port", "0", "--metrics-port", "0"]
    with subprocess.Popen(words, cwd=home, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            assert process.stdout
            said = {}
            for line in process.stdout:
                name, _, rest = line.strip().partition(" ")
                said[name] = rest.strip()
                if name == "try":
                    break
            yield said
        finally:
            process.send_signal(signal.SIGTERM)


@contextmanager
def _bare(home: Path, folder: Path, model: Path, body: bytes, environ: Mapping[str, str]) -> Iterator[Served]:
    """Start MLServer with its own MLflow runtime, from the environment that `serve` made."""
    folder.mkdir(parents=True)
    port = free()
    settings = {"host": "127.0.0.1", "http_port": port, "grpc_port": free(), "metrics_port": free()}
    served = {"implementation": "mlserver_mlflow.MLflowRuntime", "parameters": {"uri": str(model)}}
    (folder / "settings.json").write_text(json.dumps({**settings, "parallel_workers": 0}))
    (folder / "model-settings.json").write_text(json.dumps({"name": "bare", **served}))
    words = [str(home / _VENV / "bin" / "mlserver"), "start", str(folder)]
    around = {"PATH": os.environ["PATH"], "HOME": str(folder), "PYTHONWARNINGS": "ignore", **environ}
    quiet = subprocess.DEVNULL
    with subprocess.Popen(words, cwd=folder, env=around, stdout=quiet, stderr=quiet) as process:
        try:
            url = f"http://127.0.0.1:{port}/v2/models/bare"
            _answers(f"{url}/ready")
            yield Served(f"{url}/infer", body)
        finally:
            process.terminate()


def _answers(url: str) -> None:
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            with urlopen(url, timeout=5):  # noqa: S310 - loopback
                return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def _estimator(home: Path, package: Path, folder: Path) -> tuple[Path, bytes]:
    """Save the estimator alone, as MLflow does it for anybody, and a request with every feature in it."""
    code = (
        "import json, sys, mlflow.sklearn, pandas as pd\n"
        "from mlflow.models import infer_signature\n"
        "rows = pd.read_parquet('.mlops/steps/split/holdout/rows.parquet').tail(1)\n"
        "names = [one['name'] for one in json.load(open(sys.argv[1] + '/mlopsctl/contract.json'))['inputs']]\n"
        "model = mlflow.sklearn.load_model(sys.argv[1])\n"
        "signature = infer_signature(rows[names], model.predict(rows[names]))\n"
        "mlflow.sklearn.save_model(model, sys.argv[2], signature=signature,\n"
        "    code_paths=['churn'], serialization_format='cloudpickle', pip_requirements=['scikit-learn'])\n"
        "print(rows[names].to_json(orient='records', lines=True))\n"
    )
    words = [sys.executable, "-W", "ignore", "-c", code, str(package), str(folder)]
    done = subprocess.run(words, cwd=home, check=True, capture_output=True, text=True)
    return folder, json.dumps({"inputs": [_input(*item) for item in json.loads(done.stdout).items()]}).encode()


def _input(name: str, value: Any) -> dict[str, Any]:
    text = isinstance(value, str)
    said = {"parameters": {"content_type": "str"}} if text else {}
    return {"name": name, "shape": [1], "datatype": "BYTES" if text else "FP64", **said, "data": [value]}
