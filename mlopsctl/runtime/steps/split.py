"""`split`: split off the holdout for evaluation.

The reference time is that of the data set, so that the same data set is always split in the same way.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from mlopsctl.blueprint.model.training import EVENT_TIME, Split
from mlopsctl.catalogue.tasks import REGRESSION
from mlopsctl.runtime.data.artifacts import Dataset, read_dataset, write_dataset
from mlopsctl.runtime.step_context import StepContext, StepFailed

if TYPE_CHECKING:
    import pandas as pd

FIELD = "spec.model.split"


def run(step_context: StepContext) -> None:
    """Split the data set by the spec's method."""
    data = read_dataset(step_context.input("dataset"))
    chosen = step_context.model.split
    train, holdout = by_time(data, chosen) if chosen.by == "time" else at_random(data, chosen)
    _both_there(data, chosen, train, holdout)
    if step_context.model.task != REGRESSION:
        _classes(step_context, train, holdout)
    for name, rows in (("train", train), ("holdout", holdout)):
        write_dataset(step_context.output(name), data.with_rows(rows.reset_index(drop=True)))
    step_context.log.say(
        f"{len(train)} training rows, {len(holdout)} holdout rows", train=len(train), holdout=len(holdout)
    )


def by_time(data: Dataset, chosen: Split) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Hold out the newest rows; rows younger than the lag are in neither part."""
    import pandas as pd

    start, end = _holdout(data, chosen)
    times = data.rows[EVENT_TIME]
    return (
        data.rows[times <= pd.Timestamp(start)],
        data.rows[(times > pd.Timestamp(start)) & (times <= pd.Timestamp(end))],
    )


def _holdout(data: Dataset, chosen: Split) -> tuple[datetime, datetime]:
    """Return the start and end of the holdout."""
    end = data.schema.moment - timedelta(seconds=chosen.lag or 0)
    return end - timedelta(seconds=chosen.holdout or 0), end


def at_random(data: Dataset, chosen: Split) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Hold out a random share, deterministic for a seed and rows."""
    import numpy as np

    count = len(data.rows)
    order = np.random.default_rng(chosen.seed).permutation(count)
    size = round(count * float(chosen.share or 0))
    return data.rows.iloc[sorted(order[size:])], data.rows.iloc[sorted(order[:size])]


def _both_there(data: Dataset, chosen: Split, train: pd.DataFrame, holdout: pd.DataFrame) -> None:
    """Reject a split that leaves a part without rows; the message has the times of the rows and the holdout."""
    empty = "training" if train.empty else "holdout" if holdout.empty else ""
    if not empty:
        return
    times = data.rows[EVENT_TIME]
    stretch = f"its {len(data.rows)} rows are from {times.min().isoformat()} to {times.max().isoformat()}"
    if chosen.by == "time":
        start, end = _holdout(data, chosen)
        stretch += f", the holdout from {start.isoformat()} to {end.isoformat()}"
    raise StepFailed(f"the split leaves no {empty} rows: {stretch}", f"{FIELD}.holdout")


def _classes(step_context: StepContext, train: pd.DataFrame, holdout: pd.DataFrame) -> None:
    """Require two classes in each part, and warn about a class that only the holdout has."""
    label = step_context.model.label.column
    learnt, held_out = set(train[label]), set(holdout[label])
    if len(learnt) < 2:
        raise StepFailed(f"all {len(train)} training rows have the same `{label}`: there is nothing to learn", FIELD)
    if len(held_out) < 2:
        raise StepFailed(f"all {len(holdout)} holdout rows have the same `{label}`", f"{FIELD}.holdout")
    unseen = sorted(map(str, held_out - learnt))
    if unseen:
        step_context.log.warn(f"`{label}` is {unseen[0]} only in holdout rows", unseen=unseen)
