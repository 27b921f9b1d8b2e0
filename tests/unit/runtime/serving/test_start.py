"""The bounds around the model server's application, as an ASGI server would meet them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from mlopsctl.runtime.serving.start import Bounded


async def echo(scope: Any, receive: Any, send: Any) -> None:
    """Answer with the body's length, as the application behind the bounds would read it."""
    del scope
    message = await receive()
    assert not message["more_body"]
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": str(len(message["body"])).encode()})


def response(
    app: Bounded,
    parts: Sequence[bytes],
    *,
    path: str = "/v2/models/m/infer",
    length: int | None = None,
    wait: float = 0,
) -> tuple[int, bytes]:
    """Send a request in parts; return the status and the answer."""
    sent: list[Any] = []
    left = list(parts)

    async def receive() -> Any:
        await asyncio.sleep(wait)
        part = left.pop(0)
        return {"type": "http.request", "body": part, "more_body": bool(left)}

    async def send(message: Any) -> None:
        sent.append(message)

    headers = [] if length is None else [(b"content-length", str(length).encode())]
    asyncio.run(app({"type": "http", "path": path, "headers": headers}, receive, send))
    return sent[0]["status"], sent[1]["body"]


def test_a_request_within_the_bounds_reaches_the_application_whole() -> None:
    assert response(Bounded(echo, body=10), [b"12345", b"67890"]) == (200, b"10")


@pytest.mark.parametrize(("parts", "length"), [([b"x" * 11], 11), ([b"x" * 6, b"x" * 6], None), ([b"x"], 10**9)])
def test_a_body_beyond_the_bound_is_refused_whatever_its_header_says(parts: list[bytes], length: int | None) -> None:
    status, text = response(Bounded(echo, body=10), parts, length=length)
    assert (status, b"larger than 10 bytes" in text) == (413, True)


def test_a_body_that_does_not_arrive_in_time_is_refused() -> None:
    status, text = response(Bounded(echo, timeout_s=0.05), [b"1", b"2", b"3"], wait=0.04)
    assert (status, b"did not arrive within 0.05 s" in text) == (408, True)


def test_models_are_not_loaded_or_unloaded_by_strangers() -> None:
    assert response(Bounded(echo), [b""], path="/v2/repository/models/m/unload")[0] == 404


def test_only_so_many_requests_are_at_work_at_once_and_the_next_ones_are_served_again() -> None:
    app = Bounded(echo, at_once=2)
    statuses: list[int] = []

    async def request() -> None:
        async def receive() -> Any:
            await asyncio.sleep(0.02)
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Any) -> None:
            if "status" in message:
                statuses.append(message["status"])

        await app({"type": "http", "path": "/", "headers": []}, receive, send)

    async def many() -> None:
        await asyncio.gather(*(request() for _ in range(5)))
        await request()

    asyncio.run(many())
    assert sorted(statuses) == [200, 200, 200, 503, 503, 503]
