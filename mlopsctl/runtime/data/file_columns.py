"""Check a source's files before a library reads them: existence, columns and types.

Remote files are left to the library.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from mlopsctl.blueprint.model.features import Features, Source
from mlopsctl.catalogue.types import NUMERIC
from mlopsctl.engines.feast.stores import parquet_copy
from mlopsctl.runtime.data.source_places import field, place
from mlopsctl.runtime.step_context import StepContext, StepFailed


def examine(step_context: StepContext, views: Iterable[str]) -> None:
    """Check the files of the system's own views."""
    features = step_context.definitions
    by_name = {source.name: source for source in features.sources}
    names = frozenset(views)
    for view in features.views:
        if view.name in names:
            needed = {
                view.key: _key_type(features, view.entity),
                **{view_field.name: view_field.type for view_field in view.fields},
            }
            _examine(step_context, by_name[view.source], needed)


def _key_type(features: Features, entity: str) -> str:
    return next((candidate.type for candidate in features.entities if candidate.name == entity), "")


def _examine(step_context: StepContext, source: Source, needed: Mapping[str, str]) -> None:
    if source.path is None:
        return
    path = place(step_context, source, parquet_copy(source.path) if source.type == "csv" else source.path)
    if "://" in path:
        return
    if not Path(path).exists():
        raise StepFailed(f"source `{source.name}`: {source.path} does not exist", field(source))
    existing = _columns(source, path)
    times = dict.fromkeys(filter(None, (source.event_time, source.created_time)), "timestamp")
    for name, kind in {**needed, **times}.items():
        if name not in existing:
            message = f"source `{source.name}` has no column `{name}`; its columns: {', '.join(existing)}"
            raise StepFailed(message, field(source, f"columns.{name}"))
        if not fits(existing[name], kind):
            message = f"column `{name}` of source `{source.name}` must be {kind}, but is {existing[name]}"
            raise StepFailed(message, field(source, f"columns.{name}"))


def _columns(source: Source, path: str) -> dict[str, Any]:
    """Read the columns of a Parquet file or folder."""
    import pyarrow as pa
    from pyarrow import dataset

    try:
        schema = dataset.dataset(path, format="parquet").schema
    except (OSError, ValueError, pa.ArrowException) as error:
        reason = str(error).partition("\n")[0]
        raise StepFailed(f"source `{source.name}` is not a readable Parquet file: {reason}", field(source)) from error
    return {column.name: column.type for column in schema}


def fits(arrow_type: Any, kind: str) -> bool:
    """Return whether an Arrow type is compatible with a spec type; integers with missing values may be floats."""
    from pyarrow import types

    number = types.is_integer(arrow_type) or types.is_floating(arrow_type) or types.is_decimal(arrow_type)
    if types.is_null(arrow_type) or not kind:
        return True
    if kind in NUMERIC:
        return bool(number)
    if kind == "bool":
        return bool(types.is_boolean(arrow_type) or number)
    if kind == "string":
        inner = arrow_type.value_type if types.is_dictionary(arrow_type) else arrow_type
        return bool(types.is_string(inner) or types.is_large_string(inner) or types.is_string_view(inner))
    if kind == "timestamp":
        return bool(types.is_timestamp(arrow_type))
    if kind.startswith("array<"):
        return bool(
            types.is_list(arrow_type) or types.is_large_list(arrow_type) or types.is_fixed_size_list(arrow_type)
        )
    return True
