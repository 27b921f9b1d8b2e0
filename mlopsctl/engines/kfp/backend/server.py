"""The part of the Kubeflow Pipelines API that finds and starts runs.

Requests that start a run are not repeated, redirects with a token are not followed, and errors contain no token.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from mlopsctl.runtime.step_context import StepFailed

API = "/apis/v2beta1"
TOKEN_PATH = "KF_PIPELINES_SA_TOKEN_PATH"  # noqa: S105 - a variable's name
"""Kubeflow's variable for the path of a token file."""
PAGE_SIZE = 100
_TIMEOUTS_S = (5, 30)
"""Timeout for connecting and between two parts of a response, in seconds."""
_RETRIES, _BACKOFF_S = 3, 0.5
_OVERLOADED = (429, 502, 503, 504)
_LONGEST_REASON = 300


class Server:
    """KFP's API server. Reading requests are retried; creating requests only if they were not sent."""

    def __init__(self, endpoint: str, token: Path | None = None, *, backoff_s: float = _BACKOFF_S) -> None:
        import requests
        from requests.adapters import HTTPAdapter
        from urllib3.util import Retry

        self.endpoint = _checked(endpoint)
        self._token = token
        retries = Retry(
            total=_RETRIES,
            backoff_factor=backoff_s,
            status_forcelist=_OVERLOADED,
            allowed_methods=("GET",),
            raise_on_status=False,
            respect_retry_after_header=False,
        )
        self._session = requests.Session()
        self._session.auth = self._signed
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, HTTPAdapter(max_retries=retries))

    def list(self, path: str, key: str, **query: str) -> Iterator[dict[str, Any]]:
        """Yield the objects of a list, page after page."""
        tokens: set[str] = set()
        token = ""
        while True:
            page = self._ask("GET", path, query={**query, "page_size": str(PAGE_SIZE), "page_token": token})
            yield from page.get(key) or ()
            token = page.get("next_page_token") or ""
            if not token:
                return
            if token in tokens:
                raise StepFailed(f"{self.endpoint} returns the same page of {path} repeatedly")
            tokens.add(token)

    def create(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Create an object, and return the server's version of it."""
        return self._ask("POST", path, body=body)

    def _ask(
        self, method: str, path: str, *, query: Mapping[str, str] | None = None, body: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        from requests import RequestException

        parameters = {name: text for name, text in (query or {}).items() if text}
        try:
            answer = self._session.request(
                method,
                f"{self.endpoint}{API}{path}",
                params=parameters,
                json=body,
                timeout=_TIMEOUTS_S,
                allow_redirects=False,
            )
        except RequestException as error:
            raise StepFailed(f"{self.endpoint} does not respond: {_cause(error)}") from error
        if answer.status_code >= 300:
            raise Refusal(answer.status_code, f"{self.endpoint} responds to {method} {path} with {_reason(answer)}")
        return self._read(answer)

    def _read(self, answer: Any) -> dict[str, Any]:
        try:
            answer_body = answer.json()
        except ValueError:
            answer_body = None
        if not isinstance(answer_body, dict):
            raise StepFailed(f"{self.endpoint} is not the KFP API: the response is not a JSON object")
        return answer_body

    def _signed(self, request: Any) -> Any:
        """Add the token to a request. The file is read each time, because the cluster rotates it."""
        if self._token is not None:
            try:
                request.headers["Authorization"] = f"Bearer {self._token.read_text().strip()}"
            except OSError as error:
                raise StepFailed(f"cannot read the token for KFP: {error.strerror}: {self._token}") from None
        return request


class Refusal(StepFailed):
    """The server rejected a request with the HTTP status `status`."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


def _checked(endpoint: str) -> str:
    """Return the address without a trailing slash; StepFailed if it is invalid or contains credentials."""
    try:
        address = urlsplit(endpoint)
        usable = address.scheme in ("http", "https") and bool(address.hostname)
    except ValueError:
        usable = False
    if not usable:
        raise StepFailed(f"the endpoint `{endpoint}` is not an address such as http://ml-pipeline:8888")
    if address.username or address.password:
        raise StepFailed("the endpoint must not contain a user or a password; KFP uses a token")
    return endpoint.rstrip("/")


def part(text: str) -> str:
    """Encode an id as a path segment."""
    return quote(text, safe="")


def equals(key: str, text: str) -> str:
    """Write a filter for objects whose field has this value."""
    return _filter({"operation": "EQUALS", "key": key, "string_value": text})


def among(key: str, texts: Sequence[str]) -> str:
    """Write a filter for objects whose field has one of these values."""
    return _filter({"operation": "IN", "key": key, "string_values": {"values": list(texts)}})


def _filter(predicate: Mapping[str, Any]) -> str:
    return json.dumps({"predicates": [predicate]}, separators=(",", ":"))


def _reason(answer: Any) -> str:
    """Return the status and the first part of the body of an error response."""
    if answer.is_redirect:
        return (
            f"{answer.status_code}, a redirect to {answer.headers['Location'].partition('?')[0]}: a login is required"
        )
    try:
        text = str(answer.json()["message"])
    except (ValueError, KeyError, TypeError):
        text = answer.reason or ""
    return f"{answer.status_code}: {' '.join(text.split())[:_LONGEST_REASON] or 'no reason given'}"


def _cause(error: BaseException) -> str:
    """Return the operating system's message below those of the libraries."""
    below: BaseException | None = error
    while below is not None:
        if isinstance(below, OSError) and below.strerror:
            return below.strerror
        error, below = below, getattr(below, "reason", None) or below.__cause__ or below.__context__
        if not isinstance(below, BaseException):
            break
    return " ".join(str(error).split())[:_LONGEST_REASON] or type(error).__name__
