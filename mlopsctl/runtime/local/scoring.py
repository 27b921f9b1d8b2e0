"""Score a file with the registered model and its features.

Features are as of each row's time if it has one, otherwise the newest. The server's code builds the feature
vectors.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlopsctl.blueprint.model.training import EVENT_TIME
from mlopsctl.runtime.data import table_files
from mlopsctl.runtime.failures import first_line
from mlopsctl.runtime.scoring.contract import Contract
from mlopsctl.runtime.scoring.lookup import fresh, key_values
from mlopsctl.runtime.step_context import StepContext, StepFailed

if TYPE_CHECKING:
    import pandas as pd

_ENDINGS = (".parquet", ".csv", ".jsonl")


class OnlineLookup:
    """Looks features up in the online store, as the feature server does; features older than their ttl are missing."""

    def __init__(self, step_context: StepContext) -> None:
        self._context = step_context

    def rows(self, contract: Contract, keys: pd.DataFrame) -> pd.DataFrame:
        """Look up all views at once."""
        from mlopsctl.engines.feast.backend.project import ready

        names = [f"{view.name}:{field.name}" for view in contract.views for field in view.fields]
        by_key = key_values(contract, keys)
        answer = ready(self._context).get_online_features(features=names, entity_rows=by_key, full_feature_names=True)
        return fresh(contract, _values_and_times(answer.proto), keys.index, self._context.now.timestamp())


def _values_and_times(answer: Any) -> dict[str, tuple[list[Any], list[Any]]]:
    """Return values and event times by name; a missing feature has neither."""
    from feast.type_map import feast_value_type_to_python_type

    return {
        name: (
            [feast_value_type_to_python_type(value) for value in result.values],
            [moment.seconds for moment in result.event_timestamps],
        )
        for name, result in zip(answer.metadata.feature_names.val, answer.results, strict=True)
    }


class PastLookup:
    """Looks features up as they were at each row's time, by the point-in-time join that training uses."""

    def __init__(self, step_context: StepContext, times: pd.Series[Any]) -> None:
        self._context, self._times = step_context, times

    def rows(self, contract: Contract, keys: pd.DataFrame) -> pd.DataFrame:
        """Join all views."""
        import pandas as pd

        from mlopsctl.runtime.backends import chosen
        from mlopsctl.runtime.data.examples import historical

        rows_with_keys = pd.DataFrame(key_values(contract, keys), index=keys.index)
        return historical(
            chosen.feature_store(self._context), contract, rows_with_keys.assign(**{EVENT_TIME: self._times})
        )


def score(step_context: StepContext, package: Path, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with predictions; raise StepFailed for missing inputs."""
    from mlopsctl.runtime.model import package as packages
    from mlopsctl.runtime.scoring.scorer import Scorer

    if rows.empty:
        raise StepFailed("the input has no rows")
    loaded = packages.scorer(package)
    lookup = PastLookup(step_context, _times(rows)) if EVENT_TIME in rows.columns else OnlineLookup(step_context)
    scorer = Scorer(loaded.contract, loaded.estimator, lookup)
    try:
        answers = scorer.predict(rows)
    except ValueError as error:
        raise StepFailed(str(error)) from error
    taken_names = [name for name in answers.columns if name in rows.columns]
    renamed = answers.rename(columns={name: f"{name}_predicted" for name in taken_names})
    return rows.join(renamed)


def _times(rows: pd.DataFrame) -> pd.Series[Any]:
    from mlopsctl.runtime.scoring.columns import ColumnError, cast

    try:
        times = cast(rows[EVENT_TIME], "timestamp", EVENT_TIME, may_miss=False)
    except ColumnError as error:
        raise StepFailed(str(error)) from None
    if times.isna().any():
        raise StepFailed(f"`{EVENT_TIME}` is missing in a row")
    return times


def read(file: Path, package: Path) -> pd.DataFrame:
    """Read rows from Parquet, CSV or JSON Lines; columns that the package reads keep the file's exact values."""
    _ending(file)
    try:
        if file.suffix == ".parquet":
            return table_files.read_parquet(str(file))
        names = _accepted_columns(package)
        return (
            table_files.read_csv(str(file), names)
            if file.suffix == ".csv"
            else table_files.read_json_lines(file, names)
        )
    except FileNotFoundError:
        raise StepFailed(f"{file} does not exist") from None
    except (OSError, ValueError, Warning) as error:
        raise StepFailed(f"{file} cannot be read: {_reason(error)}") from error


def _accepted_columns(package: Path) -> list[str]:
    """List the columns that a package may take from a row."""
    from mlopsctl.runtime.model.package import FOLDER
    from mlopsctl.runtime.scoring import CONTRACT_FILE
    from mlopsctl.runtime.scoring.contract import read as contract

    served_contract = contract(package / FOLDER / CONTRACT_FILE)
    columns = [*served_contract.keys, *served_contract.request]
    return [EVENT_TIME, *(column.name for column in columns), *(column.name for column in served_contract.inputs)]


def write(file: Path, rows: pd.DataFrame) -> None:
    """Write rows as the file's name says, whole or not at all."""
    _ending(file)
    partial = file.with_name(f".{file.name}.partial")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        if file.suffix == ".parquet":
            rows.to_parquet(partial, index=False)
        elif file.suffix == ".csv":
            rows.to_csv(partial, index=False)
        else:
            rows.to_json(partial, orient="records", lines=True, date_format="iso")
        partial.replace(file)
    except OSError as error:
        raise StepFailed(f"{file} cannot be written: {_reason(error)}") from error
    finally:
        with contextlib.suppress(OSError):
            partial.unlink()


def _reason(error: Exception) -> str:
    """Return the system's own word for what happened, or the library's first line."""
    return getattr(error, "strerror", None) or first_line(error)


def _ending(file: Path) -> None:
    if file.suffix not in _ENDINGS:
        raise StepFailed(f"{file} must end with one of {', '.join(_ENDINGS)}")


def example_row(contract: Mapping[str, Any], split: Path) -> dict[str, Any]:
    """Return a row of the holdout as an example of a request; generated values if there is none."""
    from mlopsctl.runtime.data.artifacts import read_dataset
    from mlopsctl.runtime.serving.requests import request_types

    made_up: dict[str, Any] = {"string": "text", "bool": True, "timestamp": "2026-01-31T12:00:00Z"}
    row_values = {name: made_up.get(kind, 1) for name, kind in request_types(contract).items()}
    try:
        row = read_dataset(split / "holdout").rows.iloc[-1]
    except (StepFailed, OSError, IndexError, ValueError):
        return row_values
    known_values = {
        name: row[name] for name in row_values if name in row.index and row[name] is not None and row[name] == row[name]
    }
    return {
        **row_values,
        **{name: value.item() if hasattr(value, "item") else value for name, value in known_values.items()},
    }
