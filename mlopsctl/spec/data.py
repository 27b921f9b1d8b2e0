"""Section `data`: where rows come from, what their columns promise, and when a label is known."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from mlopsctl.spec import scalars, times
from mlopsctl.spec.words import (
    ColumnName,
    ColumnType,
    Delay,
    DottedName,
    Duration,
    FilePath,
    Identifier,
    Label,
    Number,
    Reference,
    Section,
    Text,
)


class Column(Section):
    """One column's contract. Rows that break it fail the data check."""

    type: ColumnType
    """The column's type: string, bool, bytes, int32, int64, float32, float64, timestamp or array<...>."""
    nullable: bool = True
    """Whether a row may lack the value."""
    min: Number | None = None
    """The smallest value allowed."""
    max: Number | None = None
    """The largest value allowed."""
    values: Annotated[tuple[str | int, ...], Field(min_length=1, strict=False)] | None = None
    """The only values allowed."""
    description: Text = ""
    """What the column means."""


class _Source(Section):
    event_time: ColumnName
    """The column that says when the row's facts became true; joins look back from it."""
    created_time: ColumnName | None = None
    """The column that says when the row was written; of two rows for one moment, the later one wins."""
    cadence: Duration | None = None
    """New rows land at least this often."""
    lateness: Delay | None = None
    """How long after its event time a row may land or be corrected, 1d by default; increments reach back by it."""
    columns: Annotated[dict[ColumnName, Column], Field(min_length=1)]
    """The data contract: each column's type, range and nulls."""
    push: bool = False
    """Also accept rows pushed straight to the online store."""
    renamed_from: Reference | None = None
    """Its name before this change: what reads the plan knows then that it is the same thing."""
    description: Text = ""
    """What the rows are."""
    tags: dict[Label, Text] = {}
    """Free tags, carried to the feature store."""


class _TableSource(_Source):
    table: DottedName | None = None
    """The table; give this or `query`."""
    query: Text | None = None
    """A SQL query; give this or `table`."""

    @model_validator(mode="after")
    def _one_origin(self) -> _TableSource:
        if (self.table is None) == (self.query is None):
            raise scalars.fail("value", "a source needs exactly one of `table` and `query`", "give one of the two")
        return self


class ParquetSource(_Source):
    """Parquet files, local or in an object store."""

    type: Literal["parquet"]
    """The kind of source."""
    path: FilePath
    """A file or folder below the spec's folder, or a URI such as s3://bucket/key."""


class CsvSource(_Source):
    """A CSV file with a header line."""

    type: Literal["csv"]
    """The kind of source."""
    path: FilePath
    """A file below the spec's folder, or a URI such as s3://bucket/key."""


class BigQuerySource(_TableSource):
    """A BigQuery table or query."""

    type: Literal["bigquery"]
    """The kind of source."""


class SnowflakeSource(_TableSource):
    """A Snowflake table or query."""

    type: Literal["snowflake"]
    """The kind of source."""
    warehouse: ColumnName | None = None
    """The warehouse that runs the query."""


class RedshiftSource(_TableSource):
    """A Redshift table or query."""

    type: Literal["redshift"]
    """The kind of source."""


class PostgresSource(_TableSource):
    """A PostgreSQL table or query."""

    type: Literal["postgres"]
    """The kind of source."""


class SparkSource(_TableSource):
    """A table or query of Spark's catalogue."""

    type: Literal["spark"]
    """The kind of source."""


class TrinoSource(_TableSource):
    """A Trino table or query."""

    type: Literal["trino"]
    """The kind of source."""


Source = Annotated[
    ParquetSource
    | CsvSource
    | BigQuerySource
    | SnowflakeSource
    | RedshiftSource
    | PostgresSource
    | SparkSource
    | TrinoSource,
    Field(discriminator="type"),
]


class LabelColumn(Section):
    """What the model learns to predict, and how late it is known."""

    source: Reference
    """The source whose rows carry the label."""
    column: ColumnName
    """The label's column in that source."""
    delay: Delay = times.Duration(0)
    """How long after the event the label is known; younger rows are left out of training."""


class Data(Section):
    """Where rows come from, and which of their columns are labels."""

    sources: Annotated[dict[Identifier, Source], Field(min_length=1)]
    """The sources, by name."""
    labels: dict[Identifier, LabelColumn] = {}
    """The labels, by name."""
