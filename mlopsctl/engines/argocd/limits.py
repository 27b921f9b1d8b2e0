"""What Argo CD cannot do for the systems of an environment together."""

from __future__ import annotations

from typing import Final

from mlopsctl.blueprint.model.blueprint import Blueprint, Shared
from mlopsctl.diagnostics.model import Diagnostic
from mlopsctl.engines.argocd import codes, conventions
from mlopsctl.engines.base import Limits


def limits(blueprint: Blueprint) -> tuple[Diagnostic, ...]:  # noqa: ARG001 - every target is asked
    """Return nothing: any system can be delivered."""
    return ()


def limits_shared(shared: Shared) -> tuple[Diagnostic, ...]:
    """Find systems whose Application would have the name of another."""
    owner_of = {conventions.shared_application(shared): "what systems share", conventions.root(shared): "the root"}
    diagnostics = []
    for system in shared.systems:
        system_name = system.identity.system
        for name in (conventions.application(system), conventions.runs(system)):
            other = owner_of.setdefault(name, f"the system `{system_name}`")
            if other != f"the system `{system_name}`":
                message = f"the Application `{name}` of `{system_name}` has the name of the one for {other}"
                diagnostics.append(codes.ARGOCD_NAME.at(None, message, path=f"{system_name}:metadata.name"))
    return tuple(diagnostics)


LIMITS: Final = Limits(system=limits, shared=limits_shared)
