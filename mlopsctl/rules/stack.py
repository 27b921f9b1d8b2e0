"""The stack: engines of versions that were checked, schedules that keep their hour."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from mlopsctl.catalogue import engines
from mlopsctl.diagnostics.codes import engines as engine_codes
from mlopsctl.diagnostics.codes import policy as policy_codes
from mlopsctl.diagnostics.codes import serving as codes
from mlopsctl.diagnostics.model import Diagnostic
from mlopsctl.resolve.model import Landscape, System
from mlopsctl.rules.finding import Path, at

_STAGES = ("features", "pipelines", "registry", "checks", "serving", "monitoring", "dashboards", "delivery", "secrets")


def versions(landscape: Landscape) -> Iterator[Diagnostic]:
    """Every engine's version must be one that was checked; without a workspace, one that a person would try."""
    origin = landscape.workspace.origin
    for stage in _STAGES:
        chosen = getattr(landscape.engines, stage)
        version = str(getattr(chosen, "version", "")) if chosen else ""
        entry = engines.engine(stage, chosen.engine, version) if chosen else None
        if entry and version and not engines.covers(entry, version):
            own: Path = ("spec", "environments", landscape.environment.name, "stack", stage, "version")
            path = own if origin and origin.has(*own) else ("spec", "stack", stage, "version")
            place = origin.value(*path) if origin else None
            known = ", ".join(
                line for each in engines.engines(stage) if each.name == chosen.engine for line in each.versions
            )
            message = f"{chosen.engine} {version} is not supported"
            dotted = ".".join(map(str, path))
            yield codes.ENGINE_VERSION.at(place, message, help=f"use one of {known}", path=dotted)


def one_ci(landscape: Landscape) -> Iterator[Diagnostic]:
    """A pull request is checked once for all environments."""
    origin = landscape.workspace.origin
    if origin and landscape.environment.ci not in (None, landscape.engines.ci):
        path: Path = ("spec", "environments", landscape.environment.name, "stack", "ci")
        place = origin.value(*path)
        message = "an environment cannot choose what checks pull requests"
        related = (origin.value("spec", "stack", "ci", label="the workspace's"),) if landscape.engines.ci else ()
        yield engine_codes.CI_OF_ENVIRONMENT.at(place, message, related=related, path=".".join(map(str, path)))


def notices(landscape: Landscape) -> Iterator[Diagnostic]:
    """Tell of an engine that nobody maintains, or that is not open, where the workspace chooses it."""
    origin = landscape.workspace.origin
    for stage in _STAGES if origin else ():
        chosen = getattr(landscape.engines, stage)
        entry = engines.engine(stage, chosen.engine, str(getattr(chosen, "version", ""))) if chosen else None
        if origin and entry and entry.notice:
            own: Path = ("spec", "environments", landscape.environment.name, "stack", stage, "engine")
            path = own if origin.has(*own) else ("spec", "stack", stage, "engine")
            yield codes.ENGINE_NOTICE.at(origin.value(*path), entry.notice, path=".".join(map(str, path)))


def own_notices(landscape: Landscape) -> Iterator[Diagnostic]:
    """Tell the same of an engine that a spec chooses for itself."""
    for system in landscape.systems.values():
        chosen = system.engines.checks
        entry = engines.engine("checks", chosen.engine, chosen.version)
        if entry and entry.notice and chosen.engine != landscape.engines.checks.engine:
            yield at(system, codes.ENGINE_NOTICE, ("spec", "checks", "engine"), entry.notice)


def steady_schedule(system: System) -> Iterator[Diagnostic]:
    """Between one and three at night, clocks change."""
    schedule = system.spec.model.retrain.schedule if system.spec.model else None
    if schedule is None or schedule.timezone in ("UTC", "Etc/UTC") or not _shifts(schedule.timezone):
        return
    hour = schedule.cron.split()[1]
    if hour in ("1", "2", "01", "02", "*") or "/" in hour or "-" in hour:
        path: Path = ("spec", "model", "retrain", "schedule")
        message = f"in {schedule.timezone} this hour is skipped or doubled when clocks change"
        related = (system.origin.value(*path, "timezone", label="has summer time"),)
        yield at(system, policy_codes.UNSTABLE_SCHEDULE, (*path, "cron"), message, related=related)


@lru_cache(maxsize=64)
def _shifts(zone: str) -> bool:
    """Tell whether a zone's clocks change in the course of a year."""
    from datetime import UTC, datetime
    from importlib import resources
    from zoneinfo import ZoneInfo

    package, _, name = f"tzdata.zoneinfo.{zone.replace('/', '.')}".rpartition(".")
    with resources.files(package).joinpath(name).open("rb") as file:
        info = ZoneInfo.from_file(file)
    offsets = {datetime(2024, month, 15, tzinfo=UTC).astimezone(info).utcoffset() for month in range(1, 13)}
    return len(offsets) > 1


RULES = (steady_schedule,)
LANDSCAPE_RULES = (versions, notices, own_notices, one_ci)
