"""Call a code host's API: JSON over HTTP, without redirects and retries; errors never contain a token."""

from __future__ import annotations

import json
from typing import Any

_TIMEOUT_S = 30
_LIMIT = 16 << 20
_LONGEST_REASON = 300


class Refusal(Exception):  # noqa: N818  it is an answer
    """The host rejects the call or does not respond; `status` is the HTTP status, 0 without a response."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class Host:
    """A host's API. `token` is sent with every call; `proxy` is for plain HTTP, default: the system's proxy."""

    def __init__(self, api: str, *, token: str = "", proxy: str = "", accept: str = "application/json") -> None:
        self.api = api.rstrip("/")
        signed = {"Authorization": f"Bearer {token}"} if token else {}
        self._headers = {"Accept": accept, "Content-Type": "application/json", "User-Agent": "mlopsctl", **signed}
        self._opener = _opener(proxy)

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """Call the API and return the response's JSON, None without a body. Raises `Refusal`."""
        from http.client import HTTPException
        from urllib.error import HTTPError
        from urllib.request import Request

        data = None if body is None else json.dumps(body).encode()
        request = Request(f"{self.api}{path}", data, self._headers, method=method)  # noqa: S310 - checked by the caller
        try:
            with self._opener.open(request, timeout=_TIMEOUT_S) as answer:
                return _json_body(answer.read(_LIMIT))
        except HTTPError as error:
            with error:
                detail = _reason(error.read(_LIMIT))
            raise Refusal(error.code, f"{method} {path}: {error.code} {detail or error.reason}") from None
        except (OSError, HTTPException) as error:
            reason = getattr(error, "reason", None) or error
            raise Refusal(0, f"{method} {path}: {reason}") from None


def _opener(proxy: str) -> Any:
    """Return an opener that rejects redirects, so that the token goes to no other host."""
    from urllib import request

    opener = request.OpenerDirector()
    for handler in (request.HTTPHandler, request.HTTPSHandler, request.HTTPErrorProcessor):
        opener.add_handler(handler())
    opener.add_handler(request.HTTPDefaultErrorHandler())
    opener.add_handler(request.ProxyHandler({"http": proxy} if proxy else None))
    return opener


def _json_body(data: bytes) -> Any:
    try:
        return json.loads(data) if data.strip() else None
    except ValueError:
        raise Refusal(0, "the response is not JSON") from None


def _reason(data: bytes) -> str:
    """Return the error message of a response, shortened."""
    try:
        answer = json.loads(data)
        message = answer.get("message") or answer["error"]["message"]
    except (ValueError, KeyError, TypeError, AttributeError):
        return ""
    return " ".join(str(message).split())[:_LONGEST_REASON]
