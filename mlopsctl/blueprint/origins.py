"""Which lines of which document decide a piece of a Blueprint.

In: a piece, and whose it is. Out: paths into specs, the workspace and the lock, the nearest first. A path may name
something that its file leaves out: then a default decides, and a line there would change it. Never reads a document.

This is the one place that knows the way back; the way there is in the files beside this one, and a test changes every
value of an example to see that the two agree.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from mlopsctl.blueprint import model
from mlopsctl.blueprint.model import Blueprint, Of, Part, Shared

WORKSPACE, LOCK = "workspace", "lock"
"""How the documents beside the systems' specs are called in a path."""


class SpecPath(NamedTuple):
    """A place of a document: a system's name, `workspace` or `lock`, and the keys that lead there."""

    document: str
    keys: tuple[str, ...]

    def __str__(self) -> str:
        """Write the path; a key that holds a dot stands in quotes."""
        keys = ['"' + key + '"' if "." in key else key for key in self.keys]
        return f"{self.document}:{'.'.join(keys)}"

    def below(self, key: str) -> SpecPath:
        """Return the place of a key there."""
        return SpecPath(self.document, (*self.keys, key))

    def meets(self, other: SpecPath) -> bool:
        """Tell whether one of the two holds the other."""
        shorter = min(len(self.keys), len(other.keys))
        return self.document == other.document and self.keys[:shorter] == other.keys[:shorter]


Paths = Iterator[SpecPath]


class Owner(NamedTuple):
    """Whose a piece is, and what the systems beside it are."""

    one: Blueprint | Shared
    shared: Shared

    @property
    def environment(self) -> str:
        """The environment's name."""
        return self.shared.environment

    @property
    def blueprint(self) -> Blueprint:
        """The system's Blueprint; what systems share asks for none."""
        assert isinstance(self.one, Blueprint)  # noqa: S101 - a piece of a system stands in the system's files
        return self.one

    def of(self, system: str) -> Owner | None:
        """Return another system of the environment, where there is one of that name."""
        found = next((one for one in self.shared.systems if one.identity.system == system), None)
        return Owner(found, self.shared) if found else None

    def spec(self, dotted: str, *keys: str) -> SpecPath:
        """Return a place of the system's spec."""
        return SpecPath(self.blueprint.identity.system, ("spec", *dotted.split("."), *keys))


def owner_of(unit: str, shared: Shared) -> Owner:
    """Return whose a unit of the tree is: a system's, or what systems share."""
    return Owner(next((one for one in shared.systems if one.identity.system == unit), shared), shared)


def documents(owner: Owner) -> frozenset[str]:
    """Return the documents that pieces of a unit can come from: its own, the shared ones, those of systems it reads."""
    systems = [owner.one] if isinstance(owner.one, Blueprint) else owner.shared.systems
    sets = [one for system in systems for one in (system.features.sets if system.features else ())]
    read = {lookup.system for one in sets for lookup in one.lookups}
    return frozenset({WORKSPACE, LOCK, *read, *(system.identity.system for system in systems)})


def origins(piece: Any, owner: Owner) -> tuple[SpecPath, ...]:
    """Return what decides a piece; KeyError for a kind of piece that is not known here."""
    if type(piece) is Of:
        return origins(piece.piece, Owner(piece.owner, owner.shared))
    if type(piece) is Part:
        return tuple(dict.fromkeys(_PARTS[type(piece.piece), piece.field](piece.piece, owner)))
    return tuple(dict.fromkeys(_WHOLE[type(piece)](piece, owner)))


# --- the workspace and the lock -----------------------------------------------------------------------------------


def workspace(*keys: str) -> SpecPath:
    """Return a place of the workspace's file."""
    return SpecPath(WORKSPACE, ("spec", *keys))


def workspace_name(owner: Owner) -> Paths:
    """Yield where the workspace is named; a spec without a workspace stands for one of its name."""
    yield SpecPath(WORKSPACE, ("metadata", "name"))
    if [one.identity.system for one in owner.shared.systems] == [owner.shared.workspace]:
        yield SpecPath(owner.shared.workspace, ("metadata", "name"))


def stack(owner: Owner, stage: str, *keys: str) -> Paths:
    """Yield where a stage's engine is chosen: the environment's own choice replaces the workspace's."""
    yield workspace("environments", owner.environment, "stack", stage, *keys)
    yield workspace("stack", stage, *keys)


def _engine(engine: model.Engine, owner: Owner) -> Paths:
    stages = owner.one.engines.__struct_fields__
    yield from stack(owner, next(stage for stage in stages if getattr(owner.one.engines, stage) is engine))


def _place(_: model.Placement, owner: Owner) -> Paths:
    yield workspace("environments", owner.environment, "cluster")
    yield workspace("environments", owner.environment, "namespace")
    yield workspace("git")
    yield workspace("output")


def _namespace(_: model.Placement, owner: Owner) -> Paths:
    yield namespace(owner)


def namespace(owner: Owner) -> SpecPath:
    """Return where the environment's namespace is named; series and alerts are told apart by it, too."""
    return workspace("environments", owner.environment, "namespace")


def _labels(_: model.Identity, owner: Owner) -> Paths:
    who = owner.blueprint.identity
    yield from (SpecPath(who.system, ("metadata", key)) for key in ("name", "owner", "tier", "labels"))
    yield from workspace_name(owner)


def _identity(identity: model.Identity, owner: Owner) -> Paths:
    yield SpecPath(identity.system, ("metadata",))
    yield owner.spec("alerts", "runbook")
    yield workspace("defaults", "runbook")
    yield from workspace_name(owner)


def _shared(_: Shared, owner: Owner) -> Paths:
    yield from workspace_name(owner)
    yield workspace("systems")
    yield workspace("stack")
    yield workspace("environments", owner.environment)


_STACK_OF: Mapping[str, tuple[str, ...]] = {
    "registry": ("registry", "secret"),
    "feature-store": ("features", "secret"),
    "offline-store": ("features", "offline"),
    "online-store": ("features", "online"),
    "artifacts": ("pipelines", "artifacts"),
    "model-store": ("serving", "secret"),
}


def _secret(secret: model.Secret, owner: Owner) -> Paths:
    if secret.purpose == "notifications":
        yield owner.spec("alerts", "routes")
        yield workspace("defaults", "routes")
    else:
        yield from stack(owner, *_STACK_OF[secret.purpose])
    yield from stack(owner, "secrets")


def _monitor(monitor: model.Monitor, owner: Owner) -> Paths:
    if isinstance(owner.one, Blueprint):
        for endpoint in owner.one.endpoints:
            if endpoint.name == monitor.name:
                yield from _counted(endpoint, owner)
    yield from stack(owner, "serving")
    yield namespace(owner)
    yield from workspace_name(owner)


def _image(owner: Owner) -> Paths:
    yield owner.spec("model.code.image")
    yield workspace("defaults", "image")
    yield SpecPath(LOCK, ("environments", owner.environment, "images"))


def version(endpoint: model.Endpoint, owner: Owner) -> Paths:
    """Yield whose lock entry is read, and that: of the alias that training moves, or whichever the endpoint names."""
    yield owner.spec("serving.endpoints", endpoint.spec_name, "model")
    yield owner.spec("model.registry.name")
    trained = owner.blueprint.model
    models = ("environments", owner.environment, "models")
    served = trained.served if trained else None
    if trained and served and served.version == endpoint.stable.version.version:
        yield SpecPath(LOCK, (*models, f"{trained.registered_name}@{trained.alias}"))
    else:
        yield SpecPath(LOCK, models)


# --- features -----------------------------------------------------------------------------------------------------


def _entity(entity: model.Entity, owner: Owner) -> Paths:
    yield owner.spec("features.entities", entity.name)
    yield from _owned(owner)


def _owned(owner: Owner) -> Paths:
    """Yield what a feature definition says of its owner."""
    who = owner.blueprint.identity.system
    yield from (SpecPath(who, ("metadata", key)) for key in ("owner", "tier", "name"))


def _source(source: model.Source, owner: Owner) -> Paths:
    yield owner.spec("data.sources", source.name)
    yield workspace("environments", owner.environment, "vars")
    yield from stack(owner, "features", "offline", "type")
    yield from _owned(owner)


def _view(view: model.View, owner: Owner) -> Paths:
    yield owner.spec("features.views", view.name)
    yield from _types(view, owner)
    columns = (owner.spec("data.sources", view.source, "columns", field.name) for field in view.fields)
    yield from (column.below("description") for column in columns)
    yield owner.spec("features.entities", view.entity, "key")
    yield owner.spec("data.sources", view.source, "push")
    yield from _owned(owner)


def _types(view: model.View, owner: Owner) -> Paths:
    """Yield where the types of a view's fields stand: at the source's columns, unless the view says more."""
    yield owner.spec("features.views", view.name, "fields")
    yield from (owner.spec("data.sources", view.source, "columns", field.name, "type") for field in view.fields)


def _transform(transform: model.Transform, owner: Owner) -> Paths:
    yield owner.spec("features.transforms", transform.name)
    features = owner.blueprint.features
    read = {one.view for one in transform.inputs}
    for view in features.views if features else ():
        if view.name in read:
            yield from _types(view, owner)
    if None in read:
        yield from (owner.spec("features.sets", one.name, "request") for one in (features.sets if features else ()))
    yield from _owned(owner)


def _set(one: model.FeatureSet, owner: Owner) -> Paths:
    yield owner.spec("features.sets", one.name)
    features = owner.blueprint.features
    for transform in features.transforms if features else ():
        if transform.name in one.transforms:
            yield from _transform(transform, owner)
    for lookup in one.lookups:
        yield from _looked_up(lookup, owner)
    yield from _owned(owner)


def _looked_up(lookup: model.LookupView, owner: Owner) -> Paths:
    """Yield what decides a view that is read, of this system or another: its types, its key and its ttl."""
    theirs = owner.of(lookup.system)
    features = theirs.blueprint.features if theirs else None
    for view in features.views if features else ():
        if theirs and view.name == lookup.name:
            yield theirs.spec("features.views", view.name, "ttl")
            yield from _types(view, theirs)
            yield from (theirs.spec("features.entities", view.entity, key) for key in ("key", "type"))


# --- model and checks ---------------------------------------------------------------------------------------------


_TRAINED = ("task", "flavor", "features", "label", "code", "params", "seed", "split", "registry", "tags")


def _model(trained: model.Model, owner: Owner) -> Paths:
    yield from (owner.spec("model", key) for key in _TRAINED)
    yield from _label(trained.label, owner)
    yield workspace("environments", owner.environment, "vars")
    yield from _image(owner)
    yield from stack(owner, "registry")


def _label(label: model.Label, owner: Owner) -> Paths:
    yield owner.spec("data.labels", label.name)
    yield owner.spec("data.sources", label.source)


def _drift(column: model.DriftColumn, owner: Owner) -> Paths:
    yield owner.spec("checks.live.drift")
    trained, features = owner.blueprint.model, owner.blueprint.features
    for one in features.sets if features else ():
        if trained and one.name == trained.features:
            yield owner.spec("features.sets", one.name)
            for field in one.fields:
                if field.name == column.name:
                    yield from _produced(field, owner)


def _produced(field: model.SetField, owner: Owner) -> Paths:
    """Yield what decides the type of a set's field."""
    theirs = owner.of(field.system)
    features = theirs.blueprint.features if theirs else None
    if theirs and field.computed:
        yield theirs.spec("features.transforms", field.producer, "fields")
    for view in features.views if features else ():
        if theirs and not field.computed and view.name == field.producer:
            yield from _types(view, theirs)


def _quality(_: model.QualityMonitor, owner: Owner) -> Paths:
    yield owner.spec("checks.live.quality")
    if trained := owner.blueprint.model:
        yield owner.spec("data.labels", trained.label.name, "delay")


# --- pipelines ----------------------------------------------------------------------------------------------------


def _trained_on(owner: Owner) -> Paths:
    """Yield what starts another training run: what it reads, how, and what it must hold."""
    trained, features = owner.blueprint.model, owner.blueprint.features
    if not trained or not features:
        return
    yield from _model(trained, owner)
    yield from (owner.spec("checks", key) for key in ("data", "split", "model", "gates"))
    one = next(one for one in features.sets if one.name == trained.features)
    yield from _set(one, owner)
    own = {lookup.name for lookup in one.lookups if lookup.system == owner.blueprint.identity.system}
    for view in features.views:
        if view.name in own:
            yield owner.spec("features.views", view.name)
            yield owner.spec("data.sources", view.source)
    yield from _contract(one, owner)


def _contract(one: model.FeatureSet, owner: Owner) -> Paths:
    """Yield what each column of the built rows must hold: its source says, of this system or another."""
    for field in one.fields:
        theirs = owner.of(field.system)
        features = theirs.blueprint.features if theirs else None
        for view in features.views if features else ():
            if theirs and view.name == field.producer and not field.computed:
                yield theirs.spec("data.sources", view.source, "columns", field.name)


def _materialized(owner: Owner) -> Paths:
    features = owner.blueprint.features
    yield from (owner.spec("features.views", one.name, "materialize") for one in (features.views if features else ()))


def _on_clock(schedule: model.Schedule, owner: Owner) -> Paths:
    """Yield what sets a schedule: the training's own, the monitor's pace, or the views of one interval."""
    runs = {id(one): run.purpose for run in owner.blueprint.pipelines for one in run.schedules}
    purpose = runs[id(schedule)]
    if purpose == "train":
        yield owner.spec("model.retrain.schedule")
    elif purpose == "monitor":
        yield owner.spec("checks.live.every")
    else:
        named = dict(schedule.arguments)["views"].split(",")
        yield from (owner.spec("features.views", name, "materialize", "every") for name in named)


def _monitored(owner: Owner) -> Paths:
    yield owner.spec("checks.live")
    yield owner.spec("model.retrain.onDrift")
    checks = owner.blueprint.checks
    for column in checks.live.drift if checks and checks.live else ():
        yield from _drift(column, owner)


def _rolled_out(owner: Owner) -> Paths:
    for endpoint in owner.blueprint.endpoints:
        if endpoint.candidate:
            yield owner.spec("serving.endpoints", endpoint.spec_name, "rollout")
            yield from version(endpoint, owner)


_PURPOSES: Mapping[str, Callable[[Owner], Paths]] = {
    "materialize": _materialized,
    "train": _trained_on,
    "monitor": _monitored,
    "rollout": _rolled_out,
}


def _pipeline(pipeline: model.Pipeline, owner: Owner) -> Paths:
    yield from _PURPOSES[pipeline.purpose](owner)
    if pipeline.purpose == "train":
        yield from (owner.spec("model", key) for key in ("resources", "timeout"))
        yield from _materialized(owner)
    yield from _image(owner)
    yield workspace("defaults")
    yield SpecPath(owner.blueprint.identity.system, ("metadata", "name"))
    yield namespace(owner)
    for stage in ("pipelines", "features", "registry", "monitoring"):
        yield from stack(owner, stage)


def _named(_: model.Pipeline, owner: Owner) -> Paths:
    """Yield what decides how a pipeline is called, and whether there is one."""
    yield SpecPath(owner.blueprint.identity.system, ("metadata", "name"))
    yield namespace(owner)
    yield from stack(owner, "pipelines")
    yield from _image(owner)


def hashed(pipeline: model.Pipeline, owner: Owner) -> tuple[SpecPath, ...]:
    """Return what makes another content of a pipeline."""
    return tuple(dict.fromkeys((*_PURPOSES[pipeline.purpose](owner), *_image(owner))))


def _run(run: model.Run, owner: Owner) -> Paths:
    started = next(one for one in owner.blueprint.pipelines if one.on_change is run)
    yield owner.spec("model.retrain.onChange")
    yield from _PURPOSES[started.purpose](owner)


_STEPS: Mapping[str, tuple[str, ...]] = {
    "build-dataset": ("model.features", "model.label"),
    "check-data": ("checks.data",),
    "split": ("model.split",),
    "check-split": ("checks.split",),
    "train": ("model.code", "model.params"),
    "check-model": ("checks.model",),
    "gate": ("checks.gates",),
    "register": ("model.registry",),
    "monitor": ("checks.live",),
    "request-training": ("model.retrain.onDrift",),
}
_HOLDS_ROWS = frozenset({"build-dataset", "check-data", "split", "check-split", "train", "evaluate", "check-model"})


def _step(step: model.Step, owner: Owner) -> Paths:
    yield from (owner.spec(path) for path in _STEPS.get(step.verb, ()))
    if step.verb == "materialize":
        yield from _materialized(owner)
    if step.verb in ("shift-traffic", "watch-objectives"):
        yield from (owner.spec("serving.endpoints", one.spec_name, "rollout") for one in owner.blueprint.endpoints)
    yield from step_resources(step, owner)
    yield from step_timeout(step, owner)
    yield from _image(owner)


def step_resources(step: model.Step, owner: Owner) -> Paths:
    """Yield what decides how much a step asks for."""
    if step.verb in _HOLDS_ROWS:
        yield owner.spec("model.resources")
    yield workspace("defaults", "resources")


def step_timeout(step: model.Step, owner: Owner) -> Paths:
    """Yield what decides how long a step may take."""
    if step.verb == "train":
        yield owner.spec("model.timeout")
    if step.verb == "watch-objectives":
        yield from (owner.spec("serving.endpoints", one.spec_name, "rollout") for one in owner.blueprint.endpoints)
    else:
        yield workspace("defaults", "timeout")


# --- serving ------------------------------------------------------------------------------------------------------


def _endpoint(endpoint: model.Endpoint, owner: Owner) -> Paths:
    yield owner.spec("serving.endpoints", endpoint.spec_name)
    yield from version(endpoint, owner)
    yield owner.spec("model.flavor")
    yield workspace("defaults", "resources")
    yield from stack(owner, "serving")


# --- objectives and alerts ----------------------------------------------------------------------------------------


def _slo(slo: model.Slo, owner: Owner) -> Paths:
    name = slo.name.removesuffix("-candidate") if slo.of_candidate else slo.name
    yield owner.spec("alerts.slos", name)
    for endpoint in owner.blueprint.endpoints:
        if endpoint.name == slo.endpoint:
            yield from _counted(endpoint, owner)
            if slo.of_candidate:
                yield owner.spec("serving.endpoints", endpoint.spec_name, "rollout", "abortOn")


def _counted(endpoint: model.Endpoint, owner: Owner) -> Paths:
    """Yield what decides which series count an endpoint's requests."""
    at = ("serving.endpoints", endpoint.spec_name)
    yield owner.spec(*at, "features")
    yield owner.spec(*at, "rollout", "strategy")
    yield owner.spec("model.flavor")
    yield from version(endpoint, owner)
    yield from stack(owner, "serving")
    yield namespace(owner)


def _alert(alert: model.Alert, owner: Owner) -> Paths:
    yield SpecPath(owner.blueprint.identity.system, tuple(alert.source.split(".")))
    yield from _CONDITIONS[type(alert.condition)](alert, owner)
    if alert.group in ("freshness", "drift", "quality", "training"):
        yield owner.spec("alerts", alert.group)
    yield owner.spec("alerts", "runbook")
    yield workspace("defaults", "runbook")
    yield from _labels(owner.blueprint.identity, owner)
    yield namespace(owner)


def _burning(alert: model.Alert, owner: Owner) -> Paths:
    for slo in owner.blueprint.slos:
        if slo.id == getattr(alert.condition, "slo", None):
            yield from _slo(slo, owner)


def _old(alert: model.Alert, owner: Owner) -> Paths:
    """Yield what decides after how long a view is stale."""
    features = owner.blueprint.features
    for view in features.views if features else ():
        if view.name == alert.labels["view"]:
            yield owner.spec("data.sources", view.source, "cadence")
            yield owner.spec("features.views", view.name, "materialize", "every")
            yield owner.spec("features.views", view.name, "ttl")


def _beyond(alert: model.Alert, owner: Owner) -> Paths:
    if alert.group == "drift":
        yield from _monitored(owner)
    else:
        yield owner.spec("checks.live.quality")


def _overdue(alert: model.Alert, owner: Owner) -> Paths:
    """Yield what decides when a run should have succeeded: its schedule, and how long one may take."""
    if alert.group != "training":
        yield owner.spec("checks.live.every")
        yield from (owner.spec("alerts", group) for group in ("drift", "quality"))
        return
    yield owner.spec("model.retrain.schedule")
    yield owner.spec("model.timeout")
    yield workspace("defaults", "timeout")


def _nothing(_: model.Alert, __: Owner) -> Paths:
    yield from ()


_CONDITIONS: Mapping[type, Callable[[model.Alert, Owner], Paths]] = {
    model.BurnCondition: _burning,
    model.AgeCondition: _old,
    model.BoundCondition: _beyond,
    model.OverdueCondition: _overdue,
    model.CountCondition: _nothing,
    model.ExpressionCondition: _nothing,
}


def _route(route: model.Route, owner: Owner) -> Paths:
    yield owner.spec("alerts.routes", route.severity)
    yield workspace("defaults", "routes", route.severity)


# --- the whole ----------------------------------------------------------------------------------------------------


def _blueprint(blueprint: Blueprint, owner: Owner) -> Paths:
    yield SpecPath(blueprint.identity.system, ("metadata",))
    yield SpecPath(blueprint.identity.system, ("spec",))
    for one in blueprint.features.sets if blueprint.features else ():
        for lookup in one.lookups:
            yield from _looked_up(lookup, owner)
        yield from _contract(one, owner)
    yield workspace()
    yield from workspace_name(owner)
    yield SpecPath(LOCK, ("environments", owner.environment))


def _kinds(blueprint: Blueprint, owner: Owner) -> Paths:
    """Yield what decides which kinds of objects a system has."""
    yield SpecPath(blueprint.identity.system, ("metadata", "name"))
    for endpoint in blueprint.endpoints:
        yield owner.spec("serving.endpoints", endpoint.spec_name, "autoscale", "metric")
        yield from _counted(endpoint, owner)
    yield from (owner.spec("alerts", key) for key in ("slos", "routes", "training"))
    yield from (owner.spec("model.retrain", key) for key in ("schedule", "onChange"))
    yield from stack(owner, "pipelines")


_WHOLE: Mapping[type, Callable[[Any, Owner], Paths]] = {
    Blueprint: _blueprint,
    Shared: _shared,
    model.Identity: _identity,
    model.Placement: _place,
    model.Engine: _engine,
    model.Secret: _secret,
    model.Monitor: _monitor,
    model.Entity: _entity,
    model.Source: _source,
    model.View: _view,
    model.Transform: _transform,
    model.FeatureSet: _set,
    model.Model: _model,
    model.DriftColumn: _drift,
    model.QualityMonitor: _quality,
    model.Pipeline: _pipeline,
    model.Schedule: _on_clock,
    model.Run: _run,
    model.Step: _step,
    model.Endpoint: _endpoint,
    model.Slo: _slo,
    model.Alert: _alert,
    model.Route: _route,
}
_PARTS: Mapping[tuple[type, str], Callable[[Any, Owner], Paths]] = {
    (model.Identity, "labels"): _labels,
    (model.Placement, "namespace"): _namespace,
    (model.Pipeline, "name"): _named,
    (Blueprint, "kinds"): _kinds,
    (model.Endpoint, "signals"): _counted,
}
