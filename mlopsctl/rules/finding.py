"""Build diagnostics at a path of a system's spec."""

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
    """Build a diagnostic at the value of `path`, or at its key."""
    origin = system.origin
    place = origin.key(*path, label=label) if key else origin.value(*path, label=label)
    return code.at(place, message, help=help, related=related, path=".".join(map(str, path)), severity=severity)


def overridden(system: System, *path: str | int) -> bool:
    """Return whether an unprotected environment overrides `path`.

    Teams may run less than the policy demands in an unprotected environment, as an explicit override.
    """
    if system.environment.protect:
        return False
    overrides = system.spec.overrides.get(system.environment.name, {})
    dotted = ".".join(map(str, path))
    return any(dotted == override or dotted.startswith(f"{override}.") for override in overrides)


def risk_severity(system: System) -> Severity:
    """Return the severity of a risk: an error in a protected environment, else a warning."""
    return Severity.ERROR if system.environment.protect else Severity.WARNING
