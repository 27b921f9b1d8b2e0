"""The target kserve: each endpoint as an InferenceService.

In: a blueprint. Out: files below `manifests/`, and what the engine cannot do. Never a decision.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mlopsctl.blueprint.model import Blueprint
from mlopsctl.diagnostics.codes import engines as codes
from mlopsctl.diagnostics.model import Diagnostic
from mlopsctl.targets import serving
from mlopsctl.targets.files import manifest_file
from mlopsctl.targets.kserve import canary, conventions
from mlopsctl.targets.kserve.predictor import mode
from mlopsctl.targets.kserve.service import inference_service
from mlopsctl.tree.fileset import FileSet

_WHOLE: Final = frozenset({"rps", "concurrency"})
_PERCENT: Final = 100


def render(blueprint: Blueprint) -> FileSet:
    """Render one file an endpoint; nothing where no version is locked."""
    return FileSet.of(
        manifest_file(f"{endpoint.spec_name}.yaml", inference_service(blueprint, endpoint))
        for endpoint in blueprint.endpoints
    )


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
