"""What KServe cannot do of what a system asks for.

In: a Blueprint. Out: findings that name the spec field. Never renders.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mlopsctl.blueprint.model import Blueprint
from mlopsctl.diagnostics.codes import engines as codes
from mlopsctl.diagnostics.model import Diagnostic
from mlopsctl.targets import serving
from mlopsctl.targets.kserve import canary, conventions
from mlopsctl.targets.kserve.predictor import mode

_WHOLE: Final = frozenset({"rps", "concurrency"})
_PERCENT: Final = 100


def limits(blueprint: Blueprint) -> tuple[Diagnostic, ...]:
    """Tell what KServe cannot do of what the system asks for."""
    return tuple(_findings(blueprint))


def _findings(blueprint: Blueprint) -> Iterator[Diagnostic]:
    yield from serving.flavors(blueprint)
    yield from serving.scaling_targets(blueprint, _WHOLE, _PERCENT)
    yield from canary.shares(blueprint, mode(blueprint))
    yield from _stores(blueprint)


def _stores(blueprint: Blueprint) -> Iterator[Diagnostic]:
    """Find artifacts that no storage initializer fetches."""
    for endpoint in blueprint.endpoints:
        for served in filter(None, (endpoint.stable, endpoint.candidate)):
            if not served.version.uri.startswith(conventions.STORES):
                store = served.version.uri.partition("://")[0]
                message = f"KServe cannot fetch version {served.version.version} of `{endpoint.name}` from `{store}`"
                yield codes.KSERVE_URI.at(None, message, path=serving.path(endpoint, "model"))
