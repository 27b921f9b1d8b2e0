"""Find the fields of the spec, workspace and lock that decide a piece of a Blueprint.

A path may be absent from its file: then a default decides, and setting the field would change the value.

`blueprint/decide` contains the decisions; this package contains their inverse. A test changes every
value of an example to check that the two agree.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from mlopsctl.blueprint.model.alerts import Alert, Route
from mlopsctl.blueprint.model.blueprint import Blueprint, Shared
from mlopsctl.blueprint.model.checks import Checks, DriftColumn, QualityMonitor
from mlopsctl.blueprint.model.features import Entity, FeatureSet, Source, Transform, View
from mlopsctl.blueprint.model.metrics import Monitor
from mlopsctl.blueprint.model.objectives import Slo
from mlopsctl.blueprint.model.patches import Extra, Patch
from mlopsctl.blueprint.model.pieces import OwnedPiece, Part
from mlopsctl.blueprint.model.pipelines import Pipeline, Run, Schedule, Step
from mlopsctl.blueprint.model.platform import Engine, Identity, Placement, Secret
from mlopsctl.blueprint.model.serving import Endpoint
from mlopsctl.blueprint.model.training import Model
from mlopsctl.blueprint.provenance.alerts import of_alert, of_route
from mlopsctl.blueprint.provenance.features import (
    contract,
    looked_up,
    of_entity,
    of_set,
    of_source,
    of_transform,
    of_view,
)
from mlopsctl.blueprint.provenance.paths import LOCK, Owner, Paths, SpecPath, stack, workspace, workspace_name
from mlopsctl.blueprint.provenance.pipelines import of_name, of_pipeline, of_run, of_schedule, of_step
from mlopsctl.blueprint.provenance.platform import (
    of_engine,
    of_extra,
    of_identity,
    of_labels,
    of_namespace,
    of_patch,
    of_place,
    of_secret,
    of_shared,
    of_system_name,
)
from mlopsctl.blueprint.provenance.serving import counted, of_endpoint, of_monitor, of_slo
from mlopsctl.blueprint.provenance.training import of_checks, of_drift, of_label, of_model, of_quality


def origins(piece: Any, owner: Owner) -> tuple[SpecPath, ...]:
    """Return the paths that decide a piece; KeyError for an unknown kind of piece."""
    if type(piece) is OwnedPiece:
        return origins(piece.piece, Owner(piece.owner, owner.shared))
    if type(piece) is Part:
        return tuple(dict.fromkeys(_PARTS[type(piece.piece), piece.field](piece.piece, owner)))
    return tuple(dict.fromkeys(_ORIGINS_BY_TYPE[type(piece)](piece, owner)))


def of_blueprint(blueprint: Blueprint, owner: Owner) -> Paths:
    yield SpecPath(blueprint.identity.system, ("metadata",))
    yield SpecPath(blueprint.identity.system, ("spec",))
    for feature_set in blueprint.features.sets if blueprint.features else ():
        for lookup in feature_set.lookups:
            yield from looked_up(lookup, owner)
        yield from contract(feature_set, owner)
    yield workspace()
    yield from workspace_name(owner)
    yield SpecPath(LOCK, ("environments", owner.environment))


def of_kinds(blueprint: Blueprint, owner: Owner) -> Paths:
    """Yield the paths that decide the kinds of objects of a system."""
    yield SpecPath(blueprint.identity.system, ("metadata", "name"))
    for endpoint in blueprint.endpoints:
        yield owner.spec("serving.endpoints", endpoint.spec_name, "autoscale", "metric")
        yield from counted(endpoint, owner)
    yield from (owner.spec("alerts", key) for key in ("slos", "routes", "training"))
    yield from (owner.spec("model.retrain", key) for key in ("schedule", "onChange"))
    yield from stack(owner, "pipelines")


_ORIGINS_BY_TYPE: Mapping[type, Callable[[Any, Owner], Paths]] = {
    Blueprint: of_blueprint,
    Shared: of_shared,
    Identity: of_identity,
    Placement: of_place,
    Engine: of_engine,
    Secret: of_secret,
    Monitor: of_monitor,
    Entity: of_entity,
    Source: of_source,
    View: of_view,
    Transform: of_transform,
    FeatureSet: of_set,
    Model: of_model,
    Checks: of_checks,
    DriftColumn: of_drift,
    QualityMonitor: of_quality,
    Pipeline: of_pipeline,
    Schedule: of_schedule,
    Run: of_run,
    Step: of_step,
    Endpoint: of_endpoint,
    Slo: of_slo,
    Alert: of_alert,
    Route: of_route,
    Patch: of_patch,
    Extra: of_extra,
}


_PARTS: Mapping[tuple[type, str], Callable[[Any, Owner], Paths]] = {
    (Identity, "labels"): of_labels,
    (Identity, "system"): of_system_name,
    (Placement, "namespace"): of_namespace,
    (Pipeline, "name"): of_name,
    (Blueprint, "kinds"): of_kinds,
    (Endpoint, "signals"): counted,
    (Patch, "object"): of_patch,
    (Model, "label"): lambda trained, owner: of_label(trained.label, owner),
}
