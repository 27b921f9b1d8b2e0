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
    """Report a missing image, and API names that several systems use."""
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
    """Report a missing image: Cortex has no model server of its own."""
    if not shared.engines.serving.settings.get("image") and any(system.endpoints for system in shared.systems):
        message = "Cortex has no model server of its own, and no image is set"
        yield codes.CORTEX_IMAGE.at(None, message, path="spec.stack.serving")


def _repeated_names(shared: Shared) -> Iterator[Diagnostic]:
    """Report API names that several systems use: a Cortex cluster has no namespaces."""
    owner_of: dict[str, str] = {}
    for system in shared.systems:
        for endpoint in system.endpoints:
            for name in names(endpoint):
                owner = owner_of.setdefault(name, system.identity.system)
                if owner != system.identity.system:
                    message = f"system `{owner}` already has an API `{name}`; API names are unique in a Cortex cluster"
                    path = f"{system.identity.system}:{serving.path(endpoint)}"
                    yield codes.CORTEX_NAME.at(None, message, path=path)


def _names(endpoint: Endpoint) -> Iterator[Diagnostic]:
    for name in names(endpoint):
        why = ""
        if len(name) > conventions.LONGEST_NAME:
            why = f"it has {len(name)} characters; Cortex's maximum is {conventions.LONGEST_NAME}"
        elif name.startswith(conventions.RESERVED_PREFIX):
            why = f"Cortex reserves the prefix `{conventions.RESERVED_PREFIX}` for its queues"
        if why:
            yield codes.CORTEX_NAME.at(None, f"`{name}` is not a valid API name: {why}", path=serving.path(endpoint))
            return


def _versions(endpoint: Endpoint) -> Iterator[Diagnostic]:
    """Report a candidate equal to the served version: each version is an API named by the version."""
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
            message = f"`{endpoint.name}` requests {has} of {name}, below Cortex's minimum of {least}"
            yield codes.CORTEX_RESOURCES.at(None, message, path=serving.path(endpoint, "resources", name))
    if resources.gpu_count and resources.gpu_resource not in conventions.ACCELERATORS:
        devices = ", ".join(conventions.ACCELERATORS)
        message = (
            f"Cortex does not support the GPU `{resources.gpu_resource}` of `{endpoint.name}`; it supports {devices}"
        )
        yield codes.CORTEX_RESOURCES.at(None, message, path=serving.path(endpoint, "resources", "gpu"))


def _target(endpoint: Endpoint) -> Iterator[Diagnostic]:
    scale = endpoint.autoscale
    if scale and scale.target > conventions.MOST_CONCURRENT:
        message = (
            f"the target of {scale.target} requests per replica of `{endpoint.name}` is above Cortex's maximum of "
            f"{conventions.MOST_CONCURRENT}"
        )
        yield engine_codes.SERVING_TARGET.at(None, message, path=serving.path(endpoint, "autoscale", "target"))


def _steps(endpoint: Endpoint) -> Iterator[Diagnostic]:
    """Report that a canary keeps its first weight: no object in the cluster holds Cortex's weights."""
    if endpoint.rollout.strategy == "canary" and len(endpoint.rollout.steps) > 1:
        message = (
            f"a candidate of `{endpoint.name}` stays at {endpoint.rollout.weight} percent: only `cortex deploy` can "
            "change the weights of a TrafficSplitter, not a run"
        )
        yield codes.CORTEX_STEPS.at(None, message, path=serving.path(endpoint, "rollout", "steps"))


LIMITS: Final = Limits(system=limits, shared=limits_shared)
