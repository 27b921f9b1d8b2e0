"""Policy: pinned images, allowed registries, and the tier's requirements."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from mlopsctl.diagnostics.codes import policy as codes
from mlopsctl.diagnostics.model import Diagnostic, Place
from mlopsctl.resolve.model import System
from mlopsctl.rules.finding import Path, at, overridden, risk_severity


def images_are_pinned(system: System) -> Iterator[Diagnostic]:
    """Require that the lock pins each image to a digest: a tag can move."""
    for image, origin, path in system.images:
        if image.digest or str(image) in system.lock.images or origin is None:
            continue
        if not system.workspace.lock_unreadable("environments", system.environment.name, "images", str(image)):
            lock = system.workspace.lock_file.rpartition("/")[2]
            message = f"image `{image}` is not pinned to a digest in {lock}"
            yield codes.MUTABLE_IMAGE.at(
                origin.value(*path), message, path=".".join(path), severity=risk_severity(system)
            )


def images_are_allowed(system: System) -> Iterator[Diagnostic]:
    """Require images from the registries that the tier allows."""
    policy = system.workspace.policies.get(f"tier-{system.metadata.tier}")
    for image, origin, path in system.images if policy and policy.registries else ():
        if policy and not any(
            image.name == registry or image.name.startswith(f"{registry}/") for registry in policy.registries
        ):
            registries = " or ".join(policy.registries)
            message = f"images of a tier {system.metadata.tier} system must come from {registries}"
            place = origin.value(*path) if origin else None
            yield codes.REGISTRY.at(place, message, path=".".join(path), related=_demand(system, "registries"))


_MISSING: dict[str, tuple[Callable[[System], bool], Path]] = {
    "slos": (lambda s: bool(s.spec.alerts and s.spec.alerts.slos), ("alerts", "slos")),
    "slos.availability": (
        lambda s: bool(s.spec.alerts and any(o.threshold is None for o in s.spec.alerts.slos.values())),
        ("alerts", "slos"),
    ),
    "slos.latency": (
        lambda s: bool(s.spec.alerts and any(o.threshold for o in s.spec.alerts.slos.values())),
        ("alerts", "slos"),
    ),
    "live": (lambda s: bool(s.spec.checks and s.spec.checks.live), ("checks", "live")),
    "live.drift": (
        lambda s: bool(s.spec.checks and s.spec.checks.live and s.spec.checks.live.drift),
        ("checks", "live", "drift"),
    ),
    "live.quality": (
        lambda s: bool(s.spec.checks and s.spec.checks.live and s.spec.checks.live.quality),
        ("checks", "live", "quality"),
    ),
    "runbook": (
        lambda s: bool((s.spec.alerts and s.spec.alerts.runbook) or s.workspace.defaults.runbook),
        ("alerts", "runbook"),
    ),
    "routes": (
        lambda s: bool((s.spec.alerts and s.spec.alerts.routes) or s.workspace.defaults.routes),
        ("alerts", "routes"),
    ),
    "gates": (lambda s: bool(s.spec.checks and s.spec.checks.gates), ("checks", "gates")),
    "checks.data": (lambda s: bool(s.spec.checks and s.spec.checks.data), ("checks", "data")),
    "checks.model": (lambda s: bool(s.spec.checks and s.spec.checks.model), ("checks", "model")),
    "freshness": (lambda s: bool(s.spec.alerts and s.spec.alerts.freshness), ("alerts", "freshness")),
    "training": (lambda s: bool(s.spec.alerts and s.spec.alerts.training), ("alerts", "training")),
}


def tier(system: System) -> Iterator[Diagnostic]:
    """Check the tier's requirements: errors in a protected environment, else warnings."""
    name = f"tier-{system.metadata.tier}"
    policy = system.workspace.policies.get(name)
    if policy is None:
        return
    for i, requirement in enumerate(policy.require):
        related = _demand(system, "require", i)
        if requirement == "canary":
            yield from _canary(system, related)
        elif requirement == "description":
            if not system.metadata.description:
                message = f"a tier {system.metadata.tier} system must have a description"
                yield at(system, codes.POLICY, ("metadata",), message, related=related)
        else:
            is_met, path = _MISSING[requirement]
            excused = system.origin.unreadable("spec", *path) or overridden(system, *path)
            if not is_met(system) and not excused:
                dotted = ".".join(map(str, path))
                message = f"a tier {system.metadata.tier} system must have `{requirement}`"
                help = f"add `{dotted}`"
                yield at(system, codes.POLICY, ("spec", *path), message, help=help, related=related)
    yield from _replicas(system, policy.replicas_min)


def _canary(system: System, related: tuple[Place, ...]) -> Iterator[Diagnostic]:
    for endpoint in system.endpoints.values():
        where = ("serving", "endpoints", endpoint.name, "rollout")
        if endpoint.spec.rollout.strategy == "direct" and not overridden(system, *where):
            path: Path = ("spec", *where)
            message = f"endpoint `{endpoint.name}` of a tier {system.metadata.tier} system must roll out as a canary"
            help = "set `rollout: {strategy: canary, steps: [10, 50, 100], pause: 30m}`"
            yield at(system, codes.POLICY, path, message, help=help, related=related)


def _replicas(system: System, least: int) -> Iterator[Diagnostic]:
    for endpoint in system.endpoints.values():
        where = ("serving", "endpoints", endpoint.name, "replicas")
        if endpoint.spec.replicas.min < least and not overridden(system, *where):
            path: Path = ("spec", *where, *(("min",) if system.origin.has("spec", *where, "min") else ()))
            message = (
                f"endpoint `{endpoint.name}` of a tier {system.metadata.tier} system needs at least {least} replicas"
            )
            related = _demand(system, "replicas.min")
            help = f"set `replicas.min` to {least} or more"
            yield at(system, codes.POLICY, path, message, help=help, related=related)


def _demand(system: System, *path: str | int) -> tuple[Place, ...]:
    """Return the place in the workspace's policy that sets the requirement."""
    origin = system.workspace.origin
    if origin is None:
        return ()
    return (origin.value("spec", "policies", f"tier-{system.metadata.tier}", *path, label="required here"),)


RULES = (images_are_pinned, images_are_allowed, tier)
