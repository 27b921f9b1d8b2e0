"""The stack: supported engine versions, and schedules around clock changes."""

from __future__ import annotations

from collections.abc import Iterator

from mlopsctl.catalogue import cron, zones
from mlopsctl.diagnostics.codes import engines as engine_codes
from mlopsctl.diagnostics.codes import policy as policy_codes
from mlopsctl.diagnostics.codes import serving as codes
from mlopsctl.diagnostics.model import Diagnostic
from mlopsctl.engines import known as engines
from mlopsctl.resolve.model import Landscape, System
from mlopsctl.rules.finding import Path, at

_STAGES = ("features", "pipelines", "registry", "checks", "serving", "monitoring", "dashboards", "delivery", "secrets")


def versions(landscape: Landscape) -> Iterator[Diagnostic]:
    """Require supported versions of every engine."""
    origin = landscape.workspace.origin
    for stage in _STAGES:
        chosen = getattr(landscape.engines, stage)
        version = str(getattr(chosen, "version", "")) if chosen else ""
        entry = engines.engine(stage, chosen.engine, version) if chosen else None
        if entry and version and not engines.covers(entry, version):
            own: Path = ("spec", "environments", landscape.environment.name, "stack", stage, "version")
            path = own if origin and origin.has(*own) else ("spec", "stack", stage, "version")
            place = origin.value(*path) if origin else None
            versions_known = ", ".join(
                line for facts in engines.engines(stage) if facts.name == chosen.engine for line in facts.versions
            )
            message = f"{chosen.engine} {version} is not supported"
            dotted = ".".join(map(str, path))
            yield codes.ENGINE_VERSION.at(place, message, help=f"use one of {versions_known}", path=dotted)


def one_ci(landscape: Landscape) -> Iterator[Diagnostic]:
    """Reject a CI engine per environment: a pull request is checked once for all environments."""
    origin = landscape.workspace.origin
    if origin and landscape.environment.ci not in (None, landscape.engines.ci):
        path: Path = ("spec", "environments", landscape.environment.name, "stack", "ci")
        place = origin.value(*path)
        message = "an environment cannot have its own CI engine"
        related = (origin.value("spec", "stack", "ci", label="the workspace's"),) if landscape.engines.ci else ()
        yield engine_codes.CI_OF_ENVIRONMENT.at(place, message, related=related, path=".".join(map(str, path)))


def notices(landscape: Landscape) -> Iterator[Diagnostic]:
    """Report engines of the workspace that are unmaintained or not open source."""
    origin = landscape.workspace.origin
    for stage in _STAGES if origin else ():
        chosen = getattr(landscape.engines, stage)
        entry = engines.engine(stage, chosen.engine, str(getattr(chosen, "version", ""))) if chosen else None
        if origin and entry and entry.notice:
            own: Path = ("spec", "environments", landscape.environment.name, "stack", stage, "engine")
            path = own if origin.has(*own) else ("spec", "stack", stage, "engine")
            yield codes.ENGINE_NOTICE.at(origin.value(*path), entry.notice, path=".".join(map(str, path)))


def own_notices(landscape: Landscape) -> Iterator[Diagnostic]:
    """Report the same for engines chosen in a spec."""
    for system in landscape.systems.values():
        chosen = system.engines.checks
        entry = engines.engine("checks", chosen.engine, chosen.version)
        if entry and entry.notice and chosen.engine != landscape.engines.checks.engine:
            yield at(system, codes.ENGINE_NOTICE, ("spec", "checks", "engine"), entry.notice)


def steady_schedule(system: System) -> Iterator[Diagnostic]:
    """Report schedules in an hour that is skipped or repeated when the clocks change."""
    schedule = system.spec.model.retrain.schedule if system.spec.model else None
    if schedule is None:
        return
    unsteady = cron.hours(schedule.cron) & zones.unsteady_hours(schedule.timezone)
    if unsteady:
        path: Path = ("spec", "model", "retrain", "schedule")
        at_hours = " and ".join(f"{hour:02}:00" for hour in sorted(unsteady))
        message = f"in {schedule.timezone} the hour from {at_hours} is skipped or repeated when the clocks change"
        related = (system.origin.value(*path, "timezone", label="has daylight saving time"),)
        yield at(system, policy_codes.UNSTABLE_SCHEDULE, (*path, "cron"), message, related=related)


RULES = (steady_schedule,)
LANDSCAPE_RULES = (versions, notices, own_notices, one_ci)
