"""A call for unit tests whose lines go to a list, and a server that answers by a function."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.runtime.log import Log
from mlopsctl.runtime.step_context import StepContext

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Request(NamedTuple):
    """A request that came in."""

    method: str
    path: str
    body: Any
    headers: Mapping[str, str]


Answer = Callable[[Request], tuple[int, Any]]


def call_of(blueprint: Blueprint, folder: Path, step: str, **more: Any) -> tuple[StepContext, list[dict[str, Any]]]:
    """Return a call, and the list that its log's entries go to."""
    said: list[dict[str, Any]] = []
    given: dict[str, Any] = {
        "inputs": {},
        "outputs": {},
        "parameters": {},
        "root": folder,
        "features": folder,
        "work": folder / "work",
        "now": NOW,
        "environ": {},
        **more,
    }
    log = Log(lambda line: said.append(json.loads(line)), lambda: NOW)
    return StepContext(step=step, blueprint=blueprint, log=log, **given), said


@contextmanager
def server(answer: Answer) -> Iterator[tuple[str, list[Request]]]:
    """Serve on loopback; give the address and the requests."""
    requests: list[Request] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _serve(self) -> None:
            text = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            requests.append(Request(self.command, self.path, json.loads(text) if text else None, dict(self.headers)))
            status, body = answer(requests[-1])
            data = body if isinstance(body, bytes) else json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_PATCH = _serve  # noqa: N815 - the names http.server calls

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    running = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    running.daemon_threads = True
    thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{running.server_address[1]}", requests
    finally:
        running.shutdown()
        running.server_close()
        thread.join()
