"""Build Blueprints from a resolved landscape: all decisions in one list."""

from __future__ import annotations

from mlopsctl.blueprint.decide import alerts as alerting
from mlopsctl.blueprint.decide import derived, identity, monitors, names, slo, steps, training
from mlopsctl.blueprint.decide.features import features, project
from mlopsctl.blueprint.decide.patches import extra, patches
from mlopsctl.blueprint.decide.pipelines import pipelines
from mlopsctl.blueprint.decide.serving import endpoints
from mlopsctl.blueprint.model.blueprint import SCHEMA, Blueprint, Shared
from mlopsctl.blueprint.model.pipelines import PATHS
from mlopsctl.diagnostics.model import Diagnostic
from mlopsctl.resolve import model as resolved


def blueprint(system: resolved.System, neighbours: int = 1) -> tuple[Blueprint, tuple[Diagnostic, ...]]:
    """Decide everything about one system of an environment with `neighbours` systems, including itself."""
    parts = steps.Parts(system, features(system), training.model(system), training.checks(system))
    served, not_locked = endpoints(system)
    runs, uneven = pipelines(parts, served)
    objectives = slo.slos(system, served)
    watched = alerting.AlertInputs(objectives, parts.features, parts.checks, runs)
    decided = Blueprint(
        schema=SCHEMA,
        identity=identity.identity(system),
        place=identity.placement(system.environment, system.workspace, system.name),
        engines=identity.engines(system.engines, system.lock),
        labels=identity.labels(system),
        secrets=identity.secrets(system),
        features=parts.features,
        model=parts.model,
        checks=parts.checks,
        paths=PATHS,
        pipelines=runs,
        endpoints=served,
        slos=objectives,
        alerts=alerting.alerts(system, watched),
        routes=identity.routes(system) if system.spec.alerts else (),
        monitors=monitors.monitors(system, served),
        left_out=tuple(name for name, endpoint in system.endpoints.items() if endpoint.locked is None),
        feature_maps=names.feature_maps(system.workspace.name, neighbours),
        patches=patches(system.spec.patches, system.environment.name),
        extra=extra(system.manifests, system.environment.name),
        annotations=system.workspace.annotations,
    )
    return decided, (*not_locked, *uneven, *derived.too_long(decided))


def shared(landscape: resolved.Landscape, systems: tuple[Blueprint, ...]) -> tuple[Shared, tuple[Diagnostic, ...]]:
    """Decide the shared unit of an environment."""
    decided = Shared(
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
        patches=patches(landscape.workspace.patches, landscape.environment.name, shared=True),
        extra=extra(landscape.workspace.manifests, landscape.environment.name, shared=True),
        annotations=landscape.workspace.annotations,
    )
    return decided, derived.collisions(decided)
