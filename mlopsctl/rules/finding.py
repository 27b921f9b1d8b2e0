"""A short way to build a finding about a place of a system's spec.

In: a system, a code, a path and words. Out: the finding with its place. Never decides anything.
"""

from __future__ import annotations

from mlopsctl.diagnostics.codes.entry import Code
from mlopsctl.diagnostics.model import Diagnostic, Place, Severity
from mlopsctl.resolve.model import System

Path = tuple[str | int, ...]


def at(
    system: System,
    code: Code,
    path: Path,
    message: str,
    *,
    label: str = "",
    help: str = "",
    related: tuple[Place, ...] = (),
    key: bool = False,
    severity: Severity | None = None,
) -> Diagnostic:
    """Build a finding at the value of `path`, or at its key."""
    origin = system.origin
    place = origin.key(*path, label=label) if key else origin.value(*path, label=label)
    return code.at(place, message, help=help, related=related, path=".".join(map(str, path)), severity=severity)


def overridden(system: System, *path: str | int) -> bool:
    """Tell whether this environment says something of its own at `path`, and may: it is not protected.

    A team may run less in a trial environment than the policy asks, on purpose and visibly.
    """
    if system.environment.protect:
        return False
    overrides = system.spec.overrides.get(system.environment.name, {})
    dotted = ".".join(map(str, path))
    return any(dotted == one or dotted.startswith(f"{one}.") for one in overrides)


def lifted(system: System) -> Severity:
    """Return how much a risk weighs here: an error in a protected environment, else a warning."""
    return Severity.ERROR if system.environment.protect else Severity.WARNING
