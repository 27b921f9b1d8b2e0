"""The feature project: entities, sources, views, transforms, sets."""

from __future__ import annotations

from typing import Final

from mlopsctl.plan.classification.row import row, rows
from mlopsctl.plan.model import Effect

_ROWS: Final = "type|path|table|query|warehouse|event_time|created_time"
ROWS: Final = (
    row("features/project", "workspace:stack.features.project", Effect.REMATERIALISES, derived=True),
    row("features/module", "metadata.name", Effect.METADATA, derived=True),
    row("features/entities/(order)", "features.entities", Effect.METADATA),
    row("features/entities/*/description", "features.entities.{0}.description", Effect.METADATA),
    row(
        "features/entities/*/key|type", "features.entities.{0}.{1}", Effect.BREAKS, propagation="retype", node="entity"
    ),
    row("features/entities/*", "features.entities.{0}", Effect.METADATA, propagation="remove", node="entity"),
    row("features/sources/(order)", "data.sources", Effect.METADATA),
    row("features/sources/*/columns/(order)", "data.sources.{0}.columns", Effect.METADATA),
    row(
        "features/sources/*/columns/*/type",
        "data.sources.{0}.columns.{1}.type",
        Effect.METADATA,
        propagation="retype",
        node="column",
    ),
    row("features/sources/*/columns/*/description", "data.sources.{0}.columns.{1}.description", Effect.METADATA),
    row(
        "features/sources/*/columns/*/nullable|min|max|values",
        "data.sources.{0}.columns.{1}.{2}",
        Effect.METADATA,
        propagation="model",
        node="contract",
    ),
    row(
        "features/sources/*/columns/*",
        "data.sources.{0}.columns.{1}",
        Effect.METADATA,
        propagation="remove",
        node="column",
    ),
    row("features/sources/*/cadence", "data.sources.{0}.cadence", Effect.RULES),
    row("features/sources/*/lateness", "data.sources.{0}.lateness", Effect.METADATA),
    row("features/sources/*/description", "data.sources.{0}.description", Effect.METADATA),
    row("features/sources/*/tags/*", "data.sources.{0}.tags", Effect.METADATA),
    row("features/sources/*/push", "data.sources.{0}.push", Effect.METADATA),
    row(f"features/sources/*/{_ROWS}", "data.sources.{0}.{1}", Effect.METADATA, propagation="values", node="source"),
    row("features/sources/*", "data.sources.{0}", Effect.METADATA, propagation="remove", node="source"),
    row("features/views/(order)", "features.views", Effect.METADATA),
    row("features/views/*/fields/(order)", "features.views.{0}.fields", Effect.METADATA),
    row(
        "features/views/*/fields/*/type",
        "features.views.{0}.fields.{1}",
        Effect.REMATERIALISES,
        propagation="retype",
        node="feature",
        derived=True,
    ),
    row(
        "features/views/*/fields/*",
        "features.views.{0}.fields.{1}",
        Effect.DESTROYS,
        added=Effect.REMATERIALISES,
        propagation="remove",
        node="feature",
    ),
    row("features/views/*/ttl", "features.views.{0}.ttl", Effect.RULES, propagation="model", node="view"),
    row("features/views/*/every", "features.views.{0}.materialize.every", Effect.PIPELINES),
    row(
        "features/views/*/online", "features.views.{0}.online", Effect.BREAKS, added=Effect.REMATERIALISES, node="view"
    ),
    row("features/views/*/description", "features.views.{0}.description", Effect.METADATA),
    row("features/views/*/tags/*", "features.views.{0}.tags", Effect.METADATA),
    row(
        "features/views/*/key",
        "features.views.{0}.entity",
        Effect.BREAKS,
        propagation="retype",
        node="view",
        derived=True,
    ),
    row("features/views/*/entity", "features.views.{0}.entity", Effect.BREAKS, propagation="retype", node="view"),
    row(
        "features/views/*/source", "features.views.{0}.source", Effect.REMATERIALISES, propagation="values", node="view"
    ),
    row(
        "features/views/*",
        "features.views.{0}",
        Effect.DESTROYS,
        added=Effect.REMATERIALISES,
        propagation="remove",
        node="view",
    ),
    row("features/transforms/(order)", "features.transforms", Effect.METADATA),
    row("features/transforms/*/description", "features.transforms.{0}.description", Effect.METADATA),
    row(
        "features/transforms/*/inputs/*/type",
        "features.transforms.{0}.inputs",
        Effect.RETRAINS,
        propagation="model",
        node="transform",
        derived=True,
    ),
    *rows(
        "features/transforms/*",
        "inputs/(order) inputs/* inputs/*/view",
        "features.transforms.{0}.inputs",
        Effect.METADATA,
        propagation="model",
        node="transform",
    ),
    row(
        "features/transforms/*/fields/(order)",
        "features.transforms.{0}.fields",
        Effect.METADATA,
        propagation="model",
        node="transform",
    ),
    row(
        "features/transforms/*/fields/*/type",
        "features.transforms.{0}.fields.{1}",
        Effect.METADATA,
        propagation="retype",
        node="computed",
    ),
    row(
        "features/transforms/*/fields/*",
        "features.transforms.{0}.fields.{1}",
        Effect.METADATA,
        propagation="remove",
        node="computed",
    ),
    row(
        "features/transforms/*/function",
        "features.transforms.{0}.function",
        Effect.METADATA,
        propagation="model",
        node="transform",
    ),
    row("features/transforms/*", "features.transforms.{0}", Effect.METADATA, propagation="remove", node="transform"),
    row("features/sets/(order)", "features.sets", Effect.METADATA),
    row("features/sets/*/description", "features.sets.{0}.description", Effect.METADATA),
    row(
        "features/sets/*/fields/*/type|system|producer|computed",
        "features.sets.{0}.fields",
        Effect.METADATA,
        propagation="shape",
        node="set",
        derived=True,
    ),
    row("features/sets/*/fields/(order)", "features.sets.{0}.fields", Effect.METADATA, propagation="shape", node="set"),
    row("features/sets/*/fields/*", "features.sets.{0}.fields.{1}", Effect.METADATA, propagation="shape", node="set"),
    row(
        "features/sets/*/request/(order)", "features.sets.{0}.request", Effect.METADATA, propagation="shape", node="set"
    ),
    *rows(
        "features/sets/*",
        "request/* request/*/type",
        "features.sets.{0}.request.{1}",
        Effect.METADATA,
        propagation="shape",
        node="set",
    ),
    row(
        "features/sets/*/transform_only",
        "features.sets.{0}.transformOnly",
        Effect.METADATA,
        propagation="shape",
        node="set",
    ),
    row("features/sets/*/nullable", "features.sets.{0}.nullable", Effect.METADATA, propagation="shape", node="set"),
    row(
        "features/sets/*/unknown_entity",
        "features.sets.{0}.unknownEntity",
        Effect.METADATA,
        propagation="shape",
        node="set",
    ),
    row(
        "features/sets/*/outside_contract",
        "features.sets.{0}.outsideContract",
        Effect.METADATA,
        propagation="shape",
        node="set",
    ),
    row(
        "features/sets/*/default_answer",
        "features.sets.{0}.defaultAnswer",
        Effect.METADATA,
        propagation="shape",
        node="set",
    ),
    *rows(
        "features/sets/*",
        "keys/(order) keys/* keys/*/type lookups/(order) lookups/* lookups/*/system|key|key_type|ttl"
        " lookups/*/fields/(order) lookups/*/fields/* lookups/*/fields/*/type transforms",
        "features.sets.{0}",
        Effect.METADATA,
        propagation="shape",
        node="set",
        derived=True,
    ),
    row("features/sets/*", "features.sets.{0}", Effect.METADATA, propagation="remove", node="set"),
    row("features", "features", Effect.DESTROYS, added=Effect.REMATERIALISES),
    row("feature_maps", "workspace:systems", Effect.METADATA, derived=True),
)
