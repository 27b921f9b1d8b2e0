"""Steps, schedules and runs of each pipeline."""

# ruff: noqa: E501 - a row of a table is read as one line

from __future__ import annotations

from typing import Final

from mlopsctl.plan.classification.row import POD, row, rows
from mlopsctl.plan.model import Effect

_SCHEDULE: Final = "(order) * */cron|timezone|arguments|period"
_RESOURCES: Final = "cpu|memory|gpu_count|gpu_resource"
_STEP: Final = (
    ". verb|description|needs|permissions|mutex inputs/(order) inputs/* inputs/*/step|output"
    " outputs/(order) outputs/* outputs/*/kind output_parameters/(order) output_parameters/* output_parameters/*/default"
    " parameters/(order) parameters/* parameters/*/value|pipeline|step|output"
    " environment/(order) environment/* environment/*/value|secret|key gauges/(order) gauges/* gauges/*/help|labels|parameter"
)
ROWS: Final = (
    *rows("pipelines/train/schedules", _SCHEDULE, "model.retrain.schedule", Effect.PIPELINES, node="model"),
    *rows("pipelines/!train/schedules", _SCHEDULE, "pipelines", Effect.PIPELINES, derived=True),
    row("pipelines/train/on_change", "model.retrain.onChange", Effect.PIPELINES, node="model"),
    row("pipelines/!train/on_change", "pipelines", Effect.PIPELINES, derived=True),
    row("pipelines/*/on_change/name|hash", "pipelines", Effect.PIPELINES, derived=True),
    *rows("pipelines/train/steps/*/resources", _RESOURCES, "model.resources", Effect.PIPELINES, node="model"),
    *rows("pipelines/materialize/steps/*/resources", _RESOURCES, "workspace:defaults.resources", Effect.PIPELINES),
    *rows(
        "pipelines/monitor|rollout/steps/*/resources",
        _RESOURCES,
        "workspace:defaults.resources",
        Effect.PIPELINES,
        derived=True,
    ),
    row("pipelines/*/steps/*/timeout", "workspace:defaults.timeout", Effect.PIPELINES, derived=True),
    row(
        "pipelines/*/steps/*/retry/limit|delay|factor|cap", "workspace:defaults.retries", Effect.PIPELINES, derived=True
    ),
    *rows("pipelines/*/steps/request-training", _STEP, "model.retrain.onDrift", Effect.PIPELINES, node="model"),
    *rows("pipelines/*/steps/!request-training", _STEP, "pipelines", Effect.PIPELINES, derived=True),
    *rows("pipelines/*/steps/*/pod", POD, "pods", Effect.PIPELINES),
    *rows("pipelines/*/pod", POD, "pods", Effect.PIPELINES),
    row("pipelines/*/image", "workspace:defaults.image", Effect.PIPELINES, derived=True),
    *rows(
        "pipelines",
        "(order) * */purpose|description|mutex|deadline|hash */parameters/(order) */parameters/*"
        " */parameters/*/default|description */steps/(order)",
        "pipelines",
        Effect.PIPELINES,
        derived=True,
    ),
)
