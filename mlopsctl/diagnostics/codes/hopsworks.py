"""The codes MLC812 to MLC816: what Hopsworks cannot do.

In: nothing. Out: one constant a code, and `CODES`. Never builds a finding.
"""

from __future__ import annotations

from mlopsctl.diagnostics.codes.entry import Code
from mlopsctl.diagnostics.model import Severity

SOURCE = Code(
    "MLC812",
    "a source that Hopsworks cannot have as it is described",
    Severity.ERROR,
    why="Files are read by the steps, which insert their rows. A table is read by Hopsworks itself, through a storage "
    "connector that somebody made in its project; there are connectors for BigQuery, Snowflake, Redshift and "
    "PostgreSQL. Credentials never stand in a definition, and rows are not pushed to it.",
    mend="name the connector in the workspace, or keep the rows where Hopsworks can read them",
    bad="stack:\n  features: {engine: hopsworks}\nsources:\n  payments: {type: bigquery, table: risk.payments}",
    good="stack:\n  features: {engine: hopsworks, connectors: {bigquery: risk-warehouse}}\n"
    "sources:\n  payments: {type: bigquery, table: risk.payments}",
)
NAME = Code(
    "MLC813",
    "a name that Hopsworks would change, or has already",
    Severity.ERROR,
    why="Hopsworks keeps names of groups, views and features in lower-case letters, digits and `_`, at most 63. "
    "Its client takes another name without a word and changes it, so that nobody finds it again. A view and the "
    "labelled rows of a set (`<set>_rows`) are both feature groups, and of two with one name there is one.",
    mend="give it another name, in lower-case letters",
    bad="fields: [txnCount1h]",
    good="fields: [txn_count_1h]",
)
UNFILLED = Code(
    "MLC814",
    "a feature group that nothing fills",
    Severity.ERROR,
    why="Feast joins past rows where they lie. Hopsworks joins the rows of files that were inserted into a feature "
    "group, and the step that inserts them is `materialize`. The features of a view that is not materialised would all "
    "be missing.",
    mend="say how often it is materialised; `online: false` keeps it out of the online store all the same",
    bad="views:\n  activity: {entity: card, source: stats, ttl: 2h}",
    good="views:\n  activity: {entity: card, source: stats, ttl: 2h, online: false, materialize: {every: 30m}}",
)
SET = Code(
    "MLC815",
    "a set that is not the same as a feature view",
    Severity.WARNING,
    why="A set is a Hopsworks feature view over the labelled rows of its model. A feature view has one largest age for "
    "all that it joins, holds no feature that is computed of a request, and without labelled rows has nothing that "
    "carries the keys of two entities.",
    mend="one ttl for the views of a set; a column of the source in place of a transform; one entity a set",
    bad="sets:\n  inputs: {fields: [hourly.count, daily.count]}   # of views with ttl 2h and 2d",
    good="sets:\n  inputs: {fields: [hourly.count, daily.count]}   # of views with ttl 2d each",
)
LOOKUP = Code(
    "MLC816",
    "an endpoint that looks features up in Hopsworks",
    Severity.ERROR,
    why="A served model asks a Feast feature server for stored features. Hopsworks has none, and its own interface "
    "asks for its client and a key in every server.",
    mend="let the caller send the model's inputs, or let Feast keep the features",
    bad="# stack.features: {engine: hopsworks}\nendpoints:\n  scorer: {model: champion, features: fraud_inputs}",
    good="# stack.features: {engine: hopsworks}\nendpoints:\n  scorer: {model: champion}",
)

CODES: tuple[Code, ...] = (SOURCE, NAME, UNFILLED, SET, LOOKUP)
