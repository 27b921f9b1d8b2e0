"""`mlopsctl render`: write the tree, or with --check compare it with the committed one."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mlopsctl import cli
from mlopsctl.cli import output as report
from mlopsctl.cli import terminal
from mlopsctl.cli.commands import repository_files
from mlopsctl.cli.group import Verb
from mlopsctl.project import discovery as projects

if TYPE_CHECKING:
    from mlopsctl.api import Rendered
    from mlopsctl.blueprint.model.blueprint import Shared
    from mlopsctl.diagnostics.model import Diagnostic
    from mlopsctl.tree.fileset import FileSet


@click.command(cls=Verb, name="render")
@click.argument("path", required=False)
@click.option("--check", "checking", is_flag=True, help="Write nothing; exit 3 when the tree is stale or edited.")
@click.option("--output-dir", "output", metavar="DIR", help="Folder to write to, inside the repository.")
@click.option("--env", "environments", multiple=True, help="Limit to this environment; repeatable.")
@click.option(
    "--origins", "mapping", is_flag=True, help="Also write a map of each unit: which line comes from which spec line."
)
@report.format_option
def command(
    path: str | None,
    checking: bool,
    output: str | None,
    environments: tuple[str, ...],
    mapping: bool,
    output_format: str,
) -> int:
    """Write the GitOps tree, or check that it is up to date.

    PATH is a workspace, a spec or a folder. Default: the nearest one in this folder or above it.
    """
    from mlopsctl import api

    # The process ends with the compile, and a compile creates no cyclic garbage.
    gc.disable()
    project = projects.load(path)
    if output:
        project = api.with_output(project, Path(output).resolve())
    checked = api.check_tree(project, environments)
    names = tuple(environment.environment for environment in checked.environments)
    if not checked.ok:
        report.show(checked.diagnostics, names, project.root, output_format)
        terminal.echo("nothing is rendered", err=True)
        return cli.ERRORS
    renderer = _mapped if mapping else None
    tree = api.rendered(project, checked.environments, partial=bool(environments), renderer=renderer)
    if output:  # another output folder: the CI files of the repository stay as they are
        code, diagnostics = (_compare if checking else _write)(tree)
    else:
        code, diagnostics = _with_repository(project, checked.environments[0], tree, checking=checking)
    report.show((*checked.diagnostics, *diagnostics), names, project.root, output_format)
    return code


def _mapped(shared: Shared) -> dict[str, FileSet]:
    """Render an environment with an origins map in each unit."""
    from mlopsctl.blueprint.provenance.paths import owner_of
    from mlopsctl.compiler import render_with_origins
    from mlopsctl.explain.map import mapped

    return {unit: mapped(files, owner_of(unit, shared)) for unit, files in render_with_origins(shared).items()}


def _with_repository(
    project: projects.Project, shared: Shared, tree: Rendered, *, checking: bool
) -> tuple[int, tuple[Diagnostic, ...]]:
    """Compare or write the tree and the files outside it; nothing is written if one of those cannot be."""
    outside = repository_files.compare(project, shared)
    if checking:
        code, diagnostics = _compare(tree)
        repository_files.report(outside)
        return (code if outside.clean else cli.CHANGED), (*diagnostics, *outside.diagnostics)
    if not outside.ok:
        return cli.ERRORS, outside.diagnostics
    code, diagnostics = _write(tree)
    outside = repository_files.write(project, shared) if code == cli.OK else outside
    return (code if outside.ok else cli.ERRORS), (*diagnostics, *outside.diagnostics)


def _write(tree: Rendered) -> tuple[int, tuple[Diagnostic, ...]]:
    from mlopsctl.api import write

    done = write(tree)
    name = tree.folder.relative_to(tree.root)
    if not done.ok:
        return cli.ERRORS, done.diagnostics
    for unit in done.changed:
        counts = (("added", unit.added), ("changed", unit.changed), ("removed", unit.removed))
        numbers = ", ".join(f"{len(paths)} {verdict}" for verdict, paths in counts if paths)
        terminal.echo(f"{unit.verdict:<9} {name}/{unit.environment}/{unit.system}  ({numbers})")
    still = len(done.units) - len(done.changed)
    if still:
        terminal.echo(f"unchanged {still} unit{'s' * (still != 1)} below {name}")
    return cli.OK, done.diagnostics


def _compare(tree: Rendered) -> tuple[int, tuple[Diagnostic, ...]]:
    from mlopsctl.tree.compare import compare

    comparison = compare(tree.folder, tree.trees, within=tree.root, partial=tree.partial)
    name = tree.folder.relative_to(tree.root)
    edited = set(comparison.edited)
    for verdict, paths in (
        ("missing", comparison.added),
        ("stale", comparison.changed),
        ("left over", comparison.removed),
    ):
        for path in paths:
            terminal.echo(f"{'edited by hand' if path in edited else verdict}: {name}/{path}")
    for stage in comparison.leftovers:
        terminal.echo(f"left over: {name}/{stage}/")
    for path in comparison.stale_indexes:
        terminal.echo(f"stale: {name}/{path}")
    foreign = [f"{unit.environment}/{unit.system}/{path}" for unit in comparison.units for path in unit.foreign]
    foreign += comparison.foreign
    for path in foreign:
        terminal.echo(f"not rendered: {name}/{path}")
    if comparison.clean:
        return cli.OK, comparison.diagnostics
    if comparison.out_of_date:
        terminal.echo("the tree is out of date: run `mlopsctl render` and commit the result", err=True)
    if foreign:
        terminal.echo("the output folder contains files that no render wrote: move or delete them", err=True)
    return cli.CHANGED, comparison.diagnostics
