"""The protocol of a feature store: rows of tables, point-in-time joins, materialisation, the newest rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from mlopsctl.blueprint.model.features import LookupView, Source, View
from mlopsctl.runtime.scoring.contract import Contract

if TYPE_CHECKING:
    import pandas as pd


@runtime_checkable
class FeatureStore(Protocol):
    """The feature project of an environment."""

    def rows(self, source: Source, columns: list[str], start: datetime | None, end: datetime) -> pd.DataFrame:
        """Read columns of a table source from `start` (None: all rows) to `end`."""

    def historical(self, contract: Contract, rows: pd.DataFrame) -> pd.DataFrame:
        """Join past values to rows of keys, event time and request fields.

        Returned columns: keys, event time, and each view's fields, as `column` of `scoring.vectors` names them.
        """

    def materialize(self, views: Sequence[View], mode: str) -> dict[str, datetime | None]:
        """Register the project and load views (`mode` is incremental or full).

        Return the event time of each view's newest row that can be looked up; None if none is younger than its ttl.
        """

    def newest(self, views: Sequence[LookupView]) -> Iterator[tuple[LookupView, datetime | None]]:
        """Yield each view with the event time of its newest row; None if none is younger than its ttl."""
