"""Engines of other packages, found by the entry point group `mlopsctl.engines`.

An entry point's name is the engine's name, and its value is the engine's package, such as
`mlserver-deployment = "mlopsctl_mlserver"`. A package is imported when a stack chooses its engine, or when all engines
are listed. Errors of a package are `Problem` values; these functions do not raise.
"""

from __future__ import annotations

from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import NamedTuple

from mlopsctl.engines import ENGINES
from mlopsctl.engines.base import Facts, attribute
from mlopsctl.engines.registration import problems

GROUP = "mlopsctl.engines"


class Problem(NamedTuple):
    """The reason why an engine of another package cannot be used. `taken`: another engine has its name."""

    name: str
    distribution: str
    reason: str
    name_taken: bool = False


class _Loaded(NamedTuple):
    facts: tuple[Facts, ...] = ()
    problem: Problem | None = None


def engine(stage: str, name: str) -> tuple[Facts, ...]:
    """Return the facts of another package's engine; None if no package has it, or if it is broken."""
    return tuple(fact for fact in _load(name).facts if fact.stage == stage)


def by_name(name: str) -> tuple[Facts, ...]:
    """Return the facts of another package's engine, in any stage."""
    return _load(name).facts


def installed() -> tuple[Facts, ...]:
    """Return the facts of all usable engines of other packages, by name."""
    return tuple(fact for name in sorted(_by_name()) for fact in _load(name).facts)


def problem(name: str) -> Problem | None:
    """Return the problem of another package's engine; None if there is none, or if no package has it."""
    return _load(name).problem


def names() -> tuple[str, ...]:
    """Return the names of the engines that other packages have entry points for."""
    return tuple(sorted(_by_name()))


def refuse(name: str, reason: str) -> Problem:
    """Return the problem of an engine whose settings cannot be used."""
    return Problem(name, ", ".join(_distribution(entry_point) for entry_point in _by_name()[name]), reason)


@cache
def _by_name() -> dict[str, tuple[EntryPoint, ...]]:
    points_by_name: dict[str, tuple[EntryPoint, ...]] = {}
    for entry_point in entry_points(group=GROUP):
        points_by_name[entry_point.name] = (*points_by_name.get(entry_point.name, ()), entry_point)
    return points_by_name


@cache
def _load(name: str) -> _Loaded:
    points = _by_name().get(name, ())
    if not points:
        return _Loaded()
    packages = ", ".join(sorted(_distribution(point) for point in points))
    if any(name in own.names for own in ENGINES):
        return _Loaded(problem=Problem(name, packages, f"mlopsctl has an engine `{name}` itself", name_taken=True))
    if len(points) > 1:
        return _Loaded(problem=Problem(name, packages, "several packages have an engine of this name", name_taken=True))
    package = points[0].value.partition(":")[0]
    try:
        entries: tuple[object, ...] = attribute(f"{package}.facts:FACTS", tuple)
    except (Exception, SystemExit) as error:  # an import of another package's module can raise anything
        return _Loaded(problem=Problem(name, packages, exception_line(error)))
    facts = tuple(entry._replace(package=package) for entry in entries if isinstance(entry, Facts))
    reasons = [reason for fact in facts for reason in problems(fact)]
    if len(facts) < len(entries) or not facts:
        reasons.append(f"{package}.facts:FACTS must hold one or more `Facts` and nothing else")
    reasons += [f"its facts are of an engine `{fact.name}`, not `{name}`" for fact in facts if fact.name != name]
    if reasons:
        return _Loaded(problem=Problem(name, packages, "; ".join(dict.fromkeys(reasons))))
    return _Loaded(facts)


def _distribution(point: EntryPoint) -> str:
    return point.dist.name if point.dist else point.value


def exception_line(error: BaseException) -> str:
    """Return an exception in one line."""
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0]}" if lines else type(error).__name__
