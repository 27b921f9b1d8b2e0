"""Stored features by key, from a feature server over HTTP.

In: rows of keys. Out: a frame of values by `view__field`. A value older than its view's ttl is missing, as it is in the
historical join; the server itself does not look at age.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
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
    """The feature server did not answer with features."""


class Lookup(Protocol):
    """Whatever can find stored features."""

    def rows(self, contract: Contract, keys: pd.DataFrame) -> pd.DataFrame:
        """Find the features of each row's keys."""


class HttpLookup:
    """Asks Feast's feature server; one connection a thread, kept open."""

    def __init__(self, server: str, timeout: float = 5.0, clock: Callable[[], float] = time.time) -> None:
        self._server = urlsplit(server if "//" in server else f"http://{server}")
        self._timeout = timeout
        self._clock = clock
        self._local = threading.local()

    def rows(self, contract: Contract, keys: pd.DataFrame) -> pd.DataFrame:
        """Ask for every view in one request."""
        asked = {
            "features": [f"{view.name}:{field.name}" for view in contract.views for field in view.fields],
            "entities": key_values(contract, keys),
            "full_feature_names": True,
        }
        answer = self._ask(json.dumps(asked).encode())
        names = answer["metadata"]["feature_names"]
        found = {
            name: (result["values"], result.get("event_timestamps", ()))
            for name, result in zip(names, answer["results"], strict=True)
        }
        return fresh(contract, found, keys.index, self._clock())

    def close(self) -> None:
        """Close this thread's connection."""
        kept = getattr(self._local, "connection", None)
        if kept is not None:
            kept.close()
            self._local.connection = None

    def _ask(self, body: bytes) -> Any:
        """Send a request; once more where the kept connection had been closed, not where the server is slow."""
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
                        f"the feature server {self._server.netloc} does not answer: {error}"
                    ) from error
                continue
            if response.status != 200:
                raise FeatureServerError(f"{self._where()} answered {response.status}")
            return json.loads(text)
        raise AssertionError("unreachable")

    def _where(self) -> str:
        return f"the feature server {self._server.hostname}:{self._server.port or 80}"

    def _connection(self) -> HTTPConnection:
        kept: HTTPConnection | None = getattr(self._local, "connection", None)
        if kept is None:
            kind = HTTPSConnection if self._server.scheme == "https" else HTTPConnection
            kept = kind(self._server.netloc, timeout=self._timeout)
            self._local.connection = kept
        return kept

    def __getstate__(self) -> dict[str, Any]:
        return {"server": self._server.geturl(), "timeout": self._timeout}

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        self.__init__(state["server"], state["timeout"])  # type: ignore[misc]


def key_values(contract: Contract, keys: pd.DataFrame) -> dict[str, list[Any]]:
    """Return the keys as the stores know them."""
    found = {}
    for key in contract.keys:
        if key.name not in keys.columns:
            raise ValueError(f"there is no column `{key.name}`, by which features are looked up")
        values = cast(keys[key.name], key.type, key.name, may_miss=False)
        if values.isna().any():
            raise ValueError(f"`{key.name}` is missing in a row, and features are looked up by it")
        found[key.name] = values.tolist()
    return found


def fresh(
    contract: Contract,
    found: Mapping[str, tuple[Sequence[Any], Sequence[Any]]],
    index: pd.Index[Any],
    now: float,
) -> pd.DataFrame:
    """Keep the values that are not older than their view's ttl; `found` has values and event times by name."""
    import pandas as pd

    columns = {}
    for view in contract.views:
        for field in view.fields:
            name = column(view.name, field.name)
            values, times = found[name]
            kept = [_kept(values[i], times[i] if i < len(times) else None, now - view.ttl) for i in range(len(values))]
            columns[name] = pd.Series(kept, index=index, dtype=object)
    return pd.DataFrame(columns, index=index)


def _kept(value: Any, moment: Any, oldest: float) -> Any:
    if value is None or moment is None:
        return value
    seconds = float(moment) if isinstance(moment, int | float) else _seconds(str(moment))
    return value if seconds >= oldest else None


def _seconds(moment: str) -> float:
    return datetime.fromisoformat(moment.replace("Z", "+00:00")).timestamp()
