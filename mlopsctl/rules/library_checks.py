"""Checks of the library: known by their names, at a stage with the inputs they need, with parameters they take."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mlopsctl.catalogue.checks import STAGES, CheckCatalogue, CheckType, has_inputs
from mlopsctl.catalogue.parameter import Parameter
from mlopsctl.diagnostics.codes import training as codes
from mlopsctl.diagnostics.model import Diagnostic
from mlopsctl.diagnostics.suggest import did_you_mean
from mlopsctl.engines.check_libraries import catalogue
from mlopsctl.engines.known import supports
from mlopsctl.resolve.model import System
from mlopsctl.rules.finding import Path, at


def library_checks(system: System) -> Iterator[Diagnostic]:
    """Require suites and checks that the library has, for this task and at this stage.

    A library may drop an unknown name silently, and the check would pass.
    """
    checks, engine = system.spec.checks, system.engines.checks
    library = catalogue(engine.engine, engine.version)
    if checks is None or system.spec.model is None or library is None:
        return
    for stage in STAGES:
        part = getattr(checks, stage)
        if part is None or not _can(system, stage):
            continue  # the limits of the engine reject the whole stage
        path: Path = ("spec", "checks", stage)
        if part.suite and _can(system, "suites"):
            yield from _suite(system, library, part.suite, stage, path)
        for name, check in part.checks.items():
            yield from _check(system, library, name, check, stage, (*path, "checks", name))


def _can(system: System, capability: str) -> bool:
    engine = system.engines.checks
    return bool(supports("checks", engine.engine, engine.version, capability))


def _suite(system: System, library: CheckCatalogue, name: str, stage: str, path: Path) -> Iterator[Diagnostic]:
    suites = library.suites()
    if name not in suites:
        help = did_you_mean(name, list(suites)) or f"use one of {', '.join(suites)}"
        yield at(system, codes.CHECK_UNKNOWN, (*path, "suite"), f"{library.title} has no suite `{name}`", help=help)
    elif not has_inputs(stage, suites[name]):
        message = f"suite `{name}` needs inputs that `checks.{stage}` does not have"
        yield at(system, codes.CHECK_STAGE, (*path, "suite"), message, help=f"move it to `checks.{suites[name]}`")


def _check(
    system: System, library: CheckCatalogue, label: str, check_spec: Any, stage: str, path: Path
) -> Iterator[Diagnostic]:
    name = (check_spec and check_spec.check) or label
    check = library.checks().get(name)
    if check is None:
        yield _unknown(system, library, name, check_spec, path)
        return
    if not has_inputs(stage, check.stage):
        message = f"{library.noun} `{name}` needs inputs that `checks.{stage}` does not have"
        yield at(system, codes.CHECK_STAGE, path, message, help=f"move it to `checks.{check.stage}`", key=True)
    yield from _task(system, library, name, check, path)
    yield from _parameters(system, name, check_spec.params if check_spec else {}, check.params, (*path, "params"))
    if check_spec and _can(system, "conditions"):
        yield from _conditions(system, library, name, check, check_spec.conditions, path)


def _unknown(system: System, library: CheckCatalogue, name: str, check_spec: Any, path: Path) -> Diagnostic:
    """Report a check that the library does not have, at the check's name."""
    why = library.unusable.get(name)
    missing = f"{library.title} has no {library.noun} `{name}`{library.scope}"
    message = f"{library.noun} `{name}` is not supported: {why}" if why else missing
    has_own_name = bool(check_spec and check_spec.check)
    where = (*path, "check") if has_own_name else path
    help = did_you_mean(name, list(library.checks())) or ""
    return at(system, codes.CHECK_UNKNOWN, where, message, help=help, key=not has_own_name)


def _task(system: System, library: CheckCatalogue, name: str, check: CheckType, path: Path) -> Iterator[Diagnostic]:
    task = system.spec.model.task if system.spec.model else ""
    readable = not system.origin.unreadable("spec", "model", "task")
    if check.tasks and task not in check.tasks and readable:
        why = check.broken.get(task, "the library does not support that task")
        message = f"{library.noun} `{name}` does not work for {task}: {why}"
        yield at(system, codes.CHECK_TASK, path, message, key=True)


def _conditions(
    system: System,
    library: CheckCatalogue,
    name: str,
    check: CheckType,
    conditions: Mapping[str, Mapping[str, Any]],
    path: Path,
) -> Iterator[Diagnostic]:
    for condition, params in conditions.items():
        where = (*path, "conditions", condition)
        if condition not in check.conditions:
            help = did_you_mean(condition, list(check.conditions)) or f"its conditions: {', '.join(check.conditions)}"
            message = f"{library.noun} `{name}` has no condition `{condition}`"
            yield at(system, codes.CHECK_UNKNOWN, where, message, help=help, key=True)
        else:
            yield from _parameters(system, condition, params, check.conditions[condition], where)


def _parameters(
    system: System, owner: str, values: Mapping[str, Any], parameters_known: Mapping[str, Parameter], path: Path
) -> Iterator[Diagnostic]:
    """Report unknown parameters, missing required parameters, and values of the wrong type."""
    for name, value in values.items():
        parameter = parameters_known.get(name)
        if parameter is None:
            help = (
                did_you_mean(name, list(parameters_known)) or f"its parameters: {', '.join(parameters_known) or 'none'}"
            )
            message = f"`{owner}` has no parameter `{name}`"
            yield at(system, codes.CHECK_UNKNOWN, (*path, name), message, help=help, key=True)
        elif not parameter.takes(value):
            message = f"parameter `{name}` of `{owner}` must be {parameter.accepted_values}"
            yield at(system, codes.CHECK_UNKNOWN, (*path, name), message)
    for name, parameter in parameters_known.items():
        if parameter.required and name not in values:
            yield at(system, codes.CHECK_UNKNOWN, path, f"`{owner}` requires parameter `{name}`", key=True)


def drift_methods(system: System) -> Iterator[Diagnostic]:
    """Require a drift method that the library has for the kind of column."""
    live, engine = system.spec.checks.live if system.spec.checks else None, system.engines.checks
    drift = live.drift if live else None
    library = catalogue(engine.engine, engine.version) if drift and _can(system, "drift") else None
    if drift is None or library is None:
        return
    for kind, method in (("numerical", drift.numerical), ("categorical", drift.categorical)):
        if method and (kind, method.method) not in library.drift_methods:
            methods = [name for column_kind, name in library.drift_methods if column_kind == kind]
            path: Path = ("spec", "checks", "live", "drift", kind, "method")
            message = f"{library.title} has no drift method `{method.method}` for {kind} columns"
            yield at(system, codes.DRIFT_WITHOUT_METHOD, path, message, help=f"use {' or '.join(methods)}")


RULES = (library_checks, drift_methods)
