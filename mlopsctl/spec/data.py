"""Section `data`: sources, the contracts of their columns, and labels."""

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
    """The contract of a column. Rows that violate it fail the data check."""

    type: ColumnType
    """The column's type: string, bool, bytes, int32, int64, float32, float64, timestamp or array<...>."""
    nullable: bool = True
    """Whether the value may be missing."""
    min: Number | None = None
    """The minimum value."""
    max: Number | None = None
    """The maximum value."""
    values: Annotated[tuple[str | int, ...], Field(min_length=1, strict=False)] | None = None
    """The allowed values."""
    description: Text = ""
    """A description of the column."""


class _Source(Section):
    event_time: ColumnName
    """The column with the time at which the row became true; point-in-time joins use it."""
    created_time: ColumnName | None = None
    """The column with the time at which a row was written; of two rows with one event time, the later one is used."""
    cadence: Duration | None = None
    """The interval at which new rows land."""
    lateness: Delay | None = None
    """How long after its event time a row may land or be corrected; increments reach back by it. Default: 1d."""
    columns: Annotated[dict[ColumnName, Column], Field(min_length=1)]
    """The data contract: type, range and nullability of each column."""
    push: bool = False
    """Also accept rows that are pushed to the online store."""
    renamed_from: Reference | None = None
    """Its name before this change, so that the plan reports a rename instead of a removal."""
    description: Text = ""
    """A description of the rows."""
    tags: dict[Label, Text] = {}
    """Tags for the feature store."""


class _TableSource(_Source):
    table: DottedName | None = None
    """The table; exclusive with `query`."""
    query: Text | None = None
    """A SQL query; exclusive with `table`."""

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
    """The label that a model predicts, and its delay."""

    source: Reference
    """The source with the label."""
    column: ColumnName
    """The label's column in that source."""
    delay: Delay = times.Duration(0)
    """How long after the event the label is known; younger rows are not used for training."""


class Data(Section):
    """Sources and labels."""

    sources: Annotated[dict[Identifier, Source], Field(min_length=1)]
    """The sources, by name."""
    labels: dict[Identifier, LabelColumn] = {}
    """The labels, by name."""
