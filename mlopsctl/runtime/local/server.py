"""The model server on this machine, and the feature server it asks.

In: a registered package, ports, the server's interpreter. Out: processes that answer, and their end. Listens on this
machine alone unless another address is given.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

from mlopsctl.runtime.call import Broken
from mlopsctl.runtime.local.layout import Layout
from mlopsctl.runtime.local.process import die_with_parent
from mlopsctl.runtime.local.registered import Registered
from mlopsctl.runtime.served import SERVER

_CODE = "mlopsctl_serving"
_RUNTIME = f"{_CODE}.checked_model.CheckedModel"
_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
_PATIENCE, _POLL, _GRACE = 120.0, 0.1, 10.0


@dataclass(frozen=True, slots=True)
class Ports:
    """Where the servers listen."""

    http: int
    grpc: int
    metrics: int
    features: int


@dataclass(frozen=True, slots=True)
class Process:
    """A server's process and its log."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path


def ports(http: int, metrics: int, features: int) -> Ports:
    """Choose ports: the ones named, and free ones for those that are 0; Broken where one is taken."""
    for option, number in (("--port", http), ("--metrics-port", metrics), ("--features-port", features)):
        if number and _taken(number):
            raise Broken(f"another program listens on port {number}: name another with {option}, or 0 for a free one")
    return Ports(http or free(), free(), metrics or free(), features or free())


def _taken(port: int) -> bool:
    with socket.socket() as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            one.bind(("127.0.0.1", port))
        except PermissionError:
            raise Broken(f"port {port} is for root alone") from None
        except OSError:
            return True
    return False


def free() -> int:
    """Return a port that nobody listens on now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def write(layout: Layout, name: str, chosen: Registered, host: str, where: Ports) -> Path:
    """Write the server's settings and the code that checks requests; return their folder."""
    folder = layout.folder / "serving" / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    source = Path(__file__).resolve().parent.parent / "serving"
    shutil.copytree(source, folder / _CODE, ignore=shutil.ignore_patterns("__pycache__"))
    server = {
        "host": host,
        "http_port": where.http,
        "grpc_port": where.grpc,
        "metrics_port": where.metrics,
        "parallel_workers": 0,
        "debug": False,
    }
    model = {
        "name": name,
        "implementation": _RUNTIME,
        "parameters": {"uri": str(chosen.folder), "version": chosen.version},
    }
    for file, document in (("settings.json", server), ("model-settings.json", model)):
        (folder / file).write_text(json.dumps(document, indent=1) + "\n")
    return folder


def start_features(layout: Layout, where: Ports, environ: Mapping[str, str]) -> Process:
    """Start the feature server."""
    words = [sys.executable, "-m", "mlopsctl.runtime.local.feature_server", str(layout.features), "127.0.0.1"]
    return _start("feature server", [*words, str(where.features)], layout.home, environ, layout.log("feature-server"))


def start_model(
    layout: Layout, python: Path, folder: Path, where: Ports, environ: Mapping[str, str], *, looks_up: bool
) -> Process:
    """Start MLServer."""
    more = {"PYTHONPATH": str(folder), "PYTHONWARNINGS": "ignore"}
    if looks_up:
        more[SERVER] = f"http://127.0.0.1:{where.features}"
    words = [str(python.parent / "mlserver"), "start", str(folder)]
    # Threads that wait for each other over a row cost more than the row; the user's own setting wins.
    return _start("model server", words, folder, {**_ONE_THREAD, **environ, **more}, layout.log("model-server"))


def _start(name: str, words: Sequence[str], folder: Path, environ: Mapping[str, str], log: Path) -> Process:
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - our own command
            words,
            cwd=folder,
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=die_with_parent(),  # noqa: PLW1509 - it makes one call into C, and takes no lock
        )
    return Process(name, process, log)


def wait(one: Process, port: int, path: str) -> None:
    """Wait until a server answers; Broken where it ends before, or never does."""
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        if one.process.poll() is not None:
            raise Broken(f"the {one.name} ended with {one.process.returncode}; its log is {one.log}")
        if _answers(port, path):
            return
        time.sleep(_POLL)
    raise Broken(f"the {one.name} does not answer after {_PATIENCE:.0f} s; its log is {one.log}")


def _answers(port: int, path: str) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def watch(servers: Sequence[Process]) -> None:
    """Wait until a server ends of itself, which none should."""
    while True:
        for one in servers:
            if one.process.poll() is not None:
                raise Broken(f"the {one.name} ended with {one.process.returncode}; its log is {one.log}")
        time.sleep(_POLL)


def stop(servers: Sequence[Process]) -> None:
    """End the servers and their children."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        for one in servers:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(one.process.pid, number)
        deadline = time.monotonic() + _GRACE
        for one in servers:
            with contextlib.suppress(subprocess.TimeoutExpired):
                one.process.wait(max(0.1, deadline - time.monotonic()))
        if all(one.process.poll() is not None for one in servers):
            return


def example(contract: Mapping[str, Any], row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a request of the V2 protocol for one row."""
    from mlopsctl.runtime.serving.requests import asked, datatype

    inputs = []
    for name, kind in asked(contract).items():
        word = datatype(kind)
        text = {"parameters": {"content_type": "str"}} if word == "BYTES" else {}
        inputs.append({"name": name, "shape": [1], "datatype": word, **text, "data": [row[name]]})
    return {"inputs": inputs}
