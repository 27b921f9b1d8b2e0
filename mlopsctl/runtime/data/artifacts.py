"""Read and write the files between steps: data sets as Parquet with their schema and hash, documents as JSON."""

from __future__ import annotations

import errno
import hashlib
import json
import math
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlopsctl.runtime.step_context import StepFailed

if TYPE_CHECKING:
    import pandas as pd

ROWS_FILE, SCHEMA_FILE = "rows.parquet", "schema.json"
KEY, TIME, REQUEST, INPUT, LABEL = "key", "time", "request", "input", "label"


@dataclass(frozen=True, slots=True)
class DatasetColumn:
    """A column and its role: key, time, request (read only by transforms), input or label."""

    name: str
    type: str
    role: str


@dataclass(frozen=True, slots=True)
class Schema:
    """The columns of a data set; `as_of` is its reference time, `hash` the hash of its content."""

    columns: tuple[DatasetColumn, ...]
    rows: int
    as_of: str
    hash: str = ""

    def names(self, role: str) -> list[str]:
        """List the columns with a role."""
        return [column.name for column in self.columns if column.role == role]

    @property
    def moment(self) -> datetime:
        """The reference time of the data set."""
        return datetime.fromisoformat(self.as_of)


@dataclass(frozen=True, slots=True)
class Dataset:
    """Rows with their schema."""

    rows: pd.DataFrame
    schema: Schema

    @property
    def inputs(self) -> pd.DataFrame:
        """The model's inputs, in order."""
        return self.rows[self.schema.names(INPUT)]

    @property
    def label(self) -> pd.Series[Any]:
        """The label."""
        return self.rows[self.schema.names(LABEL)[0]]

    def with_rows(self, rows: pd.DataFrame) -> Dataset:
        """Return a data set with the same schema and other rows."""
        return Dataset(rows, replace(self.schema, rows=len(rows), hash=""))


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """Yield a temporary path for a file or folder, and move it to `path` when it is complete."""
    partial = path.with_name(f".{path.name}.partial-{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        remove(partial)
        yield partial
        remove(path)
        partial.rename(path)
    except OSError as error:
        raise _no_room(path, error) from error
    finally:
        remove(partial)


def remove(path: Path) -> None:
    """Remove a file or folder, if it is there."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _no_room(path: Path, error: OSError) -> Exception:
    """Return the message for an error of the file system."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return StepFailed(f"no space left on the disk to write {path}")
    if error.errno in (errno.EACCES, errno.EROFS, errno.EPERM):
        return StepFailed(f"cannot write {path}: {error.strerror}")
    return error


def write_dataset(path: Path, dataset: Dataset) -> Schema:
    """Write a data set's folder, and return its schema with the content's hash."""
    schema = replace(dataset.schema, rows=len(dataset.rows), hash=content_hash(dataset.rows, dataset.schema))
    with written_whole(path) as folder:
        folder.mkdir()
        dataset.rows.to_parquet(folder / ROWS_FILE, index=False)
        (folder / SCHEMA_FILE).write_text(json.dumps(asdict(schema), indent=1) + "\n")
    return schema


def read_dataset(path: Path) -> Dataset:
    """Read a data set's folder."""
    import pandas as pd

    try:
        data = json.loads((path / SCHEMA_FILE).read_text())
        columns = tuple(DatasetColumn(**entry) for entry in data.pop("columns"))
        return Dataset(pd.read_parquet(path / ROWS_FILE), Schema(columns, **data))
    except FileNotFoundError as error:
        raise StepFailed(f"{path} is not a data set: it has no {Path(str(error.filename)).name}") from None


def content_hash(rows: pd.DataFrame, schema: Schema) -> str:
    """Return a hash of the rows and their schema, independent of the file's encoding."""
    import pandas as pd

    digest = hashlib.sha256(json.dumps([asdict(column) for column in schema.columns]).encode())
    plain = rows.apply(lambda values: values.map(_hashable) if values.dtype == object else values)
    digest.update(pd.util.hash_pandas_object(plain, index=False, categorize=False).to_numpy().tobytes())
    return digest.hexdigest()


def _hashable(value: Any) -> Any:
    return value if isinstance(value, str | None) else json.dumps(plain(value))


def write_json(path: Path, value: Mapping[str, Any]) -> None:
    """Write plain values as JSON; NaN and infinity become null."""
    with written_whole(path) as file:
        file.write_text(json.dumps(plain(value), indent=1, ensure_ascii=False) + "\n")


def read_json(path: Path) -> Any:
    """Read plain values."""
    try:
        return json.loads(path.read_text())
    except (ValueError, IsADirectoryError):
        raise StepFailed(f"{path} is not an output of the step before") from None


def plain(value: Any) -> Any:
    """Convert values of numpy and pandas to JSON values."""
    if isinstance(value, Mapping):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value if isinstance(value, str | int | bool | None) else str(value)


def write_parameter(path: Path | None, value: str) -> None:
    """Write an output parameter to the engine's file, if there is one."""
    if path is not None:
        with written_whole(path) as file:
            file.write_text(value)
