"""Ask a server many times, over connections that are kept, and see how fast it answers.

In: an address, a body, how many clients and requests. Out: requests a second, and the middle and slowest times. An
answer other than 200 ends the measurement: what fails fast is not fast.
"""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection, HTTPException
from typing import NamedTuple
from urllib.parse import urlsplit


class Load(NamedTuple):
    """Requests a second; seconds."""

    rate: float
    p50: float
    p99: float


def ask(url: str, body: bytes, clients: int, requests: int) -> Load:
    """Send `requests` requests in all, from so many clients at once."""
    each = -(-requests // clients)
    started = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        times = sorted(
            item for several in pool.map(lambda _: _client(url, body, each), range(clients)) for item in several
        )
    seconds = time.perf_counter() - started
    return Load(len(times) / seconds, share(times, 0.5), share(times, 0.99))


def share(ordered: list[float], part: float) -> float:
    """Return the value that this part of the values does not exceed."""
    return ordered[max(0, -(-len(ordered) * round(part * 1000) // 1000) - 1)]


def _client(url: str, body: bytes, requests: int) -> list[float]:
    parts = urlsplit(url)
    times = []
    with closing(HTTPConnection(parts.netloc, timeout=60)) as connection:
        for _ in range(requests):
            started = time.perf_counter()
            status, text = _answer(connection, parts.path, body)
            times.append(time.perf_counter() - started)
            if status != 200:
                raise RuntimeError(f"{url} answered {status}: {text[:200]!r}")
    return times


def _answer(connection: HTTPConnection, path: str, body: bytes) -> tuple[int, bytes]:
    """Ask; once more over a new connection where a server too busy to read had given up the kept one."""
    for attempt in (1, 2):
        try:
            connection.request("POST", path, body, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            return answer.status, answer.read()
        except (ConnectionError, HTTPException):
            connection.close()
            if attempt == 2:
                raise
    raise AssertionError("unreachable")
