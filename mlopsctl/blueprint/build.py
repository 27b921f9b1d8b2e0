"""From a resolved landscape to Blueprints: the whole compiler's decisions, in one visible list.

In: a landscape. Out: the environment's Shared, with one Blueprint a system, and findings that only show once names,
intervals and versions are derived.
"""

from __future__ import annotations

from mlopsctl.blueprint import alerts as alerting
from mlopsctl.blueprint import derived, identity, monitors, names, slo, steps, training
from mlopsctl.blueprint.features import features, project
from mlopsctl.blueprint.model import SCHEMA, Blueprint, Shared, StepPaths
from mlopsctl.blueprint.pipelines import pipelines
from mlopsctl.blueprint.serving import endpoints
from mlopsctl.diagnostics.model import Diagnostic
from mlopsctl.resolve import model as resolved


def blueprint(system: resolved.System, neighbours: int = 1) -> tuple[Blueprint, tuple[Diagnostic, ...]]:
    """Decide everything about one system of an environment that has `neighbours` systems, itself included."""
    parts = steps.Parts(system, features(system), training.model(system), training.checks(system))
    served, not_locked = endpoints(system)
    runs, uneven = pipelines(parts, served)
    objectives = slo.slos(system, served)
    watched = alerting.Watched(objectives, parts.features, parts.checks, runs)
    made = Blueprint(
        schema=SCHEMA,
        identity=identity.identity(system),
        place=identity.placement(system.environment, system.workspace, system.name),
        engines=identity.engines(system.engines, system.lock),
        labels=identity.labels(system),
        secrets=identity.secrets(system),
        features=parts.features,
        model=parts.model,
        checks=parts.checks,
        paths=StepPaths(),
        pipelines=runs,
        endpoints=served,
        slos=objectives,
        alerts=alerting.alerts(system, watched),
        routes=identity.routes(system) if system.spec.alerts else (),
        monitors=monitors.monitors(system, served),
        left_out=tuple(name for name, one in system.endpoints.items() if one.locked is None),
        feature_maps=names.feature_maps(system.workspace.name, neighbours),
    )
    return made, (*not_locked, *uneven, *derived.too_long(made))


def shared(landscape: resolved.Landscape, systems: tuple[Blueprint, ...]) -> tuple[Shared, tuple[Diagnostic, ...]]:
    """Decide what the systems of an environment share."""
    made = Shared(
        schema=SCHEMA,
        workspace=landscape.workspace.name,
        environment=landscape.environment.name,
        place=identity.placement(landscape.environment, landscape.workspace, names.SHARED),
        engines=identity.engines(landscape.engines, landscape.lock),
        labels=identity.shared_labels(landscape),
        secrets=identity.stack_secrets(landscape.engines),
        project=project(landscape.workspace, landscape.environment, landscape.engines),
        feature_maps=names.feature_maps(landscape.workspace.name, landscape.size),
        monitors=monitors.shared_monitors(landscape),
        systems=systems,
        file=landscape.workspace.origin.file if landscape.workspace.origin else "",
    )
    return made, derived.collisions(made)
