"""Score a file with the registered model and its features.

In: rows with keys and request fields, or with the model's own inputs. Out: the same rows with the answers beside them.
Features are those of each row's own time where it has one, else the newest; the code that makes the vectors is the
server's.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlopsctl.runtime.artifacts import EVENT_TIME
from mlopsctl.runtime.call import Broken, Call
from mlopsctl.runtime.failures import first_line
from mlopsctl.runtime.served.contract import Contract
from mlopsctl.runtime.served.lookup import fresh, key_values

if TYPE_CHECKING:
    import pandas as pd

_ENDINGS = (".parquet", ".csv", ".jsonl")


class OnlineLookup:
    """Looks features up in the online store, as the feature server does; what is older than its ttl is missing."""

    def __init__(self, call: Call) -> None:
        self._call = call

    def rows(self, contract: Contract, keys: pd.DataFrame) -> pd.DataFrame:
        """Ask for every view at once."""
        from mlopsctl.runtime.feature_store import ready

        names = [f"{view.name}:{field.name}" for view in contract.views for field in view.fields]
        by_key = key_values(contract, keys)
        answer = ready(self._call).get_online_features(features=names, entity_rows=by_key, full_feature_names=True)
        return fresh(contract, _found(answer.proto), keys.index, self._call.now.timestamp())


def _found(answer: Any) -> dict[str, tuple[list[Any], list[Any]]]:
    """Return values and event times by name; a feature that is not there has neither."""
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

    def __init__(self, call: Call, times: pd.Series[Any]) -> None:
        self._call, self._times = call, times

    def rows(self, contract: Contract, keys: pd.DataFrame) -> pd.DataFrame:
        """Join every view."""
        import pandas as pd

        from mlopsctl.runtime.examples import historical

        named = pd.DataFrame(key_values(contract, keys), index=keys.index)
        return historical(self._call, contract, named.assign(**{EVENT_TIME: self._times}))


def score(call: Call, package: Path, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with the model's answers; Broken where the rows lack what it asks for."""
    from mlopsctl.runtime import package as packages
    from mlopsctl.runtime.served.scorer import Scorer

    if rows.empty:
        raise Broken("the input has no rows")
    loaded = packages.scorer(package)
    lookup = PastLookup(call, _times(rows)) if EVENT_TIME in rows.columns else OnlineLookup(call)
    scorer = Scorer(loaded.contract, loaded.estimator, lookup)
    try:
        answers = scorer.predict(rows)
    except ValueError as error:
        raise Broken(str(error)) from error
    taken = [name for name in answers.columns if name in rows.columns]
    renamed = answers.rename(columns={name: f"{name}_predicted" for name in taken})
    return rows.join(renamed)


def _times(rows: pd.DataFrame) -> pd.Series[Any]:
    from mlopsctl.runtime.served.columns import cast

    times = cast(rows[EVENT_TIME], "timestamp", EVENT_TIME, may_miss=False)
    if times.isna().any():
        raise Broken(f"`{EVENT_TIME}` is missing in a row")
    return times


def read(file: Path) -> pd.DataFrame:
    """Read rows from Parquet, CSV or lines of JSON."""
    import pandas as pd

    _ending(file)
    try:
        if file.suffix == ".parquet":
            return pd.read_parquet(file)
        return pd.read_csv(file) if file.suffix == ".csv" else pd.read_json(file, lines=True)
    except FileNotFoundError:
        raise Broken(f"there is nothing at {file}") from None
    except (OSError, ValueError) as error:
        raise Broken(f"{file} cannot be read: {_reason(error)}") from error


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
        raise Broken(f"{file} cannot be written: {_reason(error)}") from error
    finally:
        with contextlib.suppress(OSError):
            partial.unlink()


def _reason(error: Exception) -> str:
    """Return the system's own word for what happened, or the library's first line."""
    return getattr(error, "strerror", None) or first_line(error)


def _ending(file: Path) -> None:
    if file.suffix not in _ENDINGS:
        raise Broken(f"{file} must end with one of {', '.join(_ENDINGS)}")


def example_row(contract: Mapping[str, Any], split: Path) -> dict[str, Any]:
    """Return a row that was kept back, for an example of a request; made-up values where there is none."""
    from mlopsctl.runtime.artifacts import read_dataset
    from mlopsctl.runtime.serving.requests import asked

    made_up: dict[str, Any] = {"string": "text", "bool": True, "timestamp": "2026-01-31T12:00:00Z"}
    found = {name: made_up.get(kind, 1) for name, kind in asked(contract).items()}
    try:
        row = read_dataset(split / "holdout").rows.iloc[-1]
    except (Broken, OSError, IndexError, ValueError):
        return found
    known = {
        name: row[name] for name in found if name in row.index and row[name] is not None and row[name] == row[name]
    }
    return {**found, **{name: value.item() if hasattr(value, "item") else value for name, value in known.items()}}
