"""`split`: keep rows back for evaluation.

In: `dataset`. Out: `train` and `holdout`. The clock is the moment the data set was built for, so that the same data set
is always split the same way.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from mlopsctl.blueprint.model import Split
from mlopsctl.catalogue.tasks import REGRESSION
from mlopsctl.runtime.artifacts import EVENT_TIME, Dataset, read_dataset, write_dataset
from mlopsctl.runtime.call import Broken, Call

if TYPE_CHECKING:
    import pandas as pd

FIELD = "spec.model.split"


def run(call: Call) -> None:
    """Split the data set as the spec says."""
    data = read_dataset(call.input("dataset"))
    chosen = call.model.split
    train, holdout = by_time(data, chosen) if chosen.by == "time" else at_random(data, chosen)
    _both_there(data, train, holdout)
    if call.model.task != REGRESSION:
        _classes(call, train, holdout)
    for name, rows in (("train", train), ("holdout", holdout)):
        write_dataset(call.output(name), data.with_rows(rows.reset_index(drop=True)))
    call.log.say(f"{len(train)} rows to learn from, {len(holdout)} kept back", train=len(train), holdout=len(holdout))


def by_time(data: Dataset, chosen: Split) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Keep the newest stretch; rows younger than the lag are in neither part."""
    import pandas as pd

    end = data.schema.moment - timedelta(seconds=chosen.lag or 0)
    start = end - timedelta(seconds=chosen.holdout or 0)
    times = data.rows[EVENT_TIME]
    return (
        data.rows[times <= pd.Timestamp(start)],
        data.rows[(times > pd.Timestamp(start)) & (times <= pd.Timestamp(end))],
    )


def at_random(data: Dataset, chosen: Split) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Keep a random share, the same for the same seed and rows."""
    import numpy as np

    count = len(data.rows)
    order = np.random.default_rng(chosen.seed).permutation(count)
    kept = round(count * float(chosen.share or 0))
    return data.rows.iloc[sorted(order[kept:])], data.rows.iloc[sorted(order[:kept])]


def _both_there(data: Dataset, train: pd.DataFrame, holdout: pd.DataFrame) -> None:
    """Refuse a split that leaves a part without rows, and say when the rows are from."""
    empty = "training" if train.empty else "holdout" if holdout.empty else ""
    if not empty:
        return
    times = data.rows[EVENT_TIME]
    stretch = f"its {len(data.rows)} rows are from {times.min().isoformat()} to {times.max().isoformat()}"
    raise Broken(f"the split leaves no {empty} rows: {stretch}", f"{FIELD}.holdout")


def _classes(call: Call, train: pd.DataFrame, holdout: pd.DataFrame) -> None:
    """Demand two classes where there is something to learn, and speak up where one is only in one part."""
    label = call.model.label.column
    learnt, kept = set(train[label]), set(holdout[label])
    if len(learnt) < 2:
        raise Broken(f"all {len(train)} training rows have the same `{label}`: there is nothing to learn", FIELD)
    if len(kept) < 2:
        raise Broken(f"all {len(holdout)} rows that are kept back have the same `{label}`", f"{FIELD}.holdout")
    unseen = sorted(map(str, kept - learnt))
    if unseen:
        call.log.warn(f"`{label}` is {unseen[0]} only in rows that are kept back", unseen=unseen)
