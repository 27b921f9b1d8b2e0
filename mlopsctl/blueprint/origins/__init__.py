"""Which lines of which document decide a piece of a Blueprint.

In: a piece, and whose it is. Out: paths into specs, the workspace and the lock, the nearest first. A path may name
something that its file leaves out: then a default decides, and a line there would change it. Never reads a document.

This is the one place that knows the way back; the way there is in the files beside this one, and a test changes every
value of an example to see that the two agree.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from mlopsctl.blueprint import model
from mlopsctl.blueprint.model import Blueprint, Of, Part, Shared
from mlopsctl.blueprint.origins.alerts import of_alert, of_route
from mlopsctl.blueprint.origins.features import contract, looked_up, of_entity, of_set, of_source, of_transform, of_view
from mlopsctl.blueprint.origins.paths import LOCK, Owner, Paths, SpecPath, stack, workspace, workspace_name
from mlopsctl.blueprint.origins.pipelines import of_name, of_pipeline, of_run, of_schedule, of_step
from mlopsctl.blueprint.origins.platform import (
    of_engine,
    of_identity,
    of_labels,
    of_namespace,
    of_place,
    of_secret,
    of_shared,
)
from mlopsctl.blueprint.origins.serving import counted, of_endpoint, of_monitor, of_slo
from mlopsctl.blueprint.origins.training import of_checks, of_drift, of_label, of_model, of_quality


def origins(piece: Any, owner: Owner) -> tuple[SpecPath, ...]:
    """Return what decides a piece; KeyError for a kind of piece that is not known here."""
    if type(piece) is Of:
        return origins(piece.piece, Owner(piece.owner, owner.shared))
    if type(piece) is Part:
        return tuple(dict.fromkeys(_PARTS[type(piece.piece), piece.field](piece.piece, owner)))
    return tuple(dict.fromkeys(_WHOLE[type(piece)](piece, owner)))


def of_blueprint(blueprint: Blueprint, owner: Owner) -> Paths:
    yield SpecPath(blueprint.identity.system, ("metadata",))
    yield SpecPath(blueprint.identity.system, ("spec",))
    for one in blueprint.features.sets if blueprint.features else ():
        for lookup in one.lookups:
            yield from looked_up(lookup, owner)
        yield from contract(one, owner)
    yield workspace()
    yield from workspace_name(owner)
    yield SpecPath(LOCK, ("environments", owner.environment))


def of_kinds(blueprint: Blueprint, owner: Owner) -> Paths:
    """Yield what decides which kinds of objects a system has."""
    yield SpecPath(blueprint.identity.system, ("metadata", "name"))
    for endpoint in blueprint.endpoints:
        yield owner.spec("serving.endpoints", endpoint.spec_name, "autoscale", "metric")
        yield from counted(endpoint, owner)
    yield from (owner.spec("alerts", key) for key in ("slos", "routes", "training"))
    yield from (owner.spec("model.retrain", key) for key in ("schedule", "onChange"))
    yield from stack(owner, "pipelines")


_WHOLE: Mapping[type, Callable[[Any, Owner], Paths]] = {
    Blueprint: of_blueprint,
    Shared: of_shared,
    model.Identity: of_identity,
    model.Placement: of_place,
    model.Engine: of_engine,
    model.Secret: of_secret,
    model.Monitor: of_monitor,
    model.Entity: of_entity,
    model.Source: of_source,
    model.View: of_view,
    model.Transform: of_transform,
    model.FeatureSet: of_set,
    model.Model: of_model,
    model.Checks: of_checks,
    model.DriftColumn: of_drift,
    model.QualityMonitor: of_quality,
    model.Pipeline: of_pipeline,
    model.Schedule: of_schedule,
    model.Run: of_run,
    model.Step: of_step,
    model.Endpoint: of_endpoint,
    model.Slo: of_slo,
    model.Alert: of_alert,
    model.Route: of_route,
}


_PARTS: Mapping[tuple[type, str], Callable[[Any, Owner], Paths]] = {
    (model.Identity, "labels"): of_labels,
    (model.Placement, "namespace"): of_namespace,
    (model.Pipeline, "name"): of_name,
    (Blueprint, "kinds"): of_kinds,
    (model.Endpoint, "signals"): counted,
    (model.Model, "label"): lambda trained, owner: of_label(trained.label, owner),
}
