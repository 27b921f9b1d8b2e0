"""The portability report of `mlopsctl plan --stack STAGE=ENGINE[@VERSION]`: the effects of another engine.

Exits with 1 if the other stack rejects the current specs. It is rendered in memory; nothing is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import click
from msgspec.structs import replace

from mlopsctl import __version__, cli
from mlopsctl.blueprint.model.blueprint import Shared
from mlopsctl.blueprint.model.platform import Engine
from mlopsctl.cli import output as report
from mlopsctl.cli import terminal
from mlopsctl.cli.views.formats import PORTABILITY
from mlopsctl.diagnostics.model import Diagnostic, Severity
from mlopsctl.diagnostics.render.formats import Page
from mlopsctl.diagnostics.suggest import did_you_mean
from mlopsctl.portability.model import Ported, Swap
from mlopsctl.project import discovery as projects
from mlopsctl.resolve.documents import Documents, name_of
from mlopsctl.resolve.engine_override import STAGES, Choice, EngineOverride, known_engines, overrides
from mlopsctl.secrets.values import concealed
from mlopsctl.source.node import Scalar, find


def portability(
    project: projects.Project, choices: Sequence[str], environments: Sequence[str], output_format: str
) -> int:
    """Print the effects of the choices in each environment, or in the given ones."""
    from mlopsctl.compiler import check, ready
    from mlopsctl.portability.views import json as portability_json

    projects.known_environments(project, environments)
    chosen = _one_choice_a_stage([_choice(text) for text in choices])
    shared, diagnostics = check(project.documents, environments) if project.documents.systems else ((), ())
    if not shared or not ready((*project.diagnostics, *diagnostics)):
        report.show(
            (*project.diagnostics, *diagnostics),
            tuple(environment.environment for environment in shared),
            project.root,
            "text",
        )
        terminal.echo("cannot compare stacks: fix the errors above first", err=True)
        return cli.ERRORS
    engine_overrides = overrides(project.documents, chosen)
    contents = portability_json.document(
        _ported(project, environment.environment, engine_overrides[environment.environment]) for environment in shared
    )
    terminal.show(PORTABILITY[output_format](concealed(contents), Page()), output_format)
    return cli.ERRORS if contents["refused"] else cli.OK


def _choice(text: str) -> Choice:
    """Read `serving=kserve@0.20`."""
    stage, sign, rest = text.partition("=")
    if not sign or not rest:
        raise click.UsageError(f"--stack must be STAGE=ENGINE or STAGE=ENGINE@VERSION, not `{text}`")
    if stage not in STAGES:
        hint = did_you_mean(stage, STAGES) or f"stages: {', '.join(STAGES)}"
        raise click.UsageError(f"there is no stage `{stage}`; {hint}")
    name, _, version = rest.partition("@")
    names = known_engines(stage)
    if name not in names:
        hint = did_you_mean(name, names) or f"engines: {', '.join(names)}"
        raise click.UsageError(f"stage {stage} has no engine `{name}`; {hint}")
    return Choice(stage, name, version)


def _one_choice_a_stage(choices: list[Choice]) -> list[Choice]:
    """Return the choices; raise a usage error for two choices of one stage."""
    for number, choice in enumerate(choices):
        if any(other.stage == choice.stage for other in choices[:number]):
            raise click.UsageError(f"stage {choice.stage} is given twice: choose one engine per stage")
    return choices


def _ported(project: projects.Project, environment: str, engine_overrides: Mapping[str, EngineOverride]) -> Ported:
    """Compile one environment with both stacks, and compare; an engine with a missing setting is skipped."""
    from mlopsctl.compiler import check
    from mlopsctl.portability.report import Side, lacking, ported

    documents, only = project.documents, (environment,)
    instead = {environment: {stage: other.section for stage, other in engine_overrides.items() if not other.needs}}
    (now,), diagnostics = check(documents, only)
    (then,), would = check(documents, only, broken=True, instead=instead)
    needed = [
        finding
        for stage, other in engine_overrides.items()
        for finding in lacking(stage, other.choice.engine, other.needs)
    ]
    systems = {system.file: name_of(system.node) or system.file for system in documents.systems}
    refused = _rejected_systems((*would, *needed), systems)
    counted = [_without(side, refused) for side in (now, then)]
    files = [_files(side) for side in counted]
    swaps = tuple(_swap(stage, now, other, documents) for stage, other in engine_overrides.items())
    after = Side(then, (*would, *needed), files[1])
    return ported(Side(now, diagnostics, files[0]), after, swaps, systems, tuple(sorted(refused)))


def _rejected_systems(diagnostics: Iterable[Diagnostic], systems: Mapping[str, str]) -> set[str]:
    """Return the systems that could not be rendered; an error in shared objects affects all of them."""
    errors = [diagnostic for diagnostic in diagnostics if diagnostic.severity is Severity.ERROR]
    files = {error.place.span.file if error.place else "" for error in errors}
    return {systems[file] for file in files if file in systems} if files <= set(systems) else set(systems.values())


def _without(shared: Shared, refused: set[str]) -> Shared:
    return replace(shared, systems=tuple(system for system in shared.systems if system.identity.system not in refused))


def _files(shared: Shared) -> dict[str, dict[str, str]]:
    from mlopsctl.compiler import render, render_repository

    if not shared.systems:
        return {}
    units = {unit: {str(file.path): file.content for file in files} for unit, files in render(shared).items()}
    hosted = {f"ci/{file.path}": file.content for file in render_repository(shared, __version__)}
    return {**units, "repository": hosted}


def _swap(stage: str, now: Shared, other: EngineOverride, documents: Documents) -> Swap:
    """Return which engine replaces which one, the settings it needs, and the specs that set their own engine."""
    from mlopsctl.portability.report import swap

    section = other.section
    after = Engine(section.engine, str(getattr(section, "version", "")), {})
    change = swap(stage, getattr(now.engines, stage), after, other.settings_of)
    pinned = tuple(_naming(documents, stage, section.engine))
    return replace(change, needs=other.needs, left=other.dropped, pinned=pinned)


def _naming(documents: Documents, stage: str, engine: str) -> Iterator[str]:
    """Yield the systems whose spec sets its own engine for the stage, as checks allow."""
    for document in documents.systems:
        named_engine = find(document.node, ("spec", stage, "engine"))
        if isinstance(named_engine, Scalar) and named_engine.value != engine:
            yield name_of(document.node) or document.file
