"""A web server on loopback that answers as a test says, for answers that no sound program gives.

In: a function from a request to an answer. Out: the server's host and port, and the requests it saw.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple


class Request(NamedTuple):
    """What was asked: method, path with its query, headers."""

    method: str
    path: str
    headers: Mapping[str, str]


class Answer(NamedTuple):
    """What is answered. A body may be longer than memory: its parts are sent one after the other."""

    status: int
    headers: Mapping[str, str] = {}
    body: bytes = b""
    times: int = 1


class Server(NamedTuple):
    """Where it listens, and what it was asked."""

    host: str
    seen: list[Request]


@contextmanager
def answering(answer: Callable[[Request], Answer]) -> Iterator[Server]:
    """Serve until the block ends."""
    seen: list[Request] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            request = Request(self.command, self.path, dict(self.headers))
            seen.append(request)
            response = answer(request)
            self.send_response(response.status)
            for name, value in {"Content-Length": str(len(response.body) * response.times), **response.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            try:
                for _ in range(response.times):
                    self.wfile.write(response.body)
            except OSError:
                self.close_connection = True

        def log_message(self, format: str, *arguments: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield Server(f"127.0.0.1:{server.server_port}", seen)
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)
