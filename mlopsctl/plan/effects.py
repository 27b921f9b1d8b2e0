"""Effects of one change on everything it reaches, and how each happens on the running system."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.features import View
from mlopsctl.blueprint.model.pipelines import Pipeline
from mlopsctl.blueprint.model.serving import Endpoint
from mlopsctl.engines.base import Serving
from mlopsctl.engines.model_servers import serving
from mlopsctl.plan.classification.row import Propagation
from mlopsctl.plan.classification.table import ClassifiedDifference
from mlopsctl.plan.engine_facts import delivery, feature_store, monitoring
from mlopsctl.plan.model import Answer, Chain, Consequence, Effect, EffectTarget, Kind, Link, ranked

_ON_VIEWS: Final[frozenset[Propagation]] = frozenset({"retype", "remove", "values"})
_ON_MODELS: Final[frozenset[Propagation]] = frozenset({"retype", "remove", "values", "shape", "model"})
_ON_ENDPOINTS: Final[frozenset[Propagation]] = frozenset({"retype", "remove", "shape"})

_OF_ENGINES: Final = frozenset({Effect.DESTROYS, Effect.BREAKS, Effect.ROLLS})
_LABELS: Final = ("metadata.owner", "metadata.tier", "metadata.labels.", "workspace:metadata.annotations.")


class Sides(NamedTuple):
    """The systems of one environment before and after by name, and the compatibility of versions after the change."""

    before: Mapping[str, Blueprint]
    after: Mapping[str, Blueprint]
    answers: tuple[Answer, ...]

    def now(self, system: str) -> Blueprint | None:
        """Return a system after the change, or before it where the change removes the system."""
        return self.after.get(system) or self.before.get(system)


def consequences(
    read: ClassifiedDifference, system: str, chains: Iterable[Chain], sides: Sides
) -> tuple[Consequence, ...]:
    """Return the distinct effects of one difference, the most dangerous first."""
    reached = dict.fromkeys(link for chain in chains for link in chain)
    effects_elsewhere = [
        *_reached(read, reached, sides),
        *_everywhere(read, reached, sides),
        *_labelled(read, system, sides),
    ]
    own = _own(read, system, sides)
    quiet = effects_elsewhere and (
        own.effect is Effect.METADATA or own.effect in {consequence.effect for consequence in effects_elsewhere}
    )
    unique = dict.fromkeys([*effects_elsewhere, *([] if quiet else [own])])
    return ranked(unique)


def started(consequences: tuple[Consequence, ...], system: str, sides: Sides) -> tuple[Consequence, ...]:
    """Add the training run that a new fingerprint starts, unless it is listed already."""
    blueprint, before = sides.after.get(system), sides.before.get(system)
    train = _pipeline(blueprint, "train") if blueprint else None
    old = _pipeline(before, "train") if before else None
    fresh = train and train.on_change and old and old.on_change and old.on_change.name != train.on_change.name
    if (
        not blueprint
        or not blueprint.model
        or not fresh
        or any(consequence.effect is Effect.RETRAINS and consequence.system == system for consequence in consequences)
    ):
        return consequences
    run = Consequence(
        Effect.RETRAINS, system, EffectTarget(Kind.MODEL, blueprint.model.registered_name), retrained(blueprint, before)
    )
    return ranked((run, *consequences))


def _fresh(blueprint: Blueprint, before: Blueprint) -> bool:
    """Return whether the merge adds a new training run."""
    now, old = _pipeline(blueprint, "train"), _pipeline(before, "train")
    then = old.on_change.name if old and old.on_change else ""
    return now is not None and now.on_change is not None and now.on_change.name != then


def _everywhere(read: ClassifiedDifference, reached: Iterable[Link], sides: Sides) -> Iterator[Consequence]:
    """Yield the effect of a changed engine on each endpoint."""
    if read.node[:1] in (("endpoints",), ("stack",)) and read.effect in _OF_ENGINES:
        for link in reached:
            if link.kind is Kind.ENDPOINT:
                how = applied(read.effect, read, link.system, sides)
                yield Consequence(read.effect, link.system, EffectTarget(Kind.ENDPOINT, link.name), how)


def _labelled(read: ClassifiedDifference, system: str, sides: Sides) -> Iterator[Consequence]:
    """Yield the endpoints whose pods restart for a changed label."""
    blueprint = sides.now(system)
    reason = serving_facts.relabelled if (serving_facts := _serving(blueprint)) else ""
    if blueprint and reason and read.path.startswith(_LABELS):
        yield from (
            Consequence(Effect.ROLLS, system, EffectTarget(Kind.ENDPOINT, endpoint.spec_name), reason)
            for endpoint in blueprint.endpoints
        )


def _own(read: ClassifiedDifference, system: str, sides: Sides) -> Consequence:
    """Return the effect of the change on the changed field itself."""
    effect = read.effect
    if read.node[:1] in (("endpoints",), ("stack",)) and effect in _OF_ENGINES:
        effect = Effect.METADATA
    on = EffectTarget(Kind.FIELD, read.path)
    if effect in (Effect.ROLLS, Effect.REROUTES, Effect.DESTROYS) and read.node[:1] == ("endpoint",):
        on = EffectTarget(Kind.ENDPOINT, read.node[1])
    elif effect is Effect.DESTROYS and read.path.startswith("workspace:environments."):
        on = EffectTarget(Kind.SYSTEM)
    return Consequence(effect, system, on, applied(effect, read, system, sides))


def _reached(read: ClassifiedDifference, reached: Iterable[Link], sides: Sides) -> Iterator[Consequence]:
    for link in reached:
        kind, system, name = link.kind, link.system, link.name
        blueprint = sides.now(system)
        if blueprint is None:
            continue
        if (
            kind is Kind.VIEW and read.propagation in _ON_VIEWS and (view := _view(blueprint, name)) and view.every
        ) or (kind is Kind.VIEW and read.node == ("stack",) and (view := _view(blueprint, name)) and view.every):
            yield Consequence(Effect.REMATERIALISES, system, EffectTarget(Kind.VIEW, name), _filled(blueprint, view))
        elif kind is Kind.MODEL and (read.propagation in _ON_MODELS or read.effect is Effect.RETRAINS):
            yield Consequence(
                Effect.RETRAINS, system, EffectTarget(Kind.MODEL, name), retrained(blueprint, sides.before.get(system))
            )
        elif kind is Kind.GATES and read.node[:1] == ("gate",):
            reason = (
                "no run has to pass it any more"
                if read.removed
                else "the next run must pass it before it registers a version"
            )
            yield Consequence(Effect.RE_EVALUATES, system, EffectTarget(Kind.GATES), reason)
        elif kind is Kind.ENDPOINT and read.propagation in _ON_ENDPOINTS:
            yield from _unservable(blueprint, name, sides.answers)


def _unservable(blueprint: Blueprint, name: str, answers: Iterable[Answer]) -> Iterator[Consequence]:
    """Yield the versions of an endpoint that can be served before the change, but not after it."""
    system = blueprint.identity.system
    candidates = [
        answer for answer in answers if (answer.system, answer.endpoint) == (system, name) and answer.role != "rollback"
    ]
    for version_answer in candidates:
        if not version_answer.servable and version_answer.was:
            applied = f"version {version_answer.version} {version_answer.why}: it cannot be served with this set"
            yield Consequence(Effect.BREAKS, system, EffectTarget(Kind.ENDPOINT, name), applied)
    endpoint = next((item for item in blueprint.endpoints if item.spec_name == name), None)
    if endpoint and endpoint.features and not endpoint.stable.version.inputs:
        version = endpoint.stable.version.version
        applied = f"the lock has no signature of version {version}: it may not fit this feature set"
        yield Consequence(Effect.BREAKS, system, EffectTarget(Kind.ENDPOINT, name), applied)


def applied(effect: Effect, read: ClassifiedDifference, system: str, sides: Sides) -> str:
    """Return how an effect happens, as text."""
    blueprint = sides.now(system)
    if effect is Effect.DESTROYS:
        feature = read.node[:1] in (("view",), ("feature",))
        store = feature_store(blueprint) if feature and blueprint else None
        return store.removed_view if store else delivery(blueprint).pruned
    if effect is Effect.ROLLS and (".replicas" in read.path or ".autoscale" in read.path):
        return "replicas are added or removed; none restarts"
    if effect is Effect.ROLLS:
        return _rolled(blueprint)
    if effect is Effect.REROUTES:
        return _rerouted(blueprint, read)
    if effect is Effect.RULES:
        return monitoring(blueprint).rules_changed
    if effect is Effect.RE_EVALUATES and read.removed:
        return "later runs skip it"
    if effect is Effect.RETRAINS and blueprint:
        return retrained(blueprint, sides.before.get(system))
    if effect is Effect.REMATERIALISES and blueprint and read.node[:1] in (("view",), ("feature",)):
        view = _view(blueprint, read.node[1])
        return _filled(blueprint, view) if view else APPLIED[effect]
    return APPLIED[effect]


APPLIED: Final = {
    Effect.NOTHING: "no rendered byte differs",
    Effect.METADATA: "in place with the sync after the merge",
    Effect.PIPELINES: "takes effect with the next run; nothing runs now",
    Effect.OUTSIDE: "the plan does not understand patches and extra manifests: `mlopsctl diff` shows the objects",
    Effect.RE_EVALUATES: "applies to the next run; nothing runs now",
    Effect.REMATERIALISES: "views are materialised from scratch; lookups find no rows until then",
    Effect.BREAKS: "lookups find no rows after the sync",
}
"""How effects happen that nothing about the change itself decides."""


def _rolled(blueprint: Blueprint | None) -> str:
    return (_serving(blueprint) or Serving()).rolled


def _serving(blueprint: Blueprint | None) -> Serving | None:
    return serving(blueprint.engines.serving.name, blueprint.engines.serving.version) if blueprint else None


def _rerouted(blueprint: Blueprint | None, read: ClassifiedDifference) -> str:
    name = read.node[1] if len(read.node) > 1 else ""
    endpoint = _endpoint(blueprint, name) if blueprint else None
    walked = any(pipeline.purpose == "rollout" for pipeline in (blueprint.pipelines if blueprint else ()))
    if endpoint and endpoint.candidate and endpoint.rollout.strategy == "canary" and walked:
        steps = ", ".join(str(step) for step in endpoint.rollout.steps)
        return (
            f"the rollout pipeline gives the candidate {steps} % of the traffic, {_span(endpoint.rollout.pause)} each"
        )
    if endpoint and endpoint.candidate:
        return f"the candidate gets {endpoint.rollout.weight} % of the traffic"
    return "takes effect with the sync after the merge, or with the next candidate"


def retrained(blueprint: Blueprint, before: Blueprint | None) -> str:
    """Return how training starts: by the change itself, on schedule, or by hand."""
    train = _pipeline(blueprint, "train")
    if train is None:
        return "no run starts: there is no training pipeline"
    if train.on_change and (before is None or _fresh(blueprint, before)):
        return f"run `{train.on_change.name}` starts after the merge"
    if train.schedules:
        schedule = train.schedules[0]
        return f"starts on schedule (`{schedule.cron}` {schedule.timezone}), not with the merge"
    return f"no run starts by itself: submit `{train.name}`"


def _filled(blueprint: Blueprint, view: View) -> str:
    """Return how a view is refilled: the schedule materialises new rows only."""
    pipeline = _pipeline(blueprint, "materialize")
    if view.every is None or pipeline is None:
        return "the view is not materialised"
    return f"`{pipeline.name}` materialises new rows only; run it once with mode=full for all rows"


def _view(blueprint: Blueprint, name: str) -> View | None:
    return next((view for view in blueprint.features.views if view.name == name), None) if blueprint.features else None


def _endpoint(blueprint: Blueprint, name: str) -> Endpoint | None:
    return next((endpoint for endpoint in blueprint.endpoints if endpoint.spec_name == name), None)


def _pipeline(blueprint: Blueprint, purpose: str) -> Pipeline | None:
    return next((pipeline for pipeline in blueprint.pipelines if pipeline.purpose == purpose), None)


def _span(seconds: int) -> str:
    for unit, length in (("d", 86_400), ("h", 3_600), ("m", 60)):
        if seconds and seconds % length == 0:
            return f"{seconds // length}{unit}"
    return f"{seconds}s"
