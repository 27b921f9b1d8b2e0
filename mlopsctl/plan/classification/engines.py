"""The engine of each stage, with its version and settings."""

from __future__ import annotations

from typing import Final

from mlopsctl.plan.classification.row import row
from mlopsctl.plan.model import Effect

_FEATURE_SETTINGS: Final = "offline|online|registry|project|server|host|secret|connectors|timeTravel"
_PIPELINE_SETTINGS: Final = "serviceAccount|artifacts|endpoint|edition|queue|cache"
_SERVING_SETTINGS: Final = "secret|mode|serviceAccount|image|nodeGroups"
_PLATFORM: Final = "dashboards|delivery|ci|secrets"
_PLATFORM_SETTINGS: Final = "folder|labels|project|namespace|requirements|store|prefix"
ROWS: Final = (
    row("engines/features/name", "workspace:stack.features.engine", Effect.BREAKS, node="stack"),
    row("engines/features/version", "workspace:stack.features.version", Effect.METADATA),
    row(
        "engines/features/settings/offline/**",
        "workspace:stack.features.offline",
        Effect.RETRAINS,
        propagation="values",
        node="stack",
    ),
    row("engines/features/settings/online/**", "workspace:stack.features.online", Effect.BREAKS, node="stack"),
    row("engines/features/settings/registry", "workspace:stack.features.registry", Effect.REMATERIALISES, node="stack"),
    row("engines/features/settings/project", "workspace:stack.features.project", Effect.REMATERIALISES, node="stack"),
    row("engines/features/settings/server", "workspace:stack.features.server", Effect.REROUTES),
    row(
        "engines/features/settings/host|secret|connectors|timeTravel/**",
        "workspace:stack.features.{0}",
        Effect.METADATA,
    ),
    row(f"engines/features/settings/!{_FEATURE_SETTINGS}/**", "workspace:stack.features.{0}", Effect.REMATERIALISES),
    row("engines/pipelines/name", "workspace:stack.pipelines.engine", Effect.PIPELINES),
    row("engines/pipelines/version", "workspace:stack.pipelines.version", Effect.PIPELINES),
    row(f"engines/pipelines/settings/{_PIPELINE_SETTINGS}/**", "workspace:stack.pipelines.{0}", Effect.PIPELINES),
    row(f"engines/pipelines/settings/!{_PIPELINE_SETTINGS}/**", "workspace:stack.pipelines.{0}", Effect.PIPELINES),
    row("engines/registry/name", "workspace:stack.registry.engine", Effect.RETRAINS),
    row("engines/registry/settings/uri", "workspace:stack.registry.uri", Effect.RETRAINS),
    row("engines/registry/settings/project|secret/**", "workspace:stack.registry.{0}", Effect.PIPELINES),
    row("engines/registry/settings/!uri|project|secret/**", "workspace:stack.registry.{0}", Effect.PIPELINES),
    row("engines/registry/version", "workspace:stack.registry.version", Effect.PIPELINES),
    row("engines/checks/name", "workspace:stack.checks.engine", Effect.RE_EVALUATES),
    row("engines/checks/version", "workspace:stack.checks.version", Effect.RE_EVALUATES),
    row("engines/checks/settings/*/**", "workspace:stack.checks.{0}", Effect.RE_EVALUATES),
    row("engines/serving/name", "workspace:stack.serving.engine", Effect.DESTROYS, node="endpoints"),
    row("engines/serving/version", "workspace:stack.serving.version", Effect.ROLLS, node="endpoints"),
    row("engines/serving/settings/prometheus", "workspace:stack.serving.prometheus", Effect.PIPELINES),
    row(
        f"engines/serving/settings/{_SERVING_SETTINGS}/**",
        "workspace:stack.serving.{0}",
        Effect.ROLLS,
        node="endpoints",
    ),
    row(
        f"engines/serving/settings/!prometheus|{_SERVING_SETTINGS}/**",
        "workspace:stack.serving.{0}",
        Effect.ROLLS,
        node="endpoints",
    ),
    row("engines/monitoring/name", "workspace:stack.monitoring.engine", Effect.RULES),
    row("engines/monitoring/version", "workspace:stack.monitoring.version", Effect.RULES),
    row("engines/monitoring/settings/labels|pushgateway/**", "workspace:stack.monitoring.{0}", Effect.RULES),
    row("engines/monitoring/settings/!labels|pushgateway/**", "workspace:stack.monitoring.{0}", Effect.RULES),
    row(f"engines/{_PLATFORM}/name", "workspace:stack.{0}.engine", Effect.METADATA),
    row(f"engines/{_PLATFORM}/version", "workspace:stack.{0}.version", Effect.METADATA),
    row(f"engines/{_PLATFORM}/settings/{_PLATFORM_SETTINGS}/**", "workspace:stack.{0}.{1}", Effect.METADATA),
    row(f"engines/{_PLATFORM}/settings/!{_PLATFORM_SETTINGS}/**", "workspace:stack.{0}.{1}", Effect.METADATA),
    row("engines/delivery|ci", "workspace:stack.{0}", Effect.METADATA),
)
