"""The column types of the spec, and their names in other tools."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple


class ColumnType(NamedTuple):
    """A column type's names.

    `feast` is the class in feast.types (an array is `Array` of `item`'s), `feast_value` the member of
    ValueType, `pandas` a nullable dtype, `pyarrow` the type as pyarrow prints it, `kfp` the pipeline
    parameter's type, `v2` the inference protocol's datatype with MLServer's `content_type` for it, `mlflow`
    the signature's type, `python` the type of one value, `hopsworks` the type of a feature in its offline store.
    """

    name: str
    feast: str
    feast_value: str
    pandas: str
    pyarrow: str
    kfp: str
    v2: str
    content_type: str
    mlflow: str
    python: str
    hopsworks: str
    item: str = ""

    @property
    def is_array(self) -> bool:
        """Return whether values are lists."""
        return bool(self.item)


_SCALARS: Final = (
    ColumnType("string", "String", "STRING", "string", "string", "STRING", "BYTES", "str", "string", "str", "string"),
    ColumnType("bool", "Bool", "BOOL", "boolean", "bool", "BOOLEAN", "BOOL", "", "boolean", "bool", "boolean"),
    ColumnType("bytes", "Bytes", "BYTES", "object", "binary", "STRING", "BYTES", "base64", "binary", "bytes", "binary"),
    ColumnType("int32", "Int32", "INT32", "Int32", "int32", "NUMBER_INTEGER", "INT32", "", "integer", "int", "int"),
    ColumnType("int64", "Int64", "INT64", "Int64", "int64", "NUMBER_INTEGER", "INT64", "", "long", "int", "bigint"),
    ColumnType(
        "float32", "Float32", "FLOAT", "Float32", "float", "NUMBER_DOUBLE", "FP32", "", "float", "float", "float"
    ),
    ColumnType(
        "float64", "Float64", "DOUBLE", "Float64", "double", "NUMBER_DOUBLE", "FP64", "", "double", "float", "double"
    ),
    ColumnType(
        "timestamp",
        "UnixTimestamp",
        "UNIX_TIMESTAMP",
        "datetime64[us, UTC]",
        "timestamp[us, tz=UTC]",
        "STRING",
        "BYTES",
        "datetime",
        "datetime",
        "datetime",
        "timestamp",
    ),
)


def _array(item_type: ColumnType) -> ColumnType:
    return ColumnType(
        f"array<{item_type.name}>",
        "Array",
        f"{item_type.feast_value}_LIST",
        "object",
        f"list<item: {item_type.pyarrow}>",
        "LIST",
        item_type.v2,
        item_type.content_type,
        f"Array({item_type.mlflow})",
        "list",
        f"array<{item_type.hopsworks}>",
        item_type.name,
    )


COLUMN_TYPES: Final[Mapping[str, ColumnType]] = MappingProxyType(
    {column_type.name: column_type for column_type in (*_SCALARS, *map(_array, _SCALARS))}
)
NUMERIC: Final = frozenset({"int32", "int64", "float32", "float64"})
CATEGORICAL: Final = frozenset({"string", "bool"})
KEYS: Final = frozenset({"string", "int32", "int64"})
"""Allowed types of an entity's key: others are not stored byte for byte in online stores."""

_WIDER: Final = frozenset(
    {
        ("int32", "int64"),
        ("int32", "float64"),
        ("float32", "float64"),
    }
)


def is_numeric(name: str) -> bool:
    """Return whether values are single numbers, which have ranges and numerical drift."""
    return name in NUMERIC


def is_categorical(name: str) -> bool:
    """Return whether values are categories, which have value lists and categorical drift."""
    return name in CATEGORICAL


def widening(old: str, new: str) -> bool:
    """Return whether the new type represents every value of the old one exactly; arrays are compared by their items."""
    if old == new or (old, new) in _WIDER:
        return True
    before, after = COLUMN_TYPES.get(old), COLUMN_TYPES.get(new)
    if before is None or after is None or not (before.is_array and after.is_array):
        return False
    return widening(before.item, after.item)
