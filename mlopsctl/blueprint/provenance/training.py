"""Origins of a model and its checks."""

from __future__ import annotations

from mlopsctl.blueprint.model.checks import Checks, DriftColumn, QualityMonitor
from mlopsctl.blueprint.model.training import Label, Model
from mlopsctl.blueprint.provenance.features import contract, of_set, produced, rows
from mlopsctl.blueprint.provenance.paths import Owner, Paths, image, stack, workspace

_TRAINED = ("task", "flavor", "features", "label", "code", "params", "seed", "split", "registry", "tags")


def of_model(trained: Model, owner: Owner) -> Paths:
    yield from (owner.spec("model", key) for key in _TRAINED)
    yield from of_label(trained.label, owner)
    yield workspace("environments", owner.environment, "vars")
    yield from image(owner)
    yield from stack(owner, "registry")
    yield from _packaged(owner)


def _packaged(owner: Owner) -> Paths:
    """Yield the paths that decide the target of a registered package: the server, and feature lookups."""
    for name in (*(endpoint.spec_name for endpoint in owner.blueprint.endpoints), *owner.blueprint.left_out):
        yield owner.spec("serving.endpoints", name, "features")
    yield from stack(owner, "serving")
    yield from stack(owner, "features", "server")


def of_label(label: Label, owner: Owner) -> Paths:
    yield owner.spec("data.labels", label.name)
    yield from rows(label.rows, owner)
    yield owner.spec("data.sources", label.source, "columns")


def of_checks(_: Checks, owner: Owner) -> Paths:
    """Yield the paths of the checks, their engine, and the contract of the built rows."""
    yield from (owner.spec("checks", key) for key in ("engine", "data", "split", "model"))
    yield from stack(owner, "checks")
    trained, features = owner.blueprint.model, owner.blueprint.features
    for feature_set in features.sets if features else ():
        if trained and feature_set.name == trained.features:
            yield from of_set(feature_set, owner)
            yield from contract(feature_set, owner)
    if trained:
        yield from of_label(trained.label, owner)


def of_drift(column: DriftColumn, owner: Owner) -> Paths:
    yield owner.spec("checks.live.drift")
    trained, features = owner.blueprint.model, owner.blueprint.features
    for feature_set in features.sets if features else ():
        if trained and feature_set.name == trained.features:
            yield owner.spec("features.sets", feature_set.name)
            for field in feature_set.fields:
                if field.name == column.name:
                    yield from produced(field, owner)


def of_quality(_: QualityMonitor, owner: Owner) -> Paths:
    yield owner.spec("checks.live.quality")
    if trained := owner.blueprint.model:
        yield owner.spec("data.labels", trained.label.name, "delay")


def trained_on(owner: Owner) -> Paths:
    """Yield the paths whose change starts a training run: sources, features, model and checks."""
    trained, features = owner.blueprint.model, owner.blueprint.features
    if not trained or not features:
        return
    yield from of_model(trained, owner)
    yield from (owner.spec("checks", key) for key in ("data", "split", "model", "gates"))
    trained_set = next(feature_set for feature_set in features.sets if feature_set.name == trained.features)
    yield from of_set(trained_set, owner)
    own = {lookup.name for lookup in trained_set.lookups if lookup.system == owner.blueprint.identity.system}
    for view in features.views:
        if view.name in own:
            yield from (owner.spec("features.views", view.name, key) for key in ("entity", "source", "ttl", "fields"))
            yield from (
                entry for source in features.sources if source.name == view.source for entry in rows(source, owner)
            )
    yield from contract(trained_set, owner)


def monitored(owner: Owner) -> Paths:
    yield owner.spec("checks.live")
    yield owner.spec("model.retrain.onDrift")
    checks = owner.blueprint.checks
    for column in checks.live.drift if checks and checks.live else ():
        yield from of_drift(column, owner)
