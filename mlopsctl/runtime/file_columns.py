"""Files of a source, looked at before a library reads them: are they there, have they the columns, of the right types.

In: a source and the columns that are needed. Out: Broken, which names the column in the spec; a library would speak of
an index or a key. Remote files are left to the library.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from mlopsctl.blueprint.model import Features, Source
from mlopsctl.catalogue.feature_stores import parquet_copy
from mlopsctl.catalogue.types import NUMERIC
from mlopsctl.runtime.call import Broken, Call
from mlopsctl.runtime.sources import field, place


def examine(call: Call, views: Iterable[str]) -> None:
    """Look at the files of the system's own views."""
    features = call.definitions
    by_name = {source.name: source for source in features.sources}
    wanted = frozenset(views)
    for view in features.views:
        if view.name in wanted:
            needed = {view.key: _key_type(features, view.entity), **{one.name: one.type for one in view.fields}}
            _examine(call, by_name[view.source], needed)


def _key_type(features: Features, entity: str) -> str:
    return next((one.type for one in features.entities if one.name == entity), "")


def _examine(call: Call, source: Source, needed: Mapping[str, str]) -> None:
    if source.path is None:
        return
    path = place(call, source, parquet_copy(source.path) if source.type == "csv" else source.path)
    if "://" in path:
        return
    if not Path(path).exists():
        raise Broken(f"source `{source.name}`: there is nothing at {source.path}", field(source))
    there = _columns(source, path)
    times = dict.fromkeys(filter(None, (source.event_time, source.created_time)), "timestamp")
    for name, kind in {**needed, **times}.items():
        if name not in there:
            message = f"source `{source.name}` has no column `{name}`; it has {', '.join(there)}"
            raise Broken(message, field(source, f"columns.{name}"))
        if not fits(there[name], kind):
            message = f"column `{name}` of source `{source.name}` should be {kind}, and is {there[name]}"
            raise Broken(message, field(source, f"columns.{name}"))


def _columns(source: Source, path: str) -> dict[str, Any]:
    """Read the columns of a Parquet file or folder."""
    import pyarrow as pa
    from pyarrow import dataset

    try:
        schema = dataset.dataset(path, format="parquet").schema
    except (OSError, ValueError, pa.ArrowException) as error:
        reason = str(error).partition("\n")[0]
        raise Broken(f"source `{source.name}` is not Parquet that can be read: {reason}", field(source)) from error
    return {one.name: one.type for one in schema}


def fits(found: Any, kind: str) -> bool:
    """Tell whether a column of Arrow's type can hold values of the language's; missing whole numbers may be floats."""
    from pyarrow import types

    number = types.is_integer(found) or types.is_floating(found) or types.is_decimal(found)
    if types.is_null(found) or not kind:
        return True
    if kind in NUMERIC:
        return bool(number)
    if kind == "bool":
        return bool(types.is_boolean(found) or number)
    if kind == "string":
        inner = found.value_type if types.is_dictionary(found) else found
        return bool(types.is_string(inner) or types.is_large_string(inner) or types.is_string_view(inner))
    if kind == "timestamp":
        return bool(types.is_timestamp(found))
    if kind.startswith("array<"):
        return bool(types.is_list(found) or types.is_large_list(found) or types.is_fixed_size_list(found))
    return True
