"""Facts of grafana: versions, and what it can and cannot do."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from mlopsctl.catalogue.capability import abilities
from mlopsctl.engines.base import ARGO_CD, Facts, KindFacts

KINDS: Final = MappingProxyType(
    {
        ("grafana.integreatly.org", "GrafanaDashboard"): KindFacts(
            5, ARGO_CD, fixed=(("spec", "instanceSelector"), ("spec", "uid"))
        ),
        ("grafana.integreatly.org", "GrafanaFolder"): KindFacts(5, ARGO_CD),
    }
)

FACTS: Final = (
    Facts(
        "dashboards",
        "grafana",
        ("11", "12", "13"),
        "12",
        licence_note="Grafana is under the AGPL-3.0",
        capabilities=abilities("json config-map operator"),
        folder="grafana",
        kinds=KINDS,
    ),
)
