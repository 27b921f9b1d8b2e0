"""A real MLflow server on loopback, and versions registered in it as the step `register` leaves them.

In: a folder. Out: the server's address, and what was registered.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from image_registry import free_port

QUIET = {"MLFLOW_DISABLE_TELEMETRY": "true", "DO_NOT_TRACK": "1", "PYTHONWARNINGS": "ignore"}


@contextmanager
def running(folder: Path, *, serves_artifacts: bool = False) -> Iterator[str]:
    """Start a server that keeps its runs in sqlite and its artifacts in a folder; yield its address.

    Clients reach artifacts by the folder's own address, or through the server where it serves them.
    """
    folder.mkdir(parents=True, exist_ok=True)
    port = free_port()
    words = [sys.executable, "-m", "mlflow", "server", "--host", "127.0.0.1", "--port", str(port), "--workers", "1"]
    words += ["--backend-store-uri", f"sqlite:///{folder / 'mlflow.db'}"]
    artifacts = (folder / "artifacts").as_uri()
    if serves_artifacts:
        words += ["--serve-artifacts", "--artifacts-destination", artifacts]
    else:
        words += ["--no-serve-artifacts", "--default-artifact-root", artifacts]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(words, stdout=log, stderr=log, env={**os.environ, **QUIET}, start_new_session=True)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(process, address, folder / "log")
        yield address
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(20)


def _wait(process: subprocess.Popen[bytes], address: str, log: Path) -> None:
    deadline = time.monotonic() + 300
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text()
        try:
            with urllib.request.urlopen(f"{address}/health", timeout=2) as answer:  # noqa: S310 - our own server
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(log.read_text())


def register(
    address: str,
    name: str,
    *,
    inputs: Mapping[str, str] | None = None,
    outputs: Mapping[str, str] | None = None,
    gates: Mapping[str, float] | None = None,
    alias: str = "champion",
    artifacts: str | None = None,
) -> tuple[str, str]:
    """Register a version with the tags that are given, move the alias, and return version and run."""
    import mlflow

    warnings.filterwarnings("ignore", module="sqlalchemy|mlflow")
    client = mlflow.MlflowClient(address, address)
    existing = client.get_experiment_by_name(name)
    experiment = existing.experiment_id if existing else client.create_experiment(name, artifacts or "s3://acme-models")
    run = client.create_run(experiment).info
    if not client.search_registered_models(f"name = '{name}'"):
        client.create_registered_model(name)
    version = client.create_model_version(name, f"{run.artifact_uri}/model", run_id=run.run_id)
    tags: dict[str, Any] = {"mlopsctl.snapshot": f"{run.artifact_uri}/snapshot/rows.parquet"}
    if inputs is not None:
        tags["mlopsctl.signature"] = json.dumps({"inputs": dict(inputs), "outputs": dict(outputs or {})})
    if gates is not None:
        tags["mlopsctl.gates"] = json.dumps(dict(gates))
    for key, value in tags.items():
        client.set_model_version_tag(name, version.version, key, value)
    client.set_registered_model_alias(name, alias, version.version)
    return str(version.version), run.run_id
