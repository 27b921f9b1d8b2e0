"""`build-dataset`: join each labelled row with the features as of its time.

A label younger than its delay is dropped, because it may still change. Missing keys and labels with `nullable: false`
are an error.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from mlopsctl.blueprint.model.training import EVENT_TIME
from mlopsctl.catalogue.tasks import BINARY
from mlopsctl.runtime.backends import chosen
from mlopsctl.runtime.data.artifacts import write_dataset, write_parameter
from mlopsctl.runtime.data.examples import dataset, joined, label_rows, label_values, refuse_missing
from mlopsctl.runtime.data.source_places import field
from mlopsctl.runtime.step_context import StepContext, StepFailed

if TYPE_CHECKING:
    import pandas as pd

_MOST_EXAMPLES = 4


def run(step_context: StepContext) -> None:
    """Build the training set."""
    store = chosen.feature_store(step_context)
    rows = _labelled_rows(step_context, label_rows(step_context, store, None, step_context.now, strict=True))
    step_context.log.say(f"{len(rows)} rows have a label; features are joined as of each row's time", rows=len(rows))
    labels = label_values(step_context, rows)
    _two_classes(step_context, labels)
    training_set = dataset(step_context, joined(step_context, store, rows), labels)
    schema = write_dataset(step_context.output("dataset"), training_set)
    write_parameter(step_context.outputs.get("dataset-hash"), schema.hash)
    write_parameter(step_context.outputs.get("rows"), str(schema.rows))
    step_context.log.say(
        f"the data set has {schema.rows} rows, hash {schema.hash[:12]}", rows=schema.rows, hash=schema.hash
    )


def _two_classes(step_context: StepContext, labels: pd.Series[Any]) -> None:
    """Reject a label with more than two values for a binary task."""
    counts = labels.value_counts()
    if step_context.model.task != BINARY or len(counts) <= 2:
        return
    listed = ", ".join(f"{str(name)!a} in {count} rows" for name, count in counts.head(_MOST_EXAMPLES).items())
    more = f" and {len(counts) - _MOST_EXAMPLES} more" if len(counts) > _MOST_EXAMPLES else ""
    message = f"the label `{labels.name}` of a {BINARY} has {len(counts)} values: {listed}{more}"
    raise StepFailed(message, f"spec.data.labels.{step_context.model.label.name}")


def _labelled_rows(step_context: StepContext, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows whose label is known and older than its delay."""
    import pandas as pd

    label = step_context.model.label
    path = f"spec.data.labels.{label.name}"
    if rows.empty:
        raise StepFailed(
            f"source `{label.source}` has no rows before {step_context.now.isoformat()}", field(label.rows)
        )
    old = rows[rows[EVENT_TIME] <= pd.Timestamp(step_context.now - timedelta(seconds=label.delay))]
    if old.empty:
        raise StepFailed(f"all {len(rows)} rows are younger than the label's delay", f"{path}.delay")
    refuse_missing(step_context, old, [label.column])
    labelled = old[old[label.column].notna()]
    if labelled.empty:
        raise StepFailed(f"the label `{label.column}` is missing in all {len(old)} rows", path)
    young, missing = len(rows) - len(old), len(old) - len(labelled)
    if young:
        step_context.log.say(f"{young} rows are dropped: they are younger than the label's delay", young=young)
    if missing:
        step_context.log.warn(f"{missing} rows are dropped: they have no label", missing=missing)
    return labelled.reset_index(drop=True)
