"""Limits of Cortex, and rules between fields that its own validation rejects."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mlopsctl.blueprint.model.blueprint import Blueprint, Shared
from mlopsctl.blueprint.model.serving import Endpoint
from mlopsctl.diagnostics.codes import engines as engine_codes
from mlopsctl.diagnostics.model import Diagnostic
from mlopsctl.engines.base import Limits
from mlopsctl.engines.cortex import codes, conventions
from mlopsctl.engines.cortex.apis import names
from mlopsctl.engines.shared import serving
from mlopsctl.engines.shared.quantities import number


def limits(blueprint: Blueprint) -> tuple[Diagnostic, ...]:
    """Return the limits of Cortex that the system hits."""
    return tuple(_findings(blueprint))


def limits_shared(shared: Shared) -> tuple[Diagnostic, ...]:
    """Return what is wrong with the engine's own settings, and with the names of all systems together."""
    return (*_image(shared), *_repeated_names(shared))


def _findings(blueprint: Blueprint) -> Iterator[Diagnostic]:
    yield from serving.scaling_targets(blueprint, frozenset())
    for endpoint in blueprint.endpoints:
        yield from _names(endpoint)
        yield from _versions(endpoint)
        yield from _resources(endpoint)
        yield from _target(endpoint)
        yield from _steps(endpoint)


def _image(shared: Shared) -> Iterator[Diagnostic]:
    """Cortex has no server of its own: an endpoint without an image answers nothing."""
    if not shared.engines.serving.settings.get("image") and any(system.endpoints for system in shared.systems):
        message = "Cortex runs the containers it is given, and no image of a model server is named"
        yield codes.CORTEX_IMAGE.at(None, message, path="spec.stack.serving")


def _repeated_names(shared: Shared) -> Iterator[Diagnostic]:
    """A cluster of Cortex has no namespaces: two systems cannot both have an API of one name."""
    owner_of: dict[str, str] = {}
    for system in shared.systems:
        for endpoint in system.endpoints:
            for name in names(endpoint):
                owner = owner_of.setdefault(name, system.identity.system)
                if owner != system.identity.system:
                    message = f"`{name}` is an API of system `{owner}` already, and Cortex has one list of names"
                    path = f"{system.identity.system}:{serving.path(endpoint)}"
                    yield codes.CORTEX_NAME.at(None, message, path=path)


def _names(endpoint: Endpoint) -> Iterator[Diagnostic]:
    for name in names(endpoint):
        why = ""
        if len(name) > conventions.LONGEST_NAME:
            why = f"it has {len(name)} characters; Cortex's maximum is {conventions.LONGEST_NAME}"
        elif name.startswith(conventions.RESERVED_PREFIX):
            why = f"Cortex keeps names that begin with `{conventions.RESERVED_PREFIX}` for its queues"
        if why:
            yield codes.CORTEX_NAME.at(None, f"`{name}` cannot be an API's name: {why}", path=serving.path(endpoint))
            return


def _versions(endpoint: Endpoint) -> Iterator[Diagnostic]:
    """Each version is an API of its own, named by the version."""
    if endpoint.candidate and endpoint.candidate.name == endpoint.stable.name:
        message = f"version {endpoint.stable.version.version} of `{endpoint.name}` is both served and the candidate"
        yield codes.CORTEX_TWINS.at(None, message, path=serving.path(endpoint, "model"))


def _resources(endpoint: Endpoint) -> Iterator[Diagnostic]:
    resources = endpoint.resources
    for name, has, least in (
        ("cpu", resources.cpu, conventions.LEAST_CPU),
        ("memory", resources.memory, conventions.LEAST_MEMORY),
    ):
        if number(has) < number(least):
            message = f"Cortex gives a container {least} of {name} at least, and `{endpoint.name}` asks for {has}"
            yield codes.CORTEX_RESOURCES.at(None, message, path=serving.path(endpoint, "resources", name))
    if resources.gpu_count and resources.gpu_resource not in conventions.ACCELERATORS:
        devices = ", ".join(conventions.ACCELERATORS)
        message = f"Cortex cannot give `{endpoint.name}` a `{resources.gpu_resource}`: it knows {devices}"
        yield codes.CORTEX_RESOURCES.at(None, message, path=serving.path(endpoint, "resources", "gpu"))


def _target(endpoint: Endpoint) -> Iterator[Diagnostic]:
    scale = endpoint.autoscale
    if scale and scale.target > conventions.MOST_CONCURRENT:
        message = (
            f"a copy of `{endpoint.name}` cannot hold {scale.target} requests: {conventions.MOST_CONCURRENT} is most"
        )
        yield engine_codes.SERVING_TARGET.at(None, message, path=serving.path(endpoint, "autoscale", "target"))


def _steps(endpoint: Endpoint) -> Iterator[Diagnostic]:
    """Report that a canary keeps its first share: no object in the cluster has Cortex's weights."""
    if endpoint.rollout.strategy == "canary" and len(endpoint.rollout.steps) > 1:
        message = (
            f"a candidate of `{endpoint.name}` stays at {endpoint.rollout.weight} percent: no run can change the "
            "weights of a TrafficSplitter, only `cortex deploy` can"
        )
        yield codes.CORTEX_STEPS.at(None, message, path=serving.path(endpoint, "rollout", "steps"))


LIMITS: Final = Limits(system=limits, shared=limits_shared)
