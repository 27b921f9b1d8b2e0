"""The model: code, label, split, parameters, registry."""

from __future__ import annotations

from typing import Final

from mlopsctl.plan.classification.row import VERSION, row, rows
from mlopsctl.plan.model import Effect

_ROWS: Final = "type|path|table|query|warehouse|event_time|created_time"
ROWS: Final = (
    row("model/features", "model.features", Effect.RETRAINS, propagation="shape", node="model"),
    row("model/label/rows/columns/*/description", "data.sources.{rows}.columns.{0}.description", Effect.METADATA),
    row(
        "model/label/rows/columns/*/type",
        "data.sources.{rows}.columns.{0}.type",
        Effect.RETRAINS,
        propagation="model",
        node="model",
    ),
    row(
        "model/label/rows/columns/*/nullable|min|max|values",
        "data.sources.{rows}.columns.{0}.{1}",
        Effect.RE_EVALUATES,
        node="model",
    ),
    *rows("model/label/rows/columns", "(order) *", "data.sources.{rows}.columns", Effect.METADATA, node="model"),
    row("model/label/rows/name", "data.labels.{label}.source", Effect.RETRAINS, node="model", derived=True),
    row("model/label/rows/description", "data.sources.{rows}.description", Effect.METADATA),
    row("model/label/rows/tags/*", "data.sources.{rows}.tags", Effect.METADATA),
    row("model/label/rows/cadence", "data.sources.{rows}.cadence", Effect.METADATA),
    row("model/label/rows/lateness", "data.sources.{rows}.lateness", Effect.METADATA),
    row("model/label/rows/push", "data.sources.{rows}.push", Effect.METADATA),
    row(f"model/label/rows/{_ROWS}", "data.sources.{rows}.{0}", Effect.RETRAINS, node="model"),
    row("model/label/name", "model.label", Effect.RETRAINS, node="model"),
    row("model/label/type", "data.sources.{rows}.columns", Effect.RETRAINS, node="model", derived=True),
    row("model/label/event_time", "data.sources.{rows}.eventTime", Effect.RETRAINS, node="model", derived=True),
    row("model/label/source|column|delay", "data.labels.{label}.{0}", Effect.RETRAINS, node="model"),
    row("model/image", "model.code.image", Effect.RETRAINS, node="model"),
    row("model/entrypoint", "model.code.entrypoint", Effect.RETRAINS, node="model"),
    row("model/requirements", "model.code.requirements", Effect.RETRAINS, node="model"),
    row("model/command", "model.code.command", Effect.RETRAINS, node="model"),
    row("model/params/*/**", "model.params.{0}", Effect.RETRAINS, node="model"),
    row("model/split/lag", "model.split.lag", Effect.RETRAINS, node="model", derived=True),
    row("model/split/seed", "model.seed", Effect.RETRAINS, node="model", derived=True),
    row("model/split/share", "model.split.holdout", Effect.RETRAINS, node="model"),
    row("model/split/by|holdout", "model.split.{0}", Effect.RETRAINS, node="model"),
    row("model/registered_name", "model.registry.name", Effect.RETRAINS, node="model"),
    row("model/experiment", "model.registry.experiment", Effect.METADATA),
    row("model/alias", "model.registry.alias", Effect.REROUTES, node="model"),
    row("model/tracking_uri", "workspace:stack.registry.uri", Effect.RETRAINS, derived=True),
    *rows(
        "model/served",
        f". {VERSION}",
        "lock:environments.{environment}.models.{locked}",
        Effect.RE_EVALUATES,
        derived=True,
    ),
    row("model/tags/*", "model.tags.{0}", Effect.METADATA),
    row("model/looks_up", "serving.endpoints", Effect.RETRAINS, node="model", derived=True),
    row("model/task|flavor|seed", "model.{0}", Effect.RETRAINS, node="model"),
    row("model", "model", Effect.DESTROYS, added=Effect.RETRAINS, node="model"),
)
