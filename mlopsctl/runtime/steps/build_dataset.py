"""`build-dataset`: each labelled row with the features as they were at its time.

In: the label's source and the feature store. Out: `dataset` (rows, schema, hash), and the parameters `dataset-hash` and
`rows`. A label younger than its delay is left out: it may still change.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from mlopsctl.runtime import sources
from mlopsctl.runtime.artifacts import EVENT_TIME, write_dataset, write_parameter
from mlopsctl.runtime.call import Broken, Call
from mlopsctl.runtime.examples import dataset, joined, label_rows, label_values

if TYPE_CHECKING:
    import pandas as pd


def run(call: Call) -> None:
    """Build the training set."""
    rows = _known(call, label_rows(call, None, call.now))
    call.log.say(f"{len(rows)} rows have a label; their features are joined as of each row's time", rows=len(rows))
    made = dataset(call, joined(call, rows), label_values(call, rows))
    schema = write_dataset(call.output("dataset"), made)
    write_parameter(call.outputs.get("dataset-hash"), schema.hash)
    write_parameter(call.outputs.get("rows"), str(schema.rows))
    call.log.say(f"the data set has {schema.rows} rows, content {schema.hash[:12]}", rows=schema.rows, hash=schema.hash)


def _known(call: Call, rows: pd.DataFrame) -> pd.DataFrame:
    """Keep the rows whose label is known and old enough to be final."""
    import pandas as pd

    label = call.model.label
    path = f"spec.data.labels.{label.name}"
    if rows.empty:
        raise Broken(f"source `{label.source}` has no rows until {call.now.isoformat()}", sources.field(label.rows))
    old = rows[rows[EVENT_TIME] <= pd.Timestamp(call.now - timedelta(seconds=label.delay))]
    if old.empty:
        raise Broken(f"all {len(rows)} rows are younger than the label's delay", f"{path}.delay")
    known = old[old[label.column].notna()]
    if known.empty:
        raise Broken(f"the label `{label.column}` is missing in all {len(old)} rows", path)
    young, missing = len(rows) - len(old), len(old) - len(known)
    if young:
        call.log.say(f"{young} rows are left out: their label is younger than its delay", young=young)
    if missing:
        call.log.warn(f"{missing} rows are left out: they have no label", missing=missing)
    return known.reset_index(drop=True)
