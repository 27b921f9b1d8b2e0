"""What follows from one change: the effects on what it reaches, and how each comes about on the running system.

In: what was read of a difference, the chains from it, and both sides' Blueprints. Out: consequences. Never compares.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from mlopsctl.blueprint.model import Blueprint, Endpoint, Pipeline, View
from mlopsctl.change.graph import Chain, Reached
from mlopsctl.change.meaning import Read, Spread
from mlopsctl.change.model import Answer, Consequence, Effect

_ON_VIEWS: Final[frozenset[Spread]] = frozenset({"retype", "remove", "values"})
_ON_MODELS: Final[frozenset[Spread]] = frozenset({"retype", "remove", "values", "shape", "model"})
_ON_ENDPOINTS: Final[frozenset[Spread]] = frozenset({"retype", "remove", "shape"})

_OF_ENGINES: Final = frozenset({Effect.DESTROYS, Effect.BREAKS, Effect.ROLLS})
_LABELS: Final = ("metadata.owner", "metadata.tier", "metadata.labels.")
_PRUNED: Final = "Argo CD prunes its objects with the sync after the merge"
_OF_STORES: Final[Mapping[str, str]] = {
    "feast": "the next `feast apply` deletes it without a word, with its online rows",
    "hopsworks": "nothing deletes its feature group: it stays in Hopsworks, with its rows, until somebody does",
}


class Sides(NamedTuple):
    """The systems of one environment before and after, by name, and what the contract says after the change."""

    before: Mapping[str, Blueprint]
    after: Mapping[str, Blueprint]
    answers: tuple[Answer, ...]

    def now(self, system: str) -> Blueprint | None:
        """Return a system as it will be, or as it was where it goes."""
        return self.after.get(system) or self.before.get(system)


def consequences(read: Read, system: str, chains: Iterable[Chain], sides: Sides) -> tuple[Consequence, ...]:
    """List what follows from one difference, each once, the worst first."""
    reached = dict.fromkeys(each for chain in chains for each in chain.reached)
    found = [*_reached(read, reached, sides), *_everywhere(read, reached, sides), *_labelled(read, system, sides)]
    own = _own(read, system, sides)
    quiet = found and (own.effect is Effect.METADATA or own.effect in {one.effect for one in found})
    unique = dict.fromkeys([*found, *([] if quiet else [own])])
    return tuple(sorted(unique, key=lambda one: (-one.effect, one.system, one.on)))


def started(found: tuple[Consequence, ...], system: str, sides: Sides) -> tuple[Consequence, ...]:
    """Add the training run that a change of the spec starts by its new hash, where none is told yet."""
    of, before = sides.after.get(system), sides.before.get(system)
    train = _pipeline(of, "train") if of else None
    old = _pipeline(before, "train") if before else None
    fresh = train and train.on_change and old and old.on_change and old.on_change.name != train.on_change.name
    if (
        not of
        or not of.model
        or not fresh
        or any(one.effect is Effect.RETRAINS and one.system == system for one in found)
    ):
        return found
    run = Consequence(Effect.RETRAINS, system, f"model {of.model.registered_name}", retrained(of, before))
    return tuple(sorted((run, *found), key=lambda one: (-one.effect, one.system, one.on)))


def _fresh(of: Blueprint, before: Blueprint) -> bool:
    """Tell whether the merge adds a training run that was not there."""
    now, old = _pipeline(of, "train"), _pipeline(before, "train")
    then = old.on_change.name if old and old.on_change else ""
    return now is not None and now.on_change is not None and now.on_change.name != then


def _everywhere(read: Read, reached: Iterable[Reached], sides: Sides) -> Iterator[Consequence]:
    """Yield what a choice of engine does to each endpoint."""
    if read.node[:1] in (("endpoints",), ("stack",)) and read.effect in _OF_ENGINES:
        for one in reached:
            if one.kind == "endpoint":
                how = applied(read.effect, read, one.system, sides)
                yield Consequence(read.effect, one.system, f"endpoint {one.name}", how)


def _labelled(read: Read, system: str, sides: Sides) -> Iterator[Consequence]:
    """Yield the endpoints whose pods carry the system's labels: KServe hands an InferenceService's on to its pods."""
    of = sides.now(system)
    if of and of.engines.serving.name == "kserve" and read.path.startswith(_LABELS):
        told = "KServe hands the labels on to its pods, and so starts new ones"
        yield from (Consequence(Effect.ROLLS, system, f"endpoint {one.spec_name}", told) for one in of.endpoints)


def _own(read: Read, system: str, sides: Sides) -> Consequence:
    """Say what the change does where it stands."""
    effect = read.effect
    if read.node[:1] in (("endpoints",), ("stack",)) and effect in _OF_ENGINES:
        effect = Effect.METADATA
    on = read.path
    if effect in (Effect.ROLLS, Effect.REROUTES, Effect.DESTROYS) and read.node[:1] == ("endpoint",):
        on = f"endpoint {read.node[1]}"
    elif effect is Effect.DESTROYS and read.path.startswith("workspace:environments."):
        on = "the whole system"
    return Consequence(effect, system, on, applied(effect, read, system, sides))


def _reached(read: Read, reached: Iterable[Reached], sides: Sides) -> Iterator[Consequence]:
    for kind, system, name in reached:
        of = sides.now(system)
        if of is None:
            continue
        if (kind == "view" and read.spread in _ON_VIEWS and (view := _view(of, name)) and view.every) or (
            kind == "view" and read.node == ("stack",) and (view := _view(of, name)) and view.every
        ):
            yield Consequence(Effect.REMATERIALISES, system, f"view {name}", _filled(of, view))
        elif kind == "model" and (read.spread in _ON_MODELS or read.effect is Effect.RETRAINS):
            yield Consequence(Effect.RETRAINS, system, f"model {name}", retrained(of, sides.before.get(system)))
        elif kind == "gates" and read.node[:1] == ("gate",):
            told = "no run is held to it any more" if read.gone else "the next run is held to it before it registers"
            yield Consequence(Effect.RE_EVALUATES, system, "gates", told)
        elif kind == "endpoint" and read.spread in _ON_ENDPOINTS:
            yield from _broken(of, name, sides.answers)


def _broken(of: Blueprint, name: str, answers: Iterable[Answer]) -> Iterator[Consequence]:
    """Yield the versions of an endpoint that could be served before and cannot be after."""
    who = of.identity.system
    told = [one for one in answers if (one.system, one.endpoint) == (who, name) and one.role != "rollback"]
    for one in told:
        if not one.servable and one.was:
            applied = f"version {one.version} {one.why}: it cannot be served with this set"
            yield Consequence(Effect.BREAKS, who, f"endpoint {name}", applied)
    endpoint = next((each for each in of.endpoints if each.spec_name == name), None)
    if endpoint and endpoint.features and not endpoint.stable.version.inputs:
        version = endpoint.stable.version.version
        applied = f"the lock has no signature of version {version}, so nothing says that it can be served with this set"
        yield Consequence(Effect.BREAKS, who, f"endpoint {name}", applied)


def applied(effect: Effect, read: Read, system: str, sides: Sides) -> str:
    """Say how an effect comes about."""
    of = sides.now(system)
    if effect is Effect.DESTROYS:
        feature = read.node[:1] in (("view",), ("feature",))
        return _OF_STORES.get(of.engines.features.name, _PRUNED) if feature and of else _PRUNED
    if effect is Effect.ROLLS and (".replicas" in read.path or ".autoscale" in read.path):
        return "copies are added or taken away; none is started anew"
    if effect is Effect.ROLLS:
        return _rolled(of)
    if effect is Effect.REROUTES:
        return _rerouted(of, read)
    if effect is Effect.RE_EVALUATES and read.gone:
        return "no run is checked by it any more"
    if effect is Effect.RETRAINS and of:
        return retrained(of, sides.before.get(system))
    if effect is Effect.REMATERIALISES and of and read.node[:1] in (("view",), ("feature",)):
        view = _view(of, read.node[1])
        return _filled(of, view) if view else _HOW[effect]
    return _HOW[effect]


_HOW: Final = {
    Effect.NOTHING: "no rendered byte differs",
    Effect.METADATA: "in place, with the sync after the merge",
    Effect.RULES: "Prometheus reads the new rules after the sync",
    Effect.PIPELINES: "from the next run on; nothing runs now",
    Effect.RE_EVALUATES: "the next run is checked by it; nothing runs now",
    Effect.REMATERIALISES: "views are brought online from nothing; lookups find no rows until then",
    Effect.BREAKS: "as soon as it is synced: lookups find nothing where they looked before",
}


def _rolled(of: Blueprint | None) -> str:
    engine = of.engines.serving.name if of else ""
    if engine == "seldon":
        return "Seldon loads what is new beside what serves, and then lets that go"
    if engine == "kserve":
        return "KServe starts new pods and ends the old ones when they answer"
    return "the serving engine replaces what serves, copy by copy"


def _rerouted(of: Blueprint | None, read: Read) -> str:
    name = read.node[1] if len(read.node) > 1 else ""
    endpoint = _endpoint(of, name) if of else None
    walked = any(pipeline.purpose == "rollout" for pipeline in (of.pipelines if of else ()))
    if endpoint and endpoint.candidate and endpoint.rollout.strategy == "canary" and walked:
        steps = ", ".join(str(step) for step in endpoint.rollout.steps)
        return (
            f"the rollout pipeline gives the candidate {steps} % of the traffic, {_span(endpoint.rollout.pause)} each"
        )
    if endpoint and endpoint.candidate:
        return f"the candidate is sent {endpoint.rollout.weight} % of the traffic"
    return "traffic goes where it says with the sync after the merge, or with the next candidate"


def retrained(of: Blueprint, before: Blueprint | None) -> str:
    """Say what starts the training: a run of its own, the clock, or nobody."""
    train = _pipeline(of, "train")
    if train is None:
        return "nothing trains it: there is no training pipeline"
    if train.on_change and (before is None or _fresh(of, before)):
        return f"run `{train.on_change.name}` starts after the merge"
    if train.schedules:
        one = train.schedules[0]
        return f"nothing starts it now; the schedule does, `{one.cron}` {one.timezone}"
    return f"nothing starts it by itself: submit `{train.name}`"


def _filled(of: Blueprint, view: View) -> str:
    """Say how a view comes online again: the schedule brings new rows alone."""
    pipeline = _pipeline(of, "materialize")
    if view.every is None or pipeline is None:
        return "it is not materialised"
    return f"`{pipeline.name}` brings rows that are new; for the others start it once with mode=full"


def _view(of: Blueprint, name: str) -> View | None:
    return next((view for view in of.features.views if view.name == name), None) if of.features else None


def _endpoint(of: Blueprint, name: str) -> Endpoint | None:
    return next((one for one in of.endpoints if one.spec_name == name), None)


def _pipeline(of: Blueprint, purpose: str) -> Pipeline | None:
    return next((one for one in of.pipelines if one.purpose == purpose), None)


def _span(seconds: int) -> str:
    for unit, length in (("d", 86_400), ("h", 3_600), ("m", 60)):
        if seconds and seconds % length == 0:
            return f"{seconds // length}{unit}"
    return f"{seconds}s"
