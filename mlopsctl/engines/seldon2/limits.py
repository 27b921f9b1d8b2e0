"""Limits of Seldon Core 2 that apply to no other engine."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.serving import Endpoint
from mlopsctl.diagnostics.model import Diagnostic
from mlopsctl.engines.base import Limits
from mlopsctl.engines.seldon2 import codes
from mlopsctl.engines.shared import serving

_INTEGER_METRICS: Final = frozenset[str]()


def limits(blueprint: Blueprint) -> tuple[Diagnostic, ...]:
    """Return the limits of Seldon Core 2 that the system hits."""
    return tuple(_findings(blueprint))


def _findings(blueprint: Blueprint) -> Iterator[Diagnostic]:
    """Yield a diagnostic per field that Seldon Core 2 cannot express."""
    yield from serving.flavors(blueprint)
    yield from serving.scaling_targets(blueprint, _INTEGER_METRICS)
    for endpoint in blueprint.endpoints:
        yield from _of_the_server(endpoint)
        yield from _repeated_names(endpoint)


def _of_the_server(endpoint: Endpoint) -> Iterator[Diagnostic]:
    """Report fields that only a Server can have."""
    if endpoint.autoscale and endpoint.autoscale.metric == "lag":
        message = f"the target {endpoint.autoscale.target} has no effect: in Seldon 2 all Models of a Server share one"
        yield codes.SELDON_LAG_TARGET.at(None, message, path=serving.path(endpoint, "autoscale", "target"))
    if endpoint.resources.gpu_count:
        message = f"`{endpoint.name}` gets no GPU: a Model of Seldon 2 requests only memory"
        yield codes.SELDON_GPU.at(None, message, path=serving.path(endpoint, "resources", "gpu"))


def _repeated_names(endpoint: Endpoint) -> Iterator[Diagnostic]:
    if endpoint.kind == "pipeline" and endpoint.candidate and endpoint.candidate.name == endpoint.stable.name:
        version = endpoint.stable.version.version
        message = f"version {version} is both served by `{endpoint.name}` and its candidate"
        yield codes.SELDON_TWINS.at(None, message, path=serving.path(endpoint, "model"))


LIMITS: Final = Limits(system=limits)
