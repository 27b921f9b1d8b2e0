"""Report derived names that are too long, or equal for two objects."""

from __future__ import annotations

from collections.abc import Iterator

from mlopsctl.blueprint.decide.names import LONGEST, SHARED
from mlopsctl.blueprint.model.blueprint import Blueprint, Shared
from mlopsctl.diagnostics.codes import policy as codes
from mlopsctl.diagnostics.model import Diagnostic

_LABEL = 63


def too_long(blueprint: Blueprint) -> tuple[Diagnostic, ...]:
    """Report names that Kubernetes or an engine would truncate or reject."""
    worst: dict[str, tuple[int, Diagnostic]] = {}
    for kind, name, limit, path in _names(blueprint):
        over = len(name) - limit
        # The longest of the names derived from one field; if it fits, the others fit.
        if over > max(0, worst[path][0] if path in worst else 0):
            message = f"the name `{name}` of a {kind} has {len(name)} characters; the maximum is {limit}"
            worst[path] = (over, codes.NAME_TOO_LONG.at(None, message, path=path))
    return tuple(diagnostic for _, diagnostic in worst.values())


def _names(blueprint: Blueprint) -> Iterator[tuple[str, str, int, str]]:
    for pipeline in blueprint.pipelines:
        yield "workflow template", pipeline.name, LONGEST, "metadata.name"
        for schedule in pipeline.schedules:
            yield "schedule", schedule.name, LONGEST, "metadata.name"
        if pipeline.on_change:
            yield "run", pipeline.on_change.name, _LABEL, "metadata.name"
    for endpoint in blueprint.endpoints:
        path = f"spec.serving.endpoints.{endpoint.spec_name}"
        yield "served model", endpoint.candidate_name, LONGEST, path
        yield "served model", endpoint.stable.name, LONGEST, path


def collisions(shared: Shared) -> tuple[Diagnostic, ...]:
    """Report names used twice in an environment: objects, feature definitions, the reserved folder."""
    claimed: dict[tuple[str, str], tuple[str, str]] = {}
    diagnostics = []
    for system in shared.systems:
        name = system.identity.system
        if name == SHARED:
            message = f"`{SHARED}` is the folder of shared objects, so no system can have that name"
            help = "choose another name"
            diagnostics.append(codes.NAME_COLLISION.at(None, message, help=help, path=f"{name}:metadata.name"))
        for kind, claim, path in _claims(system):
            other = claimed.setdefault((kind, claim), (name, path))
            if other[0] != name or other[1] != path:
                message = f"{kind} `{claim}` of `{name}` has the same name as one of `{other[0]}`"
                # The first place gets the diagnostic, the second is related.
                both = f"{name}:{path} {other[0]}:{other[1]}"
                diagnostics.append(codes.NAME_COLLISION.at(None, message, path=both))
        diagnostics += _alerts(system)
    return tuple(diagnostics)


def _alerts(system: Blueprint) -> Iterator[Diagnostic]:
    """Report two alerts of a system with the same name: a derived alert and a rule, or two derived alerts."""
    name, seen = system.identity.system, dict[str, str]()
    for alert in system.alerts:
        other = seen.setdefault(alert.name, alert.source)
        if other != alert.source:
            message = f"the alert `{alert.name}` has the same name as another alert of `{name}`, derived from `{other}`"
            help = "rename the rule" if alert.group == "own" else "rename one of the two"
            yield codes.NAME_COLLISION.at(None, message, help=help, path=f"{name}:{alert.source} {name}:{other}")


def _claims(system: Blueprint) -> Iterator[tuple[str, str, str]]:
    """Yield the names that must be unique in the environment, with their kind."""
    features = system.features
    if features:
        for kind, section, values in (
            ("source", "data.sources", features.sources),
            ("view", "features.views", features.views),
            ("transform", "features.transforms", features.transforms),
            ("feature set", "features.sets", features.sets),
        ):
            for value in values:
                yield kind, value.name, f"spec.{section}.{value.name}"
    for endpoint in system.endpoints:
        yield "endpoint", endpoint.name, f"spec.serving.endpoints.{endpoint.spec_name}"
    for pipeline in system.pipelines:
        yield "pipeline", pipeline.name, "metadata.name"
