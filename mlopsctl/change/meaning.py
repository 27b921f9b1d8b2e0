"""What a difference between two Blueprints means: the field of the spec it comes from, and what it does.

In: the path of a difference. Out: a meaning from one table, the first row that fits. A difference is derived when another
field decided it: it then counts only where no other difference explains it. Never looks at a whole Blueprint.
"""

# ruff: noqa: E501 - a row of a table is read as one line

from __future__ import annotations

from typing import Final, Literal, NamedTuple

from mlopsctl.change.differences import ABSENT, Difference, Path
from mlopsctl.change.model import Effect

Spread = Literal["", "retype", "remove", "values", "shape", "model"]
"""How a change goes on to what uses the changed thing: its type is another, it is gone, its values are others, a set has
other fields, or the model is trained otherwise."""


class Meaning(NamedTuple):
    """What a row says. `path` is the field of the spec, or one that begins with `workspace:` or `lock:`; `{0}` and `{1}`
    stand for what the pattern's stars matched.

    `effect` is what a change does by itself, `added` and `removed` what coming and going do. `node` is the kind of thing
    in the graph that the change starts from; its name is `{0}`, or `{0}.{1}`.
    """

    path: str
    effect: Effect
    added: Effect
    removed: Effect
    spread: Spread = ""
    node: str = ""
    derived: bool = False


class Read(NamedTuple):
    """A difference that was understood."""

    path: str
    effect: Effect
    spread: Spread
    node: tuple[str, ...]
    derived: bool
    gone: bool = False


def _row(
    pattern: str,
    path: str,
    effect: Effect,
    *,
    added: Effect | None = None,
    removed: Effect | None = None,
    spread: Spread = "",
    node: str = "",
    derived: bool = False,
) -> tuple[Path, Meaning]:
    come, gone = effect if added is None else added, effect if removed is None else removed
    return tuple(pattern.split("/")), Meaning(path, effect, come, gone, spread, node, derived)


_E = Effect
_IDENTITY: Final = (
    _row("identity/owner", "metadata.owner", _E.METADATA),
    _row("identity/tier", "metadata.tier", _E.METADATA),
    _row("identity/description", "metadata.description", _E.METADATA),
    _row("identity/runbook", "alerts.runbook", _E.RULES),
    _row("identity/protected", "workspace:environments.{environment}.protect", _E.METADATA),
    _row("identity/**", "workspace:metadata.name", _E.DESTROYS),
    _row("place/cluster", "workspace:environments.{environment}.cluster", _E.DESTROYS),
    _row("place/namespace", "workspace:environments.{environment}.namespace", _E.DESTROYS),
    _row("place/repository", "workspace:git.repository", _E.METADATA),
    _row("place/branch", "workspace:git.branch", _E.METADATA),
    _row("place/**", "workspace:output", _E.METADATA),
    _row("labels/app.kubernetes.io~*", "metadata.name", _E.METADATA, derived=True),
    _row("labels/mlopsctl.dev~*", "metadata.owner", _E.METADATA, derived=True),
    _row("labels/*", "metadata.labels.{0}", _E.METADATA),
    _row("secrets/**", "workspace:stack", _E.METADATA, derived=True),
)
_ENGINES: Final = (
    _row("engines/features/name", "workspace:stack.features.engine", _E.BREAKS, node="stack"),
    _row("engines/features/version", "workspace:stack.features.version", _E.METADATA),
    _row(
        "engines/features/settings/offline/**",
        "workspace:stack.features.offline",
        _E.RETRAINS,
        spread="values",
        node="stack",
    ),
    _row("engines/features/settings/online/**", "workspace:stack.features.online", _E.BREAKS, node="stack"),
    _row("engines/features/settings/registry", "workspace:stack.features.registry", _E.REMATERIALISES, node="stack"),
    _row("engines/features/settings/project", "workspace:stack.features.project", _E.REMATERIALISES, node="stack"),
    _row("engines/features/settings/server", "workspace:stack.features.server", _E.REROUTES),
    _row("engines/features/**", "workspace:stack.features", _E.METADATA),
    _row("engines/pipelines/name", "workspace:stack.pipelines.engine", _E.PIPELINES),
    _row("engines/pipelines/version", "workspace:stack.pipelines.version", _E.PIPELINES),
    _row("engines/pipelines/settings/*/**", "workspace:stack.pipelines.{0}", _E.PIPELINES),
    _row("engines/registry/name", "workspace:stack.registry.engine", _E.RETRAINS),
    _row("engines/registry/settings/uri", "workspace:stack.registry.uri", _E.RETRAINS),
    _row("engines/registry/settings/*/**", "workspace:stack.registry.{0}", _E.PIPELINES),
    _row("engines/registry/**", "workspace:stack.registry", _E.PIPELINES),
    _row("engines/checks/**", "workspace:stack.checks", _E.RE_EVALUATES),
    _row("engines/serving/name", "workspace:stack.serving.engine", _E.DESTROYS, node="endpoints"),
    _row("engines/serving/version", "workspace:stack.serving.version", _E.ROLLS, node="endpoints"),
    _row("engines/serving/settings/prometheus", "workspace:stack.serving.prometheus", _E.PIPELINES),
    _row("engines/serving/settings/*/**", "workspace:stack.serving.{0}", _E.ROLLS, node="endpoints"),
    _row("engines/monitoring/name", "workspace:stack.monitoring.engine", _E.RULES),
    _row("engines/monitoring/version", "workspace:stack.monitoring.version", _E.RULES),
    _row("engines/monitoring/settings/*/**", "workspace:stack.monitoring.{0}", _E.RULES),
    _row("engines/*/settings/*/**", "workspace:stack.{0}.{1}", _E.METADATA),
    _row("engines/*/*", "workspace:stack.{0}.{1}", _E.METADATA),
    _row("engines/*", "workspace:stack.{0}", _E.METADATA),
)
_FEATURES: Final = (
    _row("features/project", "workspace:stack.features.project", _E.REMATERIALISES, derived=True),
    _row("features/module", "metadata.name", _E.METADATA, derived=True),
    _row("features/entities/(order)", "features.entities", _E.METADATA),
    _row("features/entities/*/description", "features.entities.{0}.description", _E.METADATA),
    _row("features/entities/*/*", "features.entities.{0}.{1}", _E.BREAKS, spread="retype", node="entity"),
    _row("features/entities/*", "features.entities.{0}", _E.METADATA, spread="remove", node="entity"),
    _row("features/sources/(order)", "data.sources", _E.METADATA),
    _row("features/sources/*/columns/(order)", "data.sources.{0}.columns", _E.METADATA),
    _row(
        "features/sources/*/columns/*/type",
        "data.sources.{0}.columns.{1}.type",
        _E.METADATA,
        spread="retype",
        node="column",
    ),
    _row("features/sources/*/columns/*/description", "data.sources.{0}.columns.{1}.description", _E.METADATA),
    _row(
        "features/sources/*/columns/*/*",
        "data.sources.{0}.columns.{1}.{2}",
        _E.METADATA,
        spread="model",
        node="contract",
    ),
    _row("features/sources/*/columns/*", "data.sources.{0}.columns.{1}", _E.METADATA, spread="remove", node="column"),
    _row("features/sources/*/cadence", "data.sources.{0}.cadence", _E.RULES),
    _row("features/sources/*/description", "data.sources.{0}.description", _E.METADATA),
    _row("features/sources/*/tags/**", "data.sources.{0}.tags", _E.METADATA),
    _row("features/sources/*/push", "data.sources.{0}.push", _E.METADATA),
    _row("features/sources/*/*", "data.sources.{0}.{1}", _E.METADATA, spread="values", node="source"),
    _row("features/sources/*", "data.sources.{0}", _E.METADATA, spread="remove", node="source"),
    _row("features/views/(order)", "features.views", _E.METADATA),
    _row("features/views/*/fields/(order)", "features.views.{0}.fields", _E.METADATA),
    _row(
        "features/views/*/fields/*/type",
        "features.views.{0}.fields.{1}",
        _E.REMATERIALISES,
        spread="retype",
        node="feature",
        derived=True,
    ),
    _row(
        "features/views/*/fields/*",
        "features.views.{0}.fields.{1}",
        _E.DESTROYS,
        added=_E.REMATERIALISES,
        spread="remove",
        node="feature",
    ),
    _row("features/views/*/ttl", "features.views.{0}.ttl", _E.RULES, spread="model", node="view"),
    _row("features/views/*/every", "features.views.{0}.materialize.every", _E.PIPELINES),
    _row("features/views/*/online", "features.views.{0}.online", _E.BREAKS, added=_E.REMATERIALISES, node="view"),
    _row("features/views/*/description", "features.views.{0}.description", _E.METADATA),
    _row("features/views/*/tags/**", "features.views.{0}.tags", _E.METADATA),
    _row("features/views/*/key", "features.views.{0}.entity", _E.BREAKS, spread="retype", node="view", derived=True),
    _row("features/views/*/entity", "features.views.{0}.entity", _E.BREAKS, spread="retype", node="view"),
    _row("features/views/*/*", "features.views.{0}.{1}", _E.REMATERIALISES, spread="values", node="view"),
    _row("features/views/*", "features.views.{0}", _E.DESTROYS, added=_E.REMATERIALISES, spread="remove", node="view"),
    _row("features/transforms/(order)", "features.transforms", _E.METADATA),
    _row("features/transforms/*/description", "features.transforms.{0}.description", _E.METADATA),
    _row(
        "features/transforms/*/inputs/*/type",
        "features.transforms.{0}.inputs",
        _E.RETRAINS,
        spread="model",
        node="transform",
        derived=True,
    ),
    _row(
        "features/transforms/*/inputs/**",
        "features.transforms.{0}.inputs",
        _E.METADATA,
        spread="model",
        node="transform",
    ),
    _row(
        "features/transforms/*/fields/*/type",
        "features.transforms.{0}.fields.{1}",
        _E.METADATA,
        spread="retype",
        node="computed",
    ),
    _row(
        "features/transforms/*/fields/*",
        "features.transforms.{0}.fields.{1}",
        _E.METADATA,
        spread="remove",
        node="computed",
    ),
    _row("features/transforms/*/*", "features.transforms.{0}.{1}", _E.METADATA, spread="model", node="transform"),
    _row("features/transforms/*", "features.transforms.{0}", _E.METADATA, spread="remove", node="transform"),
    _row("features/sets/(order)", "features.sets", _E.METADATA),
    _row("features/sets/*/description", "features.sets.{0}.description", _E.METADATA),
    _row(
        "features/sets/*/fields/*/*", "features.sets.{0}.fields", _E.METADATA, spread="shape", node="set", derived=True
    ),
    _row("features/sets/*/fields/(order)", "features.sets.{0}.fields", _E.METADATA, spread="shape", node="set"),
    _row("features/sets/*/fields/*", "features.sets.{0}.fields.{1}", _E.METADATA, spread="shape", node="set"),
    _row("features/sets/*/request/*/**", "features.sets.{0}.request.{1}", _E.METADATA, spread="shape", node="set"),
    _row("features/sets/*/**", "features.sets.{0}", _E.METADATA, spread="shape", node="set", derived=True),
    _row("features/sets/*", "features.sets.{0}", _E.METADATA, spread="remove", node="set"),
    _row("features", "features", _E.DESTROYS, added=_E.REMATERIALISES),
    _row("feature_maps/**", "workspace:systems", _E.METADATA, derived=True),
)
_MODEL: Final = (
    _row("model/features", "model.features", _E.RETRAINS, spread="shape", node="model"),
    _row("model/label/rows/columns/*/description", "data.sources.{rows}.columns.{0}.description", _E.METADATA),
    _row(
        "model/label/rows/columns/*/type",
        "data.sources.{rows}.columns.{0}.type",
        _E.RETRAINS,
        spread="model",
        node="model",
    ),
    _row("model/label/rows/columns/*/*", "data.sources.{rows}.columns.{0}.{1}", _E.RE_EVALUATES, node="model"),
    _row("model/label/rows/columns/**", "data.sources.{rows}.columns", _E.METADATA, node="model"),
    _row("model/label/rows/name", "data.labels.{label}.source", _E.RETRAINS, node="model", derived=True),
    _row("model/label/rows/description", "data.sources.{rows}.description", _E.METADATA),
    _row("model/label/rows/tags/**", "data.sources.{rows}.tags", _E.METADATA),
    _row("model/label/rows/cadence", "data.sources.{rows}.cadence", _E.METADATA),
    _row("model/label/rows/push", "data.sources.{rows}.push", _E.METADATA),
    _row("model/label/rows/*", "data.sources.{rows}.{0}", _E.RETRAINS, node="model"),
    _row("model/label/name", "model.label", _E.RETRAINS, node="model"),
    _row("model/label/type", "data.sources.{rows}.columns", _E.RETRAINS, node="model", derived=True),
    _row("model/label/event_time", "data.sources.{rows}.eventTime", _E.RETRAINS, node="model", derived=True),
    _row("model/label/*", "data.labels.{label}.{0}", _E.RETRAINS, node="model"),
    _row("model/image", "model.code.image", _E.RETRAINS, node="model"),
    _row("model/entrypoint", "model.code.entrypoint", _E.RETRAINS, node="model"),
    _row("model/command/**", "model.code.command", _E.RETRAINS, node="model"),
    _row("model/params/*/**", "model.params.{0}", _E.RETRAINS, node="model"),
    _row("model/split/lag", "model.split.lag", _E.RETRAINS, node="model", derived=True),
    _row("model/split/seed", "model.seed", _E.RETRAINS, node="model", derived=True),
    _row("model/split/share", "model.split.holdout", _E.RETRAINS, node="model"),
    _row("model/split/*", "model.split.{0}", _E.RETRAINS, node="model"),
    _row("model/registered_name", "model.registry.name", _E.RETRAINS, node="model"),
    _row("model/experiment", "model.registry.experiment", _E.METADATA),
    _row("model/alias", "model.registry.alias", _E.REROUTES, node="model"),
    _row("model/tracking_uri", "workspace:stack.registry.uri", _E.RETRAINS, derived=True),
    _row("model/served/**", "lock:environments.{environment}.models.{locked}", _E.RE_EVALUATES, derived=True),
    _row("model/tags/*/**", "model.tags.{0}", _E.METADATA),
    _row("model/*", "model.{0}", _E.RETRAINS, node="model"),
    _row("model", "model", _E.DESTROYS, added=_E.RETRAINS, node="model"),
)
_CHECKS: Final = (
    _row("checks/contract/*/description", "data.sources", _E.METADATA, derived=True),
    _row("checks/contract/**", "data.sources", _E.RE_EVALUATES, node="model", derived=True),
    _row("checks/stages/*/**", "checks.{0}", _E.RE_EVALUATES, node="checks"),
    _row("checks/gates/*/higher_is_better", "checks.gates.{0}", _E.RE_EVALUATES, node="gate", derived=True),
    _row("checks/gates/*/*", "checks.gates.{0}.{1}", _E.RE_EVALUATES, node="gate"),
    _row("checks/gates/(order)", "checks.gates", _E.METADATA),
    _row("checks/gates/*", "checks.gates.{0}", _E.RE_EVALUATES, node="gate"),
    _row("checks/live/drift/*/method", "checks.live.drift", _E.RE_EVALUATES, node="live"),
    _row("checks/live/drift/*/max", "checks.live.drift", _E.RE_EVALUATES, node="live"),
    _row("checks/live/drift/**", "checks.live.drift", _E.RE_EVALUATES, node="live", derived=True),
    _row("checks/live/quality/delay", "checks.live.quality.delay", _E.RE_EVALUATES, node="live", derived=True),
    _row("checks/live/quality/higher_is_better", "checks.live.quality", _E.RE_EVALUATES, node="live", derived=True),
    _row("checks/live/quality/bound", "checks.live.quality.{quality}", _E.RE_EVALUATES, node="live"),
    _row("checks/live/quality/*", "checks.live.quality.{0}", _E.RE_EVALUATES, node="live"),
    _row("checks/live/*", "checks.live.{0}", _E.RE_EVALUATES, node="live"),
    _row("checks/live", "checks.live", _E.RE_EVALUATES, node="live"),
    _row("checks/**", "checks", _E.RE_EVALUATES, derived=True),
)
_PIPELINES: Final = (
    _row("pipelines/{train}/schedules/**", "model.retrain.schedule", _E.PIPELINES, node="model"),
    _row("pipelines/{train}/on_change", "model.retrain.onChange", _E.PIPELINES, node="model"),
    _row("pipelines/{train}/steps/*/resources/**", "model.resources", _E.PIPELINES, node="model"),
    _row("pipelines/{materialize}/steps/*/resources/**", "workspace:defaults.resources", _E.PIPELINES),
    _row("pipelines/*/steps/*/resources/**", "workspace:defaults.resources", _E.PIPELINES, derived=True),
    _row("pipelines/*/steps/*/timeout", "workspace:defaults.timeout", _E.PIPELINES, derived=True),
    _row("pipelines/*/steps/*/retry/**", "workspace:defaults.retries", _E.PIPELINES, derived=True),
    _row("pipelines/*/steps/request-training/**", "model.retrain.onDrift", _E.PIPELINES, node="model"),
    _row("pipelines/*/image", "workspace:defaults.image", _E.PIPELINES, derived=True),
    _row("pipelines/**", "pipelines", _E.PIPELINES, derived=True),
)
_ENDPOINTS: Final = (
    _row("endpoints/(order)", "serving.endpoints", _E.METADATA),
    _row("endpoints/*/description", "serving.endpoints.{0}.description", _E.METADATA),
    _row("endpoints/*/features", "serving.endpoints.{0}.features", _E.BREAKS, node="endpoint"),
    _row("endpoints/*/stable/**", "lock:environments.{environment}.models.{locked}", _E.ROLLS, node="endpoint"),
    _row(
        "endpoints/*/candidate/**",
        "lock:environments.{environment}.models.{locked}.candidate",
        _E.REROUTES,
        node="endpoint",
    ),
    _row("endpoints/*/min_replicas", "serving.endpoints.{0}.replicas.min", _E.ROLLS, node="endpoint"),
    _row("endpoints/*/max_replicas", "serving.endpoints.{0}.replicas.max", _E.ROLLS, node="endpoint"),
    _row("endpoints/*/autoscale/query/**", "serving.endpoints.{0}.autoscale", _E.METADATA, derived=True),
    _row("endpoints/*/autoscale/*", "serving.endpoints.{0}.autoscale.{1}", _E.ROLLS, node="endpoint"),
    _row("endpoints/*/autoscale", "serving.endpoints.{0}.autoscale", _E.ROLLS, node="endpoint"),
    _row("endpoints/*/resources/gpu_*", "serving.endpoints.{0}.resources.gpu", _E.ROLLS, node="endpoint"),
    _row("endpoints/*/resources/*", "serving.endpoints.{0}.resources.{1}", _E.ROLLS, node="endpoint"),
    _row("endpoints/*/rollout/abort_on", "serving.endpoints.{0}.rollout.abortOn", _E.REROUTES, node="endpoint"),
    _row("endpoints/*/rollout/weight", "serving.endpoints.{0}.rollout", _E.REROUTES, node="endpoint", derived=True),
    _row("endpoints/*/rollout/*", "serving.endpoints.{0}.rollout.{1}", _E.REROUTES, node="endpoint"),
    _row("endpoints/*/name", "metadata.name", _E.BREAKS, node="endpoint", derived=True),
    _row("endpoints/*/inputs/**", "features.sets", _E.BREAKS, node="endpoint", derived=True),
    _row("endpoints/*/*/**", "serving.endpoints.{0}", _E.METADATA, node="endpoint", derived=True),
    _row("endpoints/*", "serving.endpoints.{0}", _E.DESTROYS, added=_E.ROLLS, node="endpoint"),
    _row("left_out/**", "serving.endpoints", _E.METADATA, derived=True),
)
_WATCHING: Final = (
    _row("slos/(order)", "alerts.slos", _E.RULES),
    _row("slos/*/endpoint", "alerts.slos.{0}.endpoint", _E.RULES, node="slo"),
    _row("slos/*/objective", "alerts.slos.{0}.objective", _E.RULES, node="slo"),
    _row("slos/*/window", "alerts.slos.{0}.window", _E.RULES, node="slo"),
    _row("slos/*/threshold", "alerts.slos.{0}.threshold", _E.RULES, node="slo"),
    _row("slos/*/*/**", "alerts.slos.{0}", _E.RULES, derived=True),
    _row("slos/*", "alerts.slos.{0}", _E.RULES, node="slo"),
    _row("alerts/*/severity", "{source}", _E.RULES),
    _row("alerts/*/condition/expression", "{source}", _E.RULES),
    _row("alerts/*/labels/**", "metadata.labels", _E.METADATA, derived=True),
    _row("alerts/**", "{source}", _E.RULES, derived=True),
    _row("routes/*/**", "alerts.routes.{0}", _E.RULES),
    _row("monitors/**", "workspace:stack.monitoring", _E.RULES, derived=True),
)
_TABLE: Final = (*_IDENTITY, *_ENGINES, *_FEATURES, *_MODEL, *_CHECKS, *_PIPELINES, *_ENDPOINTS, *_WATCHING)


def read(difference: Difference, words: dict[str, str]) -> Read:
    """Read one difference; `words` fills the places of a path that only the Blueprints know.

    A difference that no row fits is derived: nothing of the tool's own (its schema, its paths) is a user's change.
    """
    for pattern, meaning in _TABLE:
        caught = _match(pattern, difference.path, words)
        if caught is not None:
            path = meaning.path.format(*(*caught, *[""] * 3), **words)
            node = (meaning.node, *caught) if meaning.node else ()
            gone = difference.new is ABSENT or difference.new is None
            return Read(_camel(path), _effect(meaning, difference), meaning.spread, node, meaning.derived, gone)
    return Read(".".join(difference.path), Effect.METADATA, "", (), True)


def _effect(meaning: Meaning, difference: Difference) -> Effect:
    """Choose the effect; a switch that is turned on comes, and one that is turned off is changed."""
    if difference.old is ABSENT or difference.old is None or difference.old is False:
        return meaning.added
    if difference.new is ABSENT or difference.new is None:
        return meaning.removed
    return meaning.effect


def _match(pattern: Path, path: Path, words: dict[str, str]) -> tuple[str, ...] | None:
    """Match a path with a pattern; return what its stars stand for. `**` takes the rest, also none."""
    caught: list[str] = []
    for i, part in enumerate(pattern):
        if part == "**":
            return tuple(caught)
        if i >= len(path):
            return None
        if part == "*":
            caught.append(path[i])
        elif part.endswith("*"):
            if not path[i].startswith(part[:-1].replace("~", "/")):
                return None
            caught.append(path[i])
        elif path[i] != part.format(**words):
            return None
    return tuple(caught) if len(pattern) == len(path) else None


def _camel(path: str) -> str:
    """Write the last word of a path as the language does, where the Blueprint has another spelling."""
    head, dot, last = path.rpartition(".")
    return f"{head}{dot}{_SPELT.get(last, last)}"


_SPELT: Final = {
    "event_time": "eventTime",
    "created_time": "createdTime",
    "warehouse": "type",
    "max_drop": "maxDrop",
}
