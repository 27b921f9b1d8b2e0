"""Health of kinds that Argo CD cannot judge itself, so that a wave waits for the one before."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib import resources
from typing import Any

from mlopsctl.blueprint.model.blueprint import Shared
from mlopsctl.engines.argocd import conventions
from mlopsctl.engines.argocd.folders import Kind
from mlopsctl.engines.base import ARGO_CD, IMMEDIATE
from mlopsctl.engines.known import for_engines


def patch(shared: Shared, kinds: Iterable[Kind]) -> dict[str, Any]:
    """Return the patch of the ConfigMap `argocd-cm`."""
    checks = _checks(shared)
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "argocd-cm", "namespace": conventions.namespace(shared)},
        "data": {
            f"resource.customizations.health.{group}_{kind}": lua(*checks[group, kind])
            for group, kind in sorted({(conventions.GROUP, "Application"), *kinds})
            if (group, kind) in checks
        },
    }


def _checks(shared: Shared) -> dict[Kind, tuple[str, str]]:
    """Return the package and the file of each kind's check; of kinds without a status to read there is none."""
    own = {(conventions.GROUP, "Application"): (__package__, "health.lua")}
    return own | {
        kind: (engine.package, facts.health)
        for engine in for_engines(shared.engines)
        for kind, facts in engine.kinds.items()
        if facts.health not in (ARGO_CD, IMMEDIATE)
    }


@cache
def lua(package: str, name: str) -> str:
    """Read the check in a file of an engine's package."""
    return resources.files(package).joinpath(name).read_text("utf-8")
