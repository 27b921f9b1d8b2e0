"""Facts of hopsworks: versions, and what it can and cannot do."""

from __future__ import annotations

from typing import Final

from mlopsctl.catalogue.capability import abilities, no
from mlopsctl.engines.base import Facts, Features

_HOPSWORKS: Final = abilities(
    "services incremental composite-keys online-ttl sources.parquet sources.csv sources.bigquery sources.snowflake "
    "sources.redshift sources.postgres",
    push=no("only the steps write rows into a feature group", "a source that the steps read"),
    on_demand=no(
        "Hopsworks computes a feature of a request when rows are inserted, and a source's rows have no request",
        "the steps, which compute it for training",
    ),
    lookup=no("a served model looks features up in a Feast feature server", "plain tensors, or feast"),
    offline_only=no("Hopsworks joins inserted rows and does not read sources", "features.views.<view>.materialize"),
    ttl_a_view=no("a feature view has one maximum age for all joined groups", "one ttl for the views of a set"),
    tags=no("an administrator must create the schema of a Hopsworks tag first", "the group's description"),
    owner=no("a feature group has no owner", "the group's description"),
    freshness=no("Hopsworks exports no feature freshness", "the steps, which export it"),
    sources__spark=no(
        "the Python client cannot read a Spark catalogue", "bigquery, snowflake, redshift, postgres or files"
    ),
    sources__trino=no("Hopsworks has no connector for Trino", "bigquery, snowflake, redshift, postgres or files"),
    sql_transforms=no("a transformation is Python", "a Python function"),
    two_sources=no("a feature group reads one source", "two views in one set"),
)

FACTS: Final = (
    Facts(
        "features",
        "hopsworks",
        ("5.2",),
        "5.2",
        capabilities=_HOPSWORKS,
        folder="hopsworks",
        features=Features(
            "mlopsctl.engines.hopsworks.backend:Hopsworks",
            "its feature group stays in Hopsworks with its rows until it is deleted by hand",
            "; its feature groups stay in Hopsworks, with their rows",
            "the old feature group stays in Hopsworks; the first materialisation fills the new one with all rows",
        ),
    ),
)
