"""The portability report of `mlopsctl plan --stack STAGE=ENGINE[@VERSION]`: what another engine would mean.

In: a project and what a person chose. Out: the report, and an exit code: 1 where the specs as they are would be
refused. The other stack is decided and rendered in memory; nothing is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import click
from msgspec.structs import replace

from mlopsctl import __version__, cli
from mlopsctl.blueprint.model import Engine, Shared
from mlopsctl.change.portability_model import Ported, Swap
from mlopsctl.cli import project as projects
from mlopsctl.cli import report
from mlopsctl.diagnostics.model import Diagnostic, Severity
from mlopsctl.diagnostics.suggest import did_you_mean
from mlopsctl.resolve.documents import Documents, name_of
from mlopsctl.resolve.instead import STAGES, Choice, Standing, known_engines, standing
from mlopsctl.source.node import Scalar, find


def portability(
    project: projects.Project, choices: Sequence[str], environments: Sequence[str], output_format: str
) -> int:
    """Print what the choices would mean in each environment, or in those that are named."""
    from mlopsctl.change import portability_json
    from mlopsctl.compile import check, ready

    projects.known_environments(project, environments)
    chosen = _once([_choice(text) for text in choices])
    shared, found = check(project.documents, environments) if project.documents.systems else ((), ())
    if not shared or not ready((*project.diagnostics, *found)):
        report.show((*project.diagnostics, *found), tuple(one.environment for one in shared), project.root, "text")
        click.echo("no report was made: the specs have to be right before they can be moved", err=True)
        return cli.ERRORS
    others = standing(project.documents, chosen)
    made = portability_json.document(_ported(project, one.environment, others[one.environment]) for one in shared)
    click.echo(_text(made, output_format), nl=False)
    return cli.ERRORS if made["refused"] else cli.OK


def _text(made: dict[str, Any], output_format: str) -> str:
    if output_format == "json":
        from mlopsctl.change.portability_json import render
    elif output_format == "markdown":
        from mlopsctl.change.portability_markdown import render
    else:
        from mlopsctl.change.portability_text import render
    return render(made)


def _choice(text: str) -> Choice:
    """Read `serving=kserve@0.20`."""
    stage, sign, rest = text.partition("=")
    if not sign or not rest:
        raise click.UsageError(f"--stack wants STAGE=ENGINE or STAGE=ENGINE@VERSION, and `{text}` is not")
    if stage not in STAGES:
        hint = did_you_mean(stage, STAGES) or f"there are {', '.join(STAGES)}"
        raise click.UsageError(f"there is no stage `{stage}`; {hint}")
    name, _, version = rest.partition("@")
    known = known_engines(stage)
    if name not in known:
        hint = did_you_mean(name, known) or f"there are {', '.join(known)}"
        raise click.UsageError(f"stage {stage} has no engine `{name}`; {hint}")
    return Choice(stage, name, version)


def _once(choices: list[Choice]) -> list[Choice]:
    """Return the choices; two for one stage are two questions."""
    for number, one in enumerate(choices):
        if any(other.stage == one.stage for other in choices[:number]):
            raise click.UsageError(
                f"stage {one.stage} is given twice, and one engine stands there: ask for one at a time"
            )
    return choices


def _ported(project: projects.Project, environment: str, others: Mapping[str, Standing]) -> Ported:
    """Decide one environment twice, and compare. An engine that lacks a setting cannot be decided."""
    from mlopsctl.change.portability import Side, lacking, ported
    from mlopsctl.compile import check

    documents, only = project.documents, (environment,)
    instead = {environment: {stage: one.section for stage, one in others.items() if not one.needs}}
    (now,), found = check(documents, only)
    (then,), would = check(documents, only, broken=True, instead=instead)
    needed = [finding for stage, one in others.items() for finding in lacking(stage, one.choice.engine, one.needs)]
    systems = {one.file: name_of(one.node) or one.file for one in documents.systems}
    refused = _refused((*would, *needed), systems)
    counted = [_without(side, refused) for side in (now, then)]
    files = [_files(side) for side in counted]
    swaps = tuple(_swap(stage, now, one, documents) for stage, one in others.items())
    after = Side(then, (*would, *needed), files[1])
    return ported(Side(now, found, files[0]), after, swaps, systems, tuple(sorted(refused)))


def _refused(found: Iterable[Diagnostic], systems: Mapping[str, str]) -> set[str]:
    """Return the systems that could not be rendered; an error of what they share refuses all of them."""
    errors = [one for one in found if one.severity is Severity.ERROR]
    files = {one.place.span.file if one.place else "" for one in errors}
    return {systems[file] for file in files if file in systems} if files <= set(systems) else set(systems.values())


def _without(shared: Shared, refused: set[str]) -> Shared:
    return replace(shared, systems=tuple(one for one in shared.systems if one.identity.system not in refused))


def _files(shared: Shared) -> dict[str, dict[str, str]]:
    from mlopsctl.compile import render, render_repository

    if not shared.systems:
        return {}
    units = {unit: {str(file.path): file.content for file in files} for unit, files in render(shared).items()}
    hosted = {f"ci/{file.path}": file.content for file in render_repository(shared, __version__)}
    return {**units, "repository": hosted}


def _swap(stage: str, now: Shared, other: Standing, documents: Documents) -> Swap:
    """Say which engine would stand in which one's place, what it needs, and which specs name another themselves."""
    from mlopsctl.change.portability import swap

    section = other.section
    after = Engine(section.engine, str(getattr(section, "version", "")), {})
    made = swap(stage, getattr(now.engines, stage), after, other.settings_of)
    pinned = tuple(_naming(documents, stage, section.engine))
    return replace(made, needs=other.needs, left=other.left, pinned=pinned)


def _naming(documents: Documents, stage: str, engine: str) -> Iterator[str]:
    """Yield the systems whose spec names another engine for the stage itself, as it may for checks."""
    for document in documents.systems:
        named = find(document.node, ("spec", stage, "engine"))
        if isinstance(named, Scalar) and named.value != engine:
            yield name_of(document.node) or document.file
