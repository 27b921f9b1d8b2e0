"""Diagnostic codes of Hopsworks: one constant a code, and `CODES`."""

from __future__ import annotations

from mlopsctl.diagnostics.codes.entry import Code
from mlopsctl.diagnostics.model import Severity

SOURCE = Code(
    "MLC812",
    "source that Hopsworks cannot read",
    Severity.ERROR,
    why="The steps read files and insert their rows. Hopsworks itself reads tables, through a storage connector "
    "created in its project; there are connectors for BigQuery, Snowflake, Redshift and PostgreSQL. Definitions "
    "hold no credentials, and rows cannot be pushed.",
    help="set the connector in the workspace, or keep the rows where Hopsworks can read them",
    bad="stack:\n  features: {engine: hopsworks}\nsources:\n  payments: {type: bigquery, table: risk.payments}",
    good="stack:\n  features: {engine: hopsworks, connectors: {bigquery: risk-warehouse}}\n"
    "sources:\n  payments: {type: bigquery, table: risk.payments}",
)
NAME = Code(
    "MLC813",
    "invalid or duplicate name in Hopsworks",
    Severity.ERROR,
    why="Names of groups, views and features in Hopsworks consist of lower-case letters, digits and `_`, at most 63. "
    "Its client silently changes other names, so the object cannot be found by its name. A view and the labelled "
    "rows of a set (`<set>_rows`) are both feature groups, and two groups with the same name are one.",
    help="use another name, in lower-case letters",
    bad="fields: [txnCount1h]",
    good="fields: [txn_count_1h]",
)
UNFILLED = Code(
    "MLC814",
    "feature group without rows",
    Severity.ERROR,
    why="Feast joins past rows in their source. Hopsworks joins rows of files that were inserted into a feature "
    "group, and the step `materialize` inserts them. Without materialisation, all features of the view would be "
    "missing.",
    help="set how often it is materialised; `online: false` still keeps it out of the online store",
    bad="views:\n  activity: {entity: card, source: stats, ttl: 2h}",
    good="views:\n  activity: {entity: card, source: stats, ttl: 2h, online: false, materialize: {every: 30m}}",
)
SET = Code(
    "MLC815",
    "set that a feature view cannot express",
    Severity.WARNING,
    why="A set is a Hopsworks feature view over the labelled rows of its model. A feature view has one maximum age "
    "for everything it joins, has no features computed from a request, and without labelled rows it cannot carry "
    "the keys of two entities.",
    help="use one ttl for the views of a set, a column of the source instead of a transform, one entity per set",
    bad="sets:\n  inputs: {fields: [hourly.count, daily.count]}   # of views with ttl 2h and 2d",
    good="sets:\n  inputs: {fields: [hourly.count, daily.count]}   # of views with ttl 2d each",
)
LOOKUP = Code(
    "MLC816",
    "endpoint that looks features up in Hopsworks",
    Severity.ERROR,
    why="A served model reads stored features from a Feast feature server. Hopsworks has none, and its own API needs "
    "its client and a key in every server.",
    help="let the caller send the model's inputs, or keep the features in Feast",
    bad="# stack.features: {engine: hopsworks}\nendpoints:\n  scorer: {model: champion, features: fraud_inputs}",
    good="# stack.features: {engine: hopsworks}\nendpoints:\n  scorer: {model: champion}",
)

CODES: tuple[Code, ...] = (SOURCE, NAME, UNFILLED, SET, LOOKUP)
