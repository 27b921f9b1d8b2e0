"""Origins of endpoints, their versions and their objectives."""

from __future__ import annotations

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.metrics import Monitor
from mlopsctl.blueprint.model.objectives import Slo
from mlopsctl.blueprint.model.serving import Endpoint
from mlopsctl.blueprint.provenance.paths import (
    LOCK,
    Owner,
    Paths,
    SpecPath,
    default,
    namespace,
    pods,
    stack,
    workspace_name,
)


def of_endpoint(endpoint: Endpoint, owner: Owner) -> Paths:
    yield owner.spec("serving.endpoints", endpoint.spec_name)
    yield from version(endpoint, owner)
    yield SpecPath(owner.blueprint.identity.system, ("metadata", "name"))
    yield owner.spec("model.flavor")
    yield from default(owner, "resources")
    yield from pods(owner)
    yield from stack(owner, "serving")


def version(endpoint: Endpoint, owner: Owner) -> Paths:
    """Yield the paths of a locked version: the alias of the endpoint or the model, and its entry in the lock."""
    yield owner.spec("serving.endpoints", endpoint.spec_name, "model")
    yield owner.spec("model.registry.name")
    trained = owner.blueprint.model
    models = ("environments", owner.environment, "models")
    served = trained.served if trained else None
    if trained and served and served.version == endpoint.stable.version.version:
        yield SpecPath(LOCK, (*models, f"{trained.registered_name}@{trained.alias}"))
    else:
        yield SpecPath(LOCK, models)


def of_monitor(monitor: Monitor, owner: Owner) -> Paths:
    if isinstance(owner.subject, Blueprint):
        for endpoint in owner.subject.endpoints:
            if endpoint.name == monitor.name:
                yield from counted(endpoint, owner)
    yield from stack(owner, "serving")
    yield namespace(owner)
    yield from workspace_name(owner)


def of_slo(slo: Slo, owner: Owner) -> Paths:
    name = slo.name.removesuffix("-candidate") if slo.of_candidate else slo.name
    yield owner.spec("alerts.slos", name)
    for endpoint in owner.blueprint.endpoints:
        if endpoint.name == slo.endpoint:
            yield from counted(endpoint, owner)
            if slo.of_candidate:
                yield owner.spec("serving.endpoints", endpoint.spec_name, "rollout", "abortOn")


def counted(endpoint: Endpoint, owner: Owner) -> Paths:
    """Yield the paths that decide the series of an endpoint's requests."""
    at = ("serving.endpoints", endpoint.spec_name)
    yield owner.spec(*at, "features")
    yield owner.spec(*at, "rollout", "strategy")
    yield owner.spec("model.flavor")
    yield from version(endpoint, owner)
    yield from stack(owner, "serving")
    yield namespace(owner)
