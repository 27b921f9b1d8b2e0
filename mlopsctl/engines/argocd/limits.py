"""What Argo CD cannot do for the systems of an environment together."""

from __future__ import annotations

from typing import Final

from mlopsctl.blueprint.model.blueprint import Blueprint, Shared
from mlopsctl.diagnostics.model import Diagnostic
from mlopsctl.engines.argocd import codes, conventions
from mlopsctl.engines.base import Limits


def limits(blueprint: Blueprint) -> tuple[Diagnostic, ...]:  # noqa: ARG001 - every target is asked
    """Return nothing: Argo CD can deliver any system."""
    return ()


def limits_shared(shared: Shared) -> tuple[Diagnostic, ...]:
    """Report systems whose Application would have the same name as another one."""
    owner_of = {conventions.shared_application(shared): "shared objects", conventions.root(shared): "the root"}
    diagnostics = []
    for system in shared.systems:
        system_name = system.identity.system
        for name in (conventions.application(system), conventions.runs(system)):
            other = owner_of.setdefault(name, f"system `{system_name}`")
            if other != f"system `{system_name}`":
                message = f"the Application `{name}` of `{system_name}` has the same name as the one for {other}"
                diagnostics.append(codes.ARGOCD_NAME.at(None, message, path=f"{system_name}:metadata.name"))
    return tuple(diagnostics)


LIMITS: Final = Limits(system=limits, shared=limits_shared)
