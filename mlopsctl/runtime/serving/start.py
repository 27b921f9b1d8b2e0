"""Start MLServer with limits on body size, request time and concurrency; requests beyond them get a 4xx or a 503.

MLServer has no such limits, so its ASGI application and its connections are wrapped. This module imports nothing of
mlopsctl, because a copy of it runs beside the server's settings.
"""

from __future__ import annotations

import asyncio
import json
import resource
import sys
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, TypeAlias

BODY = 8 * 1024 * 1024
"""Maximum size of a request's body, in bytes."""
REQUEST_TIMEOUT_S = 10.0
"""Time that a client has to send a request's headers, and again its body."""
AT_ONCE = 64
"""Maximum number of concurrent requests."""
Message = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]


class Bounded:
    """An ASGI application that reads a whole request within the limits and passes it on."""

    def __init__(
        self, app: Any, body: int = BODY, timeout_s: float = REQUEST_TIMEOUT_S, at_once: int = AT_ONCE
    ) -> None:
        self._app, self._body, self._timeout_s = app, body, timeout_s
        self._at_once, self._busy = at_once, 0

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer a request, or reject one that exceeds a limit."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif scope["path"].startswith("/v2/repository"):
            await _refuse(send, 404, "this server does not load or unload models")
        elif self._busy >= self._at_once:
            await _refuse(send, 503, f"{self._at_once} requests are in progress: try again later")
        else:
            self._busy += 1
            try:
                await self._bounded(scope, receive, send)
            finally:
                self._busy -= 1

    async def _bounded(self, scope: Message, receive: Receive, send: Send) -> None:
        too_large = f"the request is larger than {self._body} bytes"
        if _length(scope) > self._body:
            await _refuse(send, 413, too_large)
            return
        try:
            body = await asyncio.wait_for(_read(receive, self._body), self._timeout_s)
        except TimeoutError:
            await _refuse(send, 408, f"the request did not arrive within {self._timeout_s:g} s")
            return
        if body is None:
            await _refuse(send, 413, too_large)
            return
        await self._app(scope, _replayed(body, receive), send)


def _length(scope: Message) -> int:
    text = dict(scope["headers"]).get(b"content-length", b"0")
    return int(text) if text.isdigit() else 0


async def _read(receive: Receive, limit: int) -> bytes | None:
    """Read a body; None if it exceeds the limit."""
    parts, size = [], 0
    while True:
        message = await receive()
        part = message.get("body", b"")
        size += len(part)
        if size > limit:
            return None
        parts.append(part)
        if not message.get("more_body"):
            return b"".join(parts)


def _replayed(body: bytes, receive: Receive) -> Receive:
    """Return a receiver that yields the body as one message, then the client's further messages."""
    waiting = [{"type": "http.request", "body": body, "more_body": False}]

    async def next_message() -> Message:
        return waiting.pop() if waiting else await receive()

    return next_message


async def _refuse(send: Send, status: int, error: str) -> None:
    headers = [(b"content-type", b"application/json"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps({"error": error}).encode()})


def _impatient(timeout_s: float) -> type:
    """Return uvicorn's protocol, extended to close connections without a complete request in time."""
    from uvicorn.protocols.http.auto import AutoHTTPProtocol

    class IdleTimeoutProtocol(AutoHTTPProtocol):  # type: ignore[misc,valid-type]
        _idle_since: Any = ()

        def connection_made(self, transport: Any) -> None:
            super().connection_made(transport)
            self.loop.call_later(timeout_s, self._look)

        def _look(self) -> None:
            """Close a connection that has waited for the same request since the last check."""
            cycle = self.cycle
            if self.transport.is_closing():
                return
            if cycle is None or (cycle.response_complete and self._idle_since is cycle):
                self.transport.close()
                return
            self._idle_since = cycle
            self.loop.call_later(timeout_s, self._look)

    return IdleTimeoutProtocol


def _bound_rest_server() -> None:
    from mlserver.rest.server import RESTServer  # type: ignore[import-not-found]

    get_config = RESTServer._get_config

    def config(self: Any) -> Any:
        bounded = get_config(self)
        bounded.app, bounded.http = Bounded(bounded.app), _impatient(REQUEST_TIMEOUT_S)
        return bounded

    RESTServer._get_config = config


def main() -> None:
    """Start the server of a folder, with the maximum number of open files that the system allows."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    _bound_rest_server()
    from mlserver.cli import main as start  # type: ignore[import-not-found]

    sys.argv = ["mlserver", "start", *sys.argv[1:]]
    start()


if __name__ == "__main__":
    main()
