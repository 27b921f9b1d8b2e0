"""`mlopsctl render`: write the tree, or with --check say whether the committed one is what a render would write."""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import click
from msgspec.structs import replace

from mlopsctl import __version__, cli
from mlopsctl.cli import project as projects
from mlopsctl.cli import report, repository


@click.command(name="render")
@click.argument("path", required=False)
@click.option("--check", "checking", is_flag=True, help="Write nothing; exit 3 when the tree is stale or edited.")
@click.option("--output", help="The folder to write to, inside the repository.")
@click.option("--env", "environments", multiple=True, help="Only this environment; may be given again.")
@click.option("--origins", "mapping", is_flag=True, help="With a map beside each unit: which line comes from where.")
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

    PATH is a workspace, a spec or a folder; left out, the nearest one here or above.
    """
    from mlopsctl.compile import check, ready, render

    # The process ends with the compile, and a compile makes no garbage that goes in circles.
    gc.disable()
    project = projects.load(path)
    documents = project.documents
    if output:
        named = projects.output_folder(project, Path(output).resolve())
        documents = replace(documents, output=named.relative_to(project.root).as_posix())
    projects.known_environments(project, environments)
    shared, found = check(documents, environments) if documents.systems else ((), ())
    names = tuple(one.environment for one in shared)
    diagnostics = (*project.diagnostics, *found)
    if not ready(diagnostics) or not shared:
        report.show(diagnostics, names, project.root, output_format)
        click.echo("nothing was rendered", err=True)
        return cli.ERRORS
    folder = projects.output_folder(project, (project.root / shared[0].place.path).parents[1].resolve())
    trees = _trees(project, shared, _mapped if mapping else render)
    partial = bool(environments)
    if output:  # somewhere else than the workspace says: what its pull requests are checked by stays as it is
        code, told = (_compare if checking else _write)(folder, trees, project.root, partial)
    else:
        code, told = _with_repository(project, shared[0], folder, trees, partial=partial, checking=checking)
    report.show((*diagnostics, *told), names, project.root, output_format)
    return code


def _mapped(shared: Any) -> dict[str, Any]:
    """Render an environment with a map in each unit."""
    from mlopsctl.blueprint.origins.paths import owner_of
    from mlopsctl.compile import render_with_origins
    from mlopsctl.explain.map import mapped

    return {unit: mapped(files, owner_of(unit, shared)) for unit, files in render_with_origins(shared).items()}


def _with_repository(
    project: projects.Project, shared: Any, folder: Path, trees: Mapping[str, Any], *, partial: bool, checking: bool
) -> tuple[int, Any]:
    """Compare or write the tree, and the files that lie outside of it; nothing where one of those cannot be written."""
    beside = repository.compare(project, shared)
    if checking:
        code, told = _compare(folder, trees, project.root, partial)
        repository.tell(beside)
        return (code if beside.clean else cli.CHANGED), (*told, *beside.diagnostics)
    if not beside.ok:
        return cli.ERRORS, beside.diagnostics
    code, told = _write(folder, trees, project.root, partial)
    beside = repository.write(project, shared) if code == cli.OK else beside
    return (code if beside.ok else cli.ERRORS), (*told, *beside.diagnostics)


def _trees(project: projects.Project, shared: Any, render: Callable[[Any], Any]) -> dict[str, Any]:
    """Render every environment; its index names each input with its hash."""
    from mlopsctl.compile import inputs
    from mlopsctl.tree.plan import EnvironmentTree

    hashes = {
        name: hashlib.sha256((project.root / name).read_bytes()).hexdigest()
        for name in sorted(inputs(project.documents))
    }
    return {one.environment: EnvironmentTree(render(one), {"inputs": hashes}, __version__) for one in shared}


def _write(folder: Path, trees: Mapping[str, Any], root: Path, partial: bool) -> tuple[int, Any]:
    from mlopsctl.tree.write import write

    done = write(folder, trees, within=root, partial=partial)
    name = folder.relative_to(root)
    if not done.ok:
        return cli.ERRORS, done.diagnostics
    for unit in done.changed:
        counts = (("added", unit.added), ("changed", unit.changed), ("removed", unit.removed))
        told = ", ".join(f"{len(paths)} {word}" for word, paths in counts if paths)
        click.echo(f"{unit.verdict:<9} {name}/{unit.environment}/{unit.system}  ({told})")
    still = len(done.units) - len(done.changed)
    if still:
        click.echo(f"unchanged {still} unit{'s' * (still != 1)} below {name}")
    return cli.OK, done.diagnostics


def _compare(folder: Path, trees: Mapping[str, Any], root: Path, partial: bool) -> tuple[int, Any]:
    from mlopsctl.tree.compare import compare

    found = compare(folder, trees, within=root, partial=partial)
    name = folder.relative_to(root)
    edited = set(found.edited)
    for word, paths in (("missing", found.added), ("stale", found.changed), ("left over", found.removed)):
        for path in paths:
            click.echo(f"{'edited by hand' if path in edited else word}: {name}/{path}")
    for path in found.stale_indexes:
        click.echo(f"stale: {name}/{path}")
    for unit in found.units:
        for path in unit.foreign:
            click.echo(f"not rendered: {name}/{unit.environment}/{unit.system}/{path}")
    if found.clean:
        return cli.OK, found.diagnostics
    click.echo("the tree is not what the specs say: run `mlopsctl render` and commit the result", err=True)
    return cli.CHANGED, found.diagnostics
