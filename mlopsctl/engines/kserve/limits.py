"""Limits of KServe."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mlopsctl.blueprint.model.blueprint import Blueprint, Shared
from mlopsctl.diagnostics.codes import policy
from mlopsctl.diagnostics.model import Diagnostic
from mlopsctl.engines.base import Limits
from mlopsctl.engines.kserve import canary, codes, conventions
from mlopsctl.engines.kserve.predictor import mode
from mlopsctl.engines.kserve.runtime import serves_package
from mlopsctl.engines.shared import serving

_INTEGER_METRICS: Final = frozenset({"rps", "concurrency"})
_PERCENT: Final = 100


def limits(blueprint: Blueprint) -> tuple[Diagnostic, ...]:
    """Return the limits of KServe that the system hits."""
    return tuple(_findings(blueprint))


def limits_shared(shared: Shared) -> tuple[Diagnostic, ...]:
    """Report packages that KServe's own runtime cannot load: it has older libraries than the steps that train."""
    if shared.engines.serving.settings.get("image"):
        return ()
    names = [f"`{e.spec_name}`" for system in shared.systems for e in system.endpoints if serves_package(system, e)]
    if not names:
        return ()
    message = f"KServe's own runtime serves {', '.join(names)} with older libraries than the models were trained with"
    return (codes.KSERVE_IMAGE.at(None, message, path="spec.stack.serving"),)


def _findings(blueprint: Blueprint) -> Iterator[Diagnostic]:
    yield from serving.flavors(blueprint)
    yield from serving.scaling_targets(blueprint, _INTEGER_METRICS, _PERCENT)
    yield from canary.shares(blueprint, mode(blueprint))
    yield from _stores(blueprint)
    yield from _hosts(blueprint)


def _stores(blueprint: Blueprint) -> Iterator[Diagnostic]:
    """Report artifacts in a store that KServe's storage initializer does not support."""
    for endpoint in blueprint.endpoints:
        for served in filter(None, (endpoint.stable, endpoint.candidate)):
            if not served.version.uri.startswith(conventions.STORES):
                store = served.version.uri.partition("://")[0]
                message = f"KServe cannot fetch version {served.version.version} of `{endpoint.name}` from `{store}`"
                yield codes.KSERVE_URI.at(None, message, path=serving.path(endpoint, "model"))


def _hosts(blueprint: Blueprint) -> Iterator[Diagnostic]:
    """Report endpoints whose host is too long: in Standard mode its first label contains the namespace too."""
    if mode(blueprint) != conventions.STANDARD:
        return
    for endpoint in blueprint.endpoints:
        label = conventions.HOST.format(name=endpoint.name, namespace=blueprint.place.namespace)
        if len(label) > conventions.LONGEST_LABEL:
            message = f"KServe's host `{label}` has {len(label)} characters; the maximum is {conventions.LONGEST_LABEL}"
            help = "shorten the name of the endpoint, the system or the namespace"
            yield policy.NAME_TOO_LONG.at(None, message, help=help, path=serving.path(endpoint))


LIMITS: Final = Limits(system=limits, shared=limits_shared)
