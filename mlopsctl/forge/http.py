"""Calls to a host's API: JSON over HTTP, with the standard library.

In: a method, an address, a body. Out: the answer's JSON. Never follows a redirect, never repeats a call, and never
tells a token.
"""

from __future__ import annotations

import json
from typing import Any

_SECONDS = 30
_LIMIT = 16 << 20
_LONGEST_REASON = 300


class Refusal(Exception):  # noqa: N818  it is an answer
    """The host said no, or does not answer; `status` is HTTP's number, 0 where there is none."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class Host:
    """A host's API. `token` goes with every call; `proxy` is where plain calls go through, else the system's own."""

    def __init__(self, api: str, *, token: str = "", proxy: str = "", accept: str = "application/json") -> None:
        self.api = api.rstrip("/")
        signed = {"Authorization": f"Bearer {token}"} if token else {}
        self._headers = {"Accept": accept, "Content-Type": "application/json", "User-Agent": "mlopsctl", **signed}
        self._opener = _opener(proxy)

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """Call the API; return the JSON of the answer, None where it has none. Raises `Refusal`."""
        from http.client import HTTPException
        from urllib.error import HTTPError
        from urllib.request import Request

        data = None if body is None else json.dumps(body).encode()
        request = Request(f"{self.api}{path}", data, self._headers, method=method)  # noqa: S310 - checked by the caller
        try:
            with self._opener.open(request, timeout=_SECONDS) as answer:
                return _read(answer.read(_LIMIT))
        except HTTPError as error:
            with error:
                said = _reason(error.read(_LIMIT))
            raise Refusal(error.code, f"{method} {path}: {error.code} {said or error.reason}") from None
        except (OSError, HTTPException) as error:
            reason = getattr(error, "reason", None) or error
            raise Refusal(0, f"{method} {path}: {reason}") from None


def _opener(proxy: str) -> Any:
    """Return what opens an address. It takes a redirect for a refusal, for a token goes to no other host."""
    from urllib import request

    opener = request.OpenerDirector()
    for handler in (request.HTTPHandler, request.HTTPSHandler, request.HTTPErrorProcessor):
        opener.add_handler(handler())
    opener.add_handler(request.HTTPDefaultErrorHandler())
    opener.add_handler(request.ProxyHandler({"http": proxy} if proxy else None))
    return opener


def _read(data: bytes) -> Any:
    try:
        return json.loads(data) if data.strip() else None
    except ValueError:
        raise Refusal(0, "what answers is no JSON") from None


def _reason(data: bytes) -> str:
    """Return what a refusal says of itself, shortened."""
    try:
        found = json.loads(data)
        message = found.get("message") or found["error"]["message"]
    except (ValueError, KeyError, TypeError, AttributeError):
        return ""
    return " ".join(str(message).split())[:_LONGEST_REASON]
