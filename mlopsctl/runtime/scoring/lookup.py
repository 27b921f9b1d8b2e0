"""Look up stored features by key, from a feature server over HTTP.

A value older than its view's ttl is missing, as it is in the historical join; the server itself does not check the age.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

from .columns import cast
from .contract import Contract
from .vectors import column

if TYPE_CHECKING:
    import pandas as pd

_PATH = "/get-online-features"


class FeatureServerError(RuntimeError):
    """The feature server did not return features."""


class Lookup(Protocol):
    """The interface of a feature lookup."""

    def rows(self, contract: Contract, keys: pd.DataFrame) -> pd.DataFrame:
        """Find the features of each row's keys."""


class HttpLookup:
    """A client of Feast's feature server; one open connection per thread."""

    def __init__(self, server: str, timeout_s: float = 5.0, clock: Callable[[], float] = time.time) -> None:
        self._server = urlsplit(server if "//" in server else f"http://{server}")
        self._timeout_s = timeout_s
        self._clock = clock
        self._local = threading.local()

    def rows(self, contract: Contract, keys: pd.DataFrame) -> pd.DataFrame:
        """Look up all views in one request."""
        body = {
            "features": [f"{view.name}:{field.name}" for view in contract.views for field in view.fields],
            "entities": key_values(contract, keys),
            "full_feature_names": True,
        }
        answer = self._ask(json.dumps(body).encode())
        names = answer["metadata"]["feature_names"]
        values_of = {
            name: (result["values"], result.get("event_timestamps", ()))
            for name, result in zip(names, answer["results"], strict=True)
        }
        return fresh(contract, values_of, keys.index, self._clock())

    def close(self) -> None:
        """Close this thread's connection."""
        connection = getattr(self._local, "connection", None)
        if connection is not None:
            connection.close()
            self._local.connection = None

    def _ask(self, body: bytes) -> Any:
        """Send a request; retry once if the kept connection was closed, but not if the server is slow."""
        for attempt in (1, 2):
            try:
                connection = self._connection()
                connection.request("POST", _PATH, body, {"Content-Type": "application/json"})
                response = connection.getresponse()
                text = response.read()
            except (OSError, HTTPException) as error:
                self.close()
                if attempt == 2 or isinstance(error, TimeoutError):
                    raise FeatureServerError(
                        f"the feature server {self._server.netloc} does not respond: {error}"
                    ) from error
                continue
            if response.status != 200:
                raise FeatureServerError(f"{self._where()} responded {response.status}")
            return json.loads(text)
        raise AssertionError("unreachable")

    def _where(self) -> str:
        return f"the feature server {self._server.hostname}:{self._server.port or 80}"

    def _connection(self) -> HTTPConnection:
        connection: HTTPConnection | None = getattr(self._local, "connection", None)
        if connection is None:
            kind = HTTPSConnection if self._server.scheme == "https" else HTTPConnection
            connection = kind(self._server.netloc, timeout=self._timeout_s)
            self._local.connection = connection
        return connection

    def __getstate__(self) -> dict[str, Any]:
        return {"server": self._server.geturl(), "timeout": self._timeout_s}

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        self.__init__(state["server"], state["timeout"])  # type: ignore[misc]


def key_values(contract: Contract, keys: pd.DataFrame) -> dict[str, list[Any]]:
    """Return the keys in the form that stores use."""
    values_of = {}
    for key in contract.keys:
        if key.name not in keys.columns:
            raise ValueError(f"there is no column `{key.name}`, a key of the feature lookup")
        values = cast(keys[key.name], key.type, key.name, may_miss=False)
        if values.isna().any():
            raise ValueError(f"`{key.name}`, a key of the feature lookup, is missing in a row")
        values_of[key.name] = values.tolist()
    return values_of


def fresh(
    contract: Contract,
    values_of: Mapping[str, tuple[Sequence[Any], Sequence[Any]]],
    index: pd.Index[Any],
    now: float,
) -> pd.DataFrame:
    """Return the values that are not older than their view's ttl; `values_of` has values and event times by name."""
    import pandas as pd

    columns = {}
    for view in contract.views:
        for field in view.fields:
            name = column(view.name, field.name)
            values, times = values_of[name]
            values = [_moment(value) for value in values] if field.type == "timestamp" else values
            current = [
                _fresh_value(values[i], times[i] if i < len(times) else None, now - view.ttl)
                for i in range(len(values))
            ]
            columns[name] = pd.Series(current, index=index, dtype=object)
    return pd.DataFrame(columns, index=index)


def _fresh_value(value: Any, moment: Any, oldest: float) -> Any:
    if value is None or moment is None:
        return value
    seconds = float(moment) if isinstance(moment, int | float) else _seconds(str(moment))
    return value if seconds >= oldest else None


def _moment(value: Any) -> Any:
    """Convert Unix seconds, as which Feast's server returns timestamps, to a time."""
    return datetime.fromtimestamp(value, UTC) if isinstance(value, int) else value


def _seconds(moment: str) -> float:
    return datetime.fromisoformat(moment.replace("Z", "+00:00")).timestamp()
