"""Read files of rows without type inference: text is never a missing value, and integers never become floats.

An empty cell is the only missing value of CSV. OSError and ValueError if a file cannot be read.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


def read_csv(place: str, texts: Iterable[str] | None = None) -> pd.DataFrame:
    """Read a CSV file with a header line; the columns `texts` (all by default) keep their text unchanged."""
    import pandas as pd

    kinds: Any = str if texts is None else dict.fromkeys(texts, str)
    with warnings.catch_warnings():
        warnings.simplefilter("error", pd.errors.ParserWarning)  # cells beyond the header would be dropped
        return pd.read_csv(place, dtype=kinds, keep_default_na=False, na_values=[""], index_col=False, low_memory=False)


def read_json_lines(file: Path, exact: Iterable[str]) -> pd.DataFrame:
    """Read one JSON object per line; the columns `exact` keep the file's values unchanged."""
    import pandas as pd

    lines = file.read_text(encoding="utf-8").splitlines()
    rows = pd.DataFrame([_object(line) for line in lines if line.strip()], dtype=object)
    inferred = [name for name in rows.columns if name not in set(exact)]
    return rows.assign(**rows[inferred].infer_objects())


def _object(line: str) -> dict[str, Any]:
    entry = json.loads(line)
    if not isinstance(entry, dict):
        raise ValueError(f"every line must be a JSON object, but one is {line[:40]}")
    return entry


def read_parquet(place: str) -> pd.DataFrame:
    """Read a Parquet file or folder; integers and booleans with missing values keep their type."""
    import pandas as pd
    import pyarrow as pa
    from pyarrow import parquet

    exact = {pa.int32(): pd.Int32Dtype(), pa.int64(): pd.Int64Dtype(), pa.bool_(): pd.BooleanDtype()}
    try:
        table = parquet.read_table(place)
    except pa.ArrowException as error:
        raise ValueError(str(error).partition("\n")[0]) from error
    return table.to_pandas(types_mapper=exact.get, ignore_metadata=True)
