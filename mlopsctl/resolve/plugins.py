"""Plug-in engines: an engine's settings are added to the spec when a stack names it."""

from __future__ import annotations

from collections.abc import Iterator

from mlopsctl.diagnostics.codes import plugins as codes
from mlopsctl.diagnostics.codes import shape
from mlopsctl.diagnostics.model import Diagnostic, Place, Severity
from mlopsctl.engines import plugins, settings
from mlopsctl.engines.plugins import Problem
from mlopsctl.source.node import Mapping as MappingNode
from mlopsctl.source.node import Node, Path, Scalar, find
from mlopsctl.spec.stack import choice
from mlopsctl.spec.words import Section

_UNKNOWN = (shape.UNKNOWN_VARIANT.code, shape.VALUE_NOT_ALLOWED.code)
_STACK: Path = ("spec", "stack")
_ENVIRONMENTS: Path = ("spec", "environments")


def enable_named(workspace: Node) -> tuple[Diagnostic, ...]:
    """Enable the plug-in engines that the workspace names; report those that cannot be used."""
    return tuple(
        diagnostic(problem, Place(engine_name.span), (*path, "engine"))
        for path, engine_name in _engines(workspace)
        if engine_name.value not in choice.sections(str(path[-1])) and (problem := enable(str(engine_name.value)))
    )


def enable_all() -> tuple[Diagnostic, ...]:
    """Enable every installed plug-in engine; warn of those that cannot be used."""
    problems = [enable(name) for name in plugins.names()]
    return tuple(diagnostic(problem, None, (), Severity.WARNING) for problem in problems if problem)


def enable(name: str) -> Problem | None:
    """Add a plug-in engine's settings to the spec; return the problem if it cannot be used."""
    entries = plugins.by_name(name)
    for facts in entries:
        sections = choice.sections(facts.stage)
        if name in sections:
            continue
        try:
            classes = settings.of_package(facts.package)
        except (Exception, SystemExit) as error:  # a plug-in may raise anything on import
            return plugins.refuse(name, plugins.exception_line(error))
        for section in classes:
            if reason := choice.unfit(facts.stage, section, name):
                return plugins.refuse(name, f"{facts.package}.settings:{section.__name__} {reason}")
            assert issubclass(section, Section)  # noqa: S101 - else it is unfit
            choice.add(facts.stage, section)
    return plugins.problem(name)


def diagnostic(problem: Problem, place: Place | None, path: Path, severity: Severity | None = None) -> Diagnostic:
    """Report an engine that cannot be used."""
    code = codes.TAKEN_NAME if problem.name_taken else codes.BROKEN_PLUGIN
    message = f"the engine `{problem.name}` of the package {problem.distribution} cannot be used: {problem.reason}"
    return code.at(place, message, path=".".join(map(str, path)), severity=severity)


def without_followers(diagnostics: tuple[Diagnostic, ...], problems: tuple[Diagnostic, ...]) -> Iterator[Diagnostic]:
    """Drop `unknown engine` diagnostics that follow from an unusable plug-in."""
    places = {problem.place.span for problem in problems if problem.place}
    return (
        candidate
        for candidate in diagnostics
        if not (candidate.code in _UNKNOWN and candidate.place and candidate.place.span in places)
    )


def _engines(workspace: Node) -> Iterator[tuple[Path, Scalar]]:
    """Yield the engine of each stage, from the workspace's and the environments' stacks."""
    environments = find(workspace, _ENVIRONMENTS)
    names = environments.entries if isinstance(environments, MappingNode) else ()
    for stack in (_STACK, *((*_ENVIRONMENTS, name, "stack") for name in names)):
        for stage in choice.STAGES:
            engine_name = find(workspace, (*stack, stage, "engine"))
            if isinstance(engine_name, Scalar) and isinstance(engine_name.value, str):
                yield (*stack, stage), engine_name
