"""The words of Grafana and of its operator, and what all our panels have in common."""

from __future__ import annotations

from typing import Any, Final

API_VERSION: Final = "grafana.integreatly.org/v1beta1"
COMPONENT: Final = "dashboard"
WAVE: Final = 5

SCHEMA: Final = 42
"""The classic model, which Grafana 11 to 13 read; newer servers also know a second one."""
LONGEST_UID: Final = 40
HASHED: Final = 8
WIDTH: Final = 24
"""The columns of the grid that panels are put on."""

RATE: Final = "$__rate_interval"
"""Grafana's own window: four scrapes, or more where a pixel covers more."""
DATASOURCE: Final[dict[str, str]] = {"type": "prometheus", "uid": "${datasource}"}
"""The variable on top of the dashboard: it fits any Grafana, whatever its Prometheus is called."""

FIRST_LOOK: Final = {"from": "now-24h", "to": "now"}
REFRESH: Final = "1m"
RESYNC: Final = "10m0s"
"""How often the operator puts the dashboard back as it was rendered."""

GOOD, WATCH, BAD, PLAIN = "green", "orange", "red", "blue"

MOST_PANELS: Final = 400
"""A ConfigMap holds 1 MiB, and one panel takes less than 2.5 KiB."""


def variable() -> dict[str, Any]:
    """Return the variable that picks the data source."""
    return {"type": "datasource", "name": "datasource", "label": "Data source", "query": "prometheus", "refresh": 1}
