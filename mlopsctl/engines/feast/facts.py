"""Facts of Feast: versions and capabilities."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from mlopsctl.catalogue.capability import abilities, no
from mlopsctl.catalogue.platform import ScrapeTarget
from mlopsctl.engines.base import Exporter, Facts, Features

_FEAST: Final = abilities(
    "push on-demand lookup offline-only ttl-a-view services tags owner incremental freshness sources.parquet "
    "sources.csv sources.bigquery sources.snowflake sources.redshift sources.postgres sources.spark sources.trino",
    composite_keys=no("a Feast entity has exactly one key", "one column that combines the parts"),
    sql_transforms=no("Feast runs transforms as Python", "a Python function"),
    two_sources=no("a Feast view reads one offline source", "two views in one set"),
    online_ttl=no("Feast's Python server returns values older than the ttl", "alerts.freshness"),
)

_SCRAPES: Final = (
    ScrapeTarget("feast-server", "pod", MappingProxyType({"app.kubernetes.io/name": "feast-server"}), "8000"),
)

FACTS: Final = (
    Facts(
        "features",
        "feast",
        ("0.66", "0.67"),
        "0.67",
        capabilities=_FEAST,
        folder="feast",
        features=Features(
            "mlopsctl.engines.feast.backend.store:Feast",
            "the next `feast apply` deletes it and its online rows without a confirmation",
            "; Feast deletes its views and their online rows without a confirmation",
            "Feast deletes the old view and creates an empty one: run the materialisation once with mode=full",
            shared_project=True,
            silent_removal="Feast",
            server="feast-server:6566",
            local="mlopsctl.engines.feast.backend.local:settings",
        ),
        metrics=(Exporter("mlopsctl.engines.feast.exported_metrics"),),
        scrapes=_SCRAPES,
    ),
)
