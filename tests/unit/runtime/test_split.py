from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from blueprints import card_fraud
from unit.runtime.doubles import call_of

from mlopsctl.blueprint.model.training import EVENT_TIME, Split
from mlopsctl.runtime.data.artifacts import LABEL, TIME, Dataset, DatasetColumn, Schema, write_dataset
from mlopsctl.runtime.step_context import StepFailed
from mlopsctl.runtime.steps import split

pytestmark = pytest.mark.oracle
AS_OF = datetime(2026, 3, 1, tzinfo=UTC)
DAY = 86_400


def dataset(days: int = 60, label: Any = None) -> Dataset:
    """Return a row a day, the newest at the moment the set was built for."""
    import pandas as pd

    times = pd.Series([AS_OF - timedelta(days=i) for i in range(days)][::-1]).astype("datetime64[us, UTC]")
    frame = pd.DataFrame({EVENT_TIME: times, "is_fraud": label or [i % 2 for i in range(days)]})
    columns = (DatasetColumn(EVENT_TIME, "timestamp", TIME), DatasetColumn("is_fraud", "bool", LABEL))
    return Dataset(frame, Schema(columns, days, AS_OF.isoformat()))


def test_by_time_the_newest_stretch_is_kept_and_what_is_younger_than_the_lag_is_in_neither_part() -> None:
    train, holdout = split.by_time(dataset(), Split("time", 14 * DAY, 30 * DAY, None, 0))
    end, start = AS_OF - timedelta(days=30), AS_OF - timedelta(days=44)
    assert holdout[EVENT_TIME].min() == start + timedelta(days=1)
    assert holdout[EVENT_TIME].max() == end
    assert train[EVENT_TIME].max() == start
    assert (len(train), len(holdout)) == (16, 14)


def test_at_random_a_share_is_kept_and_the_same_seed_keeps_the_same_rows() -> None:
    parts = [split.at_random(dataset(), Split("random", None, None, Decimal("0.2"), seed)) for seed in (1, 1, 2)]
    kept = [part[1].index.tolist() for part in parts]
    assert len(kept[0]) == 12
    assert kept[0] == kept[1] != kept[2]
    assert sorted([*kept[0], *parts[0][0].index.tolist()]) == list(range(60))


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (
            (20,),
            r"the split leaves no training rows: its 20 rows are .*, the holdout from .* \(spec.model.split.holdout\)",
        ),
        ((60, [0] * 60), r"all 16 training rows have the same `is_fraud`"),
        ((60, [0, 1] * 8 + [0] * 44), r"all 14 holdout rows have the same `is_fraud`"),
    ],
    ids=["rows", "training", "holdout"],
)
def test_parts_that_nothing_can_be_learnt_from_are_told(tmp_path: Path, rows: tuple[Any, ...], words: str) -> None:
    write_dataset(tmp_path / "dataset", dataset(*rows))
    outputs = {name: tmp_path / name for name in ("train", "holdout")}
    call, _ = call_of(card_fraud(), tmp_path, "split", inputs={"dataset": tmp_path / "dataset"}, outputs=outputs)
    with pytest.raises(StepFailed, match=words):
        split.run(call)
    assert not outputs["train"].exists()
