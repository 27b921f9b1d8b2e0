"""The local model server and feature server. They listen on the loopback address unless another one is given."""

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

from mlopsctl.runtime.local.layout import Layout
from mlopsctl.runtime.local.process import die_with_parent
from mlopsctl.runtime.local.registered import Registered
from mlopsctl.runtime.scoring import SERVER
from mlopsctl.runtime.step_context import StepFailed

_CODE = "mlopsctl_serving"
_RUNTIME = f"{_CODE}.checked_model.CheckedModel"
_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
_LARGEST_MESSAGE = 8 * 1024 * 1024
_START_TIMEOUT_S, _POLL_INTERVAL_S, _GRACE_PERIOD_S = 120.0, 0.1, 10.0


@dataclass(frozen=True, slots=True)
class Ports:
    """The ports of the servers."""

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
    """Choose ports: the given ones, and free ones for 0; StepFailed if one is in use."""
    for option, number in (("--port", http), ("--metrics-port", metrics), ("--features-port", features)):
        if number and _port_in_use(number):
            raise StepFailed(f"port {number} is in use: choose another one with {option}, or 0 for a free port")
    return Ports(http or free(), free(), metrics or free(), features or free())


def _port_in_use(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError:
            raise StepFailed(f"port {port} requires root") from None
        except OSError:
            return True
    return False


def free() -> int:
    """Return a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


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
        "grpc_max_message_length": _LARGEST_MESSAGE,
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
    command = [sys.executable, "-m", "mlopsctl.runtime.local.feature_server", str(layout.features), "127.0.0.1"]
    return _start("feature server", [*command, str(where.features)], layout.home, environ, layout.log("feature-server"))


def start_model(
    layout: Layout, python: Path, folder: Path, where: Ports, environ: Mapping[str, str], *, looks_up: bool
) -> Process:
    """Start MLServer."""
    more = {"PYTHONPATH": str(folder), "PYTHONWARNINGS": "ignore"}
    if looks_up:
        more[SERVER] = f"http://127.0.0.1:{where.features}"
    command = [str(python), "-m", f"{_CODE}.start", str(folder)]
    # Threads that wait for each other over a row cost more than the row; the user's own setting wins.
    return _start("model server", command, folder, {**_ONE_THREAD, **environ, **more}, layout.log("model-server"))


def _start(name: str, command: Sequence[str], folder: Path, environ: Mapping[str, str], log: Path) -> Process:
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - our own command
            command,
            cwd=folder,
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=die_with_parent(),  # noqa: PLW1509 - it makes one call into C, and takes no lock
        )
    return Process(name, process, log)


def wait(process: Process, port: int, path: str) -> None:
    """Wait until a server answers; StepFailed where it ends before, or never does."""
    deadline = time.monotonic() + _START_TIMEOUT_S
    while time.monotonic() < deadline:
        if process.process.poll() is not None:
            raise StepFailed(
                f"the {process.name} exited with code {process.process.returncode}; its log: {process.log}"
            )
        if _answers(port, path):
            return
        time.sleep(_POLL_INTERVAL_S)
    raise StepFailed(f"the {process.name} does not respond after {_START_TIMEOUT_S:.0f} s; its log: {process.log}")


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
        for server in servers:
            if server.process.poll() is not None:
                raise StepFailed(
                    f"the {server.name} exited with code {server.process.returncode}; its log: {server.log}"
                )
        time.sleep(_POLL_INTERVAL_S)


def stop(servers: Sequence[Process]) -> None:
    """End the servers and their children."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        for server in servers:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(server.process.pid, number)
        deadline = time.monotonic() + _GRACE_PERIOD_S
        for server in servers:
            with contextlib.suppress(subprocess.TimeoutExpired):
                server.process.wait(max(0.1, deadline - time.monotonic()))
        if all(server.process.poll() is not None for server in servers):
            return


def example(contract: Mapping[str, Any], row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a request of the V2 protocol for one row."""
    from mlopsctl.runtime.serving.requests import datatype, request_types

    inputs = []
    for name, kind in request_types(contract).items():
        type_name = datatype(kind)
        text = {"parameters": {"content_type": "str"}} if type_name == "BYTES" else {}
        inputs.append({"name": name, "shape": [1], "datatype": type_name, **text, "data": [row[name]]})
    return {"inputs": inputs}
