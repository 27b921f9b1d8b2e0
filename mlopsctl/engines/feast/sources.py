"""Sources: the class in Feast for each source type of the spec."""

from __future__ import annotations

from collections.abc import Iterator

from mlopsctl.blueprint.model.features import Source
from mlopsctl.blueprint.model.platform import Identity
from mlopsctl.emit.python_tree import Assign, Call, Expression, Name, Statement
from mlopsctl.engines.feast import conventions
from mlopsctl.engines.feast.stores import SOURCE_CLASSES, TABLE_PARTS, parquet_copy
from mlopsctl.engines.shared.imports import Imports


def statements(source: Source, identity: Identity, offline: str, imports: Imports) -> Iterator[Statement]:
    """Yield the source, and the push source in front of it where rows may be pushed."""
    yield Assign(conventions.source_variable(source.name), _source(source, identity, offline, imports))
    if source.push:
        yield Assign(conventions.push_name(source.name), _push(source, identity, imports))


def variable(source: Source) -> Name:
    """Refer to a view's source: the push source, which refers to its batch source, or the source itself."""
    name = conventions.push_name if source.push else conventions.source_variable
    return Name(name(source.name))


def _source(source: Source, identity: Identity, offline: str, imports: Imports) -> Call:
    rows = _rows(source, offline, imports)
    kind = source.type if source.path is None else "spark" if offline == "spark" else "file"
    created = {"created_timestamp_column": source.created_time} if source.created_time else {}
    return Call(
        imports.name(*SOURCE_CLASSES[kind]),
        keywords={
            "name": source.name,
            **rows,
            "timestamp_field": source.event_time,
            **created,
            **described(source.description),
            "tags": conventions.tags(identity, source.tags),
            "owner": identity.owner,
        },
    )


def described(description: str) -> dict[str, Expression]:
    """Return the keyword argument of a description, if there is one."""
    return {"description": description} if description else {}


def _push(source: Source, identity: Identity, imports: Imports) -> Call:
    return Call(
        imports.name("feast", "PushSource"),
        keywords={
            "name": conventions.push_name(source.name),
            "batch_source": Name(conventions.source_variable(source.name)),
            "tags": conventions.tags(identity, source.tags),
            "owner": identity.owner,
        },
    )


def _rows(source: Source, offline: str, imports: Imports) -> dict[str, Expression]:
    """Return the keyword arguments with the location of the rows."""
    if source.path is not None:
        path = parquet_copy(source.path) if source.type == "csv" else source.path
        return _file(path, offline, imports)
    if source.query is not None:
        # Feast's Trino store writes `FROM` before a query as it is; its others put parentheses around it.
        query: Expression = f"({source.query})" if source.type == "trino" else source.query
        return {"query": query, **_warehouse(source)}
    return {**_table(source), **_warehouse(source)}


def _file(path: str, offline: str, imports: Imports) -> dict[str, Expression]:
    """Set the format if Feast cannot detect it from the path."""
    if offline == "spark":
        return {"path": path, "file_format": "parquet"}
    is_parquet = path.endswith(".parquet")
    return {"path": path, **({} if is_parquet else {"file_format": _parquet(imports)})}


def _parquet(imports: Imports) -> Call:
    return Call(imports.name("feast.data_format", "ParquetFormat"))


def _table(source: Source) -> dict[str, Expression]:
    """Split a dotted name for the stores that quote each part of it."""
    if source.type not in ("snowflake", "redshift"):
        return {"table": source.table}
    parts = reversed((source.table or "").split("."))
    return dict(reversed([*zip(TABLE_PARTS, parts, strict=False)]))


def _warehouse(source: Source) -> dict[str, Expression]:
    return {"warehouse": source.warehouse} if source.warehouse else {}
