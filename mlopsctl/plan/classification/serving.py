"""Endpoints, their versions, rollouts and resources."""

from __future__ import annotations

from typing import Final

from mlopsctl.plan.classification.row import FIELDS, POD, SERIES, VERSION, row, rows, within
from mlopsctl.plan.model import Effect

_SIGNALS: Final = (
    "requests|errors requests|errors/metric|matchers latency latency/bounds latency/bucket|count/metric|matchers"
)
ROWS: Final = (
    row("endpoints/(order)", "serving.endpoints", Effect.METADATA),
    row("endpoints/*/description", "serving.endpoints.{0}.description", Effect.METADATA),
    row("endpoints/*/features", "serving.endpoints.{0}.features", Effect.BREAKS, node="endpoint"),
    *rows(
        "endpoints/*/stable",
        f"name {within('version', VERSION)}",
        "lock:environments.{environment}.models.{locked}",
        Effect.ROLLS,
        node="endpoint",
    ),
    *rows(
        "endpoints/*/candidate",
        f". name {within('version', VERSION)}",
        "lock:environments.{environment}.models.{locked}.candidate",
        Effect.REROUTES,
        node="endpoint",
    ),
    row("endpoints/*/min_replicas", "serving.endpoints.{0}.replicas.min", Effect.ROLLS, node="endpoint"),
    row("endpoints/*/max_replicas", "serving.endpoints.{0}.replicas.max", Effect.ROLLS, node="endpoint"),
    *rows(
        "endpoints/*/autoscale/query", f". {SERIES}", "serving.endpoints.{0}.autoscale", Effect.METADATA, derived=True
    ),
    row("endpoints/*/autoscale/metric|target", "serving.endpoints.{0}.autoscale.{1}", Effect.ROLLS, node="endpoint"),
    row("endpoints/*/autoscale", "serving.endpoints.{0}.autoscale", Effect.ROLLS, node="endpoint"),
    row(
        "endpoints/*/resources/gpu_count|gpu_resource",
        "serving.endpoints.{0}.resources.gpu",
        Effect.ROLLS,
        node="endpoint",
    ),
    row("endpoints/*/resources/cpu|memory", "serving.endpoints.{0}.resources.{1}", Effect.ROLLS, node="endpoint"),
    *rows("endpoints/*/pod", POD, "serving.endpoints.{0}.pods", Effect.ROLLS, node="endpoint"),
    row("endpoints/*/rollout/abort_on", "serving.endpoints.{0}.rollout.abortOn", Effect.REROUTES, node="endpoint"),
    row("endpoints/*/rollout/weight", "serving.endpoints.{0}.rollout", Effect.REROUTES, node="endpoint", derived=True),
    row(
        "endpoints/*/rollout/strategy|steps|pause",
        "serving.endpoints.{0}.rollout.{1}",
        Effect.REROUTES,
        node="endpoint",
    ),
    row("endpoints/*/name", "metadata.name", Effect.BREAKS, node="endpoint", derived=True),
    *rows("endpoints/*/inputs", FIELDS, "features.sets", Effect.BREAKS, node="endpoint", derived=True),
    *rows(
        "endpoints/*",
        f"candidate_name|kind|flavor {_SIGNALS} candidate_signals {within('candidate_signals', _SIGNALS)}",
        "serving.endpoints.{0}",
        Effect.METADATA,
        node="endpoint",
        derived=True,
    ),
    row("endpoints/*", "serving.endpoints.{0}", Effect.DESTROYS, added=Effect.ROLLS, node="endpoint"),
    row("left_out", "serving.endpoints", Effect.METADATA, derived=True),
)
