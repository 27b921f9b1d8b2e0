"""Check before the first step that the user's code can be imported, and that files have their columns.

Reads the headers of local files and parses modules; runs no user code, and does not access remote stores.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path
from shutil import which
from typing import Any, NamedTuple

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.features import Source
from mlopsctl.runtime.data.file_columns import fits
from mlopsctl.runtime.data.source_places import field
from mlopsctl.runtime.local.imports import Imports
from mlopsctl.runtime.local.local_stores import sources


class Fault(NamedTuple):
    """A fault and its field of the spec; `of_code` distinguishes code from data."""

    message: str
    field: str
    of_code: bool = False


def faults(blueprint: Blueprint, home: Path, path: str) -> list[Fault]:
    """List the faults that would fail a step; `path` is the search path of programs."""
    return [*_code(blueprint, home, path), *_files(blueprint, home)]


def _code(blueprint: Blueprint, home: Path, path: str) -> Iterator[Fault]:
    imports, model = Imports(home), blueprint.model
    functions = [
        (transform.function, f"spec.features.transforms.{transform.name}.function")
        for transform in (blueprint.features.transforms if blueprint.features else ())
    ]
    if model and model.entrypoint:
        functions.append((model.entrypoint, "spec.model.code.entrypoint"))
    for function, where in functions:
        for fault in imports.faults(function):
            yield Fault(f"`{function}` cannot be imported: {fault}", where, True)
    if model and model.command and which(model.command[0], path=path) is None and not _program(home, model.command[0]):
        yield Fault(f"there is no program `{model.command[0]}`", "spec.model.code.command", True)


def _program(home: Path, word: str) -> bool:
    """Return whether a word is the name of a file in the spec's folder."""
    return "/" in word and (home / word).is_file()


def _files(blueprint: Blueprint, home: Path) -> Iterator[Fault]:
    looked_up, labelled = _of_views(blueprint), _of_label(blueprint)
    for source in sources(blueprint):
        if source.path is None or "://" in source.path:
            continue
        file = home / source.path
        if not file.exists():
            yield Fault(f"source `{source.name}`: {file} does not exist", field(source))
            continue
        listed = {column.name: "" for column in source.columns}
        needed = {**listed, **labelled.get(source.name, {}), **looked_up.get(source.name, {}), **_times(source)}
        yield from _columns(source, file, needed, source.name in looked_up)


def _of_views(blueprint: Blueprint) -> dict[str, dict[str, str]]:
    """Return the columns that views read of each source, with their types."""
    columns_of: dict[str, dict[str, str]] = {}
    features = blueprint.features
    kinds = {entity.name: entity.type for entity in features.entities} if features else {}
    for view in features.views if features else ():
        columns = {
            view.key: kinds.get(view.entity, ""),
            **{view_field.name: view_field.type for view_field in view.fields},
        }
        columns_of.setdefault(view.source, {}).update(columns)
    return columns_of


def _of_label(blueprint: Blueprint) -> dict[str, dict[str, str]]:
    """Return the columns that are read from the label's rows; there, text is converted to any type."""
    model, features = blueprint.model, blueprint.features
    used = (
        next((feature_set for feature_set in features.sets if model and feature_set.name == model.features), None)
        if features
        else None
    )
    if not model or not used:
        return {}
    names = [model.label.column, *(key.name for key in (*used.keys, *used.request))]
    return {model.label.rows.name: dict.fromkeys(names, "")}


def _times(source: Source) -> dict[str, str]:
    return dict.fromkeys(filter(None, (source.event_time, source.created_time)), "timestamp")


def _columns(source: Source, file: Path, needed: Mapping[str, str], joined: bool) -> Iterator[Fault]:
    """Yield the columns that a file lacks or has with another type; `joined` ones are not converted from text."""
    try:
        existing = _header(file) if source.type == "csv" else _schema(file)
    except (OSError, ValueError, csv.Error) as error:
        kind = "CSV" if source.type == "csv" else "Parquet"
        reason = str(error).partition("\n")[0]
        yield Fault(f"source `{source.name}` is not a readable {kind} file: {reason}", field(source))
        return
    for name, kind in needed.items():
        part = field(source, f"columns.{name}")
        if name not in existing:
            yield Fault(f"source `{source.name}` has no column `{name}`; its columns: {', '.join(existing)}", part)
        elif existing[name] is not None and not (
            fits(existing[name], kind) or (not joined and _a_text(existing[name]))
        ):
            message = f"column `{name}` of source `{source.name}` must be {kind}, but is {existing[name]}"
            yield Fault(message, part)


def _header(file: Path) -> dict[str, Any]:
    """Read the column names of a CSV file, which have no types."""
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return dict.fromkeys(next(csv.reader(lines), ()))


def _schema(file: Path) -> dict[str, Any]:
    """Read the columns of a Parquet file or folder, with Arrow's types."""
    import pyarrow as pa
    from pyarrow import dataset

    try:
        schema = dataset.dataset(file, format="parquet").schema
    except pa.ArrowException as error:
        raise ValueError(str(error)) from error
    return {column.name: column.type for column in schema}


def _a_text(kind: Any) -> bool:
    """Return whether a column contains text or dates, which are converted unless they are joined."""
    from pyarrow import types

    inner = kind.value_type if types.is_dictionary(kind) else kind
    return bool(types.is_string(inner) or types.is_large_string(inner) or types.is_date(inner))
