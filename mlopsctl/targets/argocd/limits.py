"""What Argo CD cannot do for the systems of an environment together.

In: what the systems share. Out: findings; a path of a system begins with its name and a colon. Never renders.
"""

from __future__ import annotations

from mlopsctl.blueprint.model import Blueprint, Shared
from mlopsctl.diagnostics.codes import engines as codes
from mlopsctl.diagnostics.model import Diagnostic
from mlopsctl.targets.argocd import conventions


def limits(blueprint: Blueprint) -> tuple[Diagnostic, ...]:  # noqa: ARG001 - every target is asked
    """Return nothing: any system can be delivered."""
    return ()


def limits_shared(shared: Shared) -> tuple[Diagnostic, ...]:
    """Find systems whose Application would have the name of another."""
    taken = {conventions.shared_application(shared): "what systems share", conventions.root(shared): "the root"}
    found = []
    for system in shared.systems:
        who = system.identity.system
        for name in (conventions.application(system), conventions.runs(system)):
            other = taken.setdefault(name, f"the system `{who}`")
            if other != f"the system `{who}`":
                message = f"the Application `{name}` of `{who}` has the name of the one for {other}"
                found.append(codes.ARGOCD_NAME.at(None, message, path=f"{who}:metadata.name"))
    return tuple(found)
