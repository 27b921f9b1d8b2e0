"""Current values of a metric's series from Prometheus.

Queries contain only mlopsctl's metric names; labels are compared here, so that no text becomes part of a query.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from http.client import HTTPException
from typing import Any
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import urlopen


class Unreachable(Exception):  # noqa: N818 - a state of the server, not a kind of error in the code
    """The server did not answer the query."""


def values(server: str, metric: str, timeout_s: float = 10.0) -> list[tuple[Mapping[str, str], float]]:
    """Query a metric's current values."""
    address = f"{server.rstrip('/')}/api/v1/query?{urlencode({'query': metric})}"
    if not address.startswith(("http://", "https://")):
        raise Unreachable(f"{server} is not an http address")
    try:
        with urlopen(address, timeout=timeout_s) as answer:  # noqa: S310 - checked above
            results = json.load(answer)["data"]["result"]
    except (URLError, OSError, HTTPException, ValueError, KeyError, TypeError) as error:
        raise Unreachable(f"Prometheus at {server} does not respond: {error}") from error
    return [(result["metric"], value) for result in results if math.isfinite(value := _value(result))]


def _value(sample: Mapping[str, Any]) -> float:
    return float(sample["value"][1])
