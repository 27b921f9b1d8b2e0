"""The public API: compile a project from Python. `mlopsctl` exports these names; docs/api.md shows them in use.

Nothing here prints, exits or changes the environment. Errors are those of `mlopsctl.errors`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from mlopsctl import __version__
from mlopsctl.blueprint.model.blueprint import Blueprint, Shared
from mlopsctl.diagnostics.model import Diagnostic, has_errors
from mlopsctl.errors import SpecError, UsageError
from mlopsctl.project.discovery import Project, known_environments, load, output_folder

if TYPE_CHECKING:
    from mlopsctl.plan.model import Plan
    from mlopsctl.tree.fileset import FileSet
    from mlopsctl.tree.plan import EnvironmentTree
    from mlopsctl.tree.write import Report

__all__ = ["Checked", "Rendered", "blueprint", "check", "load", "plan", "render", "write"]


class Checked(Struct, frozen=True):
    """A project that was validated.

    `environments` has one entry per environment with the Blueprints of its systems; a system with an error has none.
    """

    environments: tuple[Shared, ...]
    diagnostics: tuple[Diagnostic, ...]

    @property
    def ok(self) -> bool:
        """Return whether there is something to render and no error."""
        return bool(self.environments) and not has_errors(self.diagnostics)


class Rendered(Struct, frozen=True):
    """A rendered tree in memory: `trees` by environment, and the folder that `write` puts them in."""

    root: Path
    folder: Path
    trees: Mapping[str, EnvironmentTree]
    partial: bool = False

    def files(self) -> dict[str, str]:
        """Return the text of every file by its path below the output folder."""
        return {
            f"{environment}/{unit}/{file.path}": file.content
            for environment, tree in self.trees.items()
            for unit, files in tree.units.items()
            for file in files
        }


def check(project: Project, environments: Sequence[str] = ()) -> Checked:
    """Validate every spec of a project in every environment, or in those named.

    Raises UsageError for an environment that the workspace does not have.
    """
    checked = check_workspace(project, environments)
    return checked if project.documents.systems else Checked((), checked.diagnostics)


def check_workspace(project: Project, environments: Sequence[str] = ()) -> Checked:
    """Validate as `check` does, and a workspace that has no system yet as well."""
    from mlopsctl import compiler

    known_environments(project, environments)
    shared, diagnostics = compiler.check(project.documents, environments)
    return Checked(shared, tuple(dict.fromkeys((*project.diagnostics, *diagnostics))))


def check_tree(project: Project, environments: Sequence[str] = ()) -> Checked:
    """Validate as `check` does, and report what a run on one machine can do without and a tree cannot."""
    from mlopsctl import compiler

    checked = check(project, environments)
    more = compiler.unrendered(project.documents, checked.environments) if checked.ok else ()
    return Checked(checked.environments, (*checked.diagnostics, *more))


def blueprint(project: Project, environment: str, system: str) -> Blueprint:
    """Return everything decided about one system in one environment.

    Raises SpecError where the specs have errors, UsageError where there is no such system or environment.
    """
    for shared in _valid(project, (environment,)).environments:
        for decided in shared.systems:
            if decided.identity.system == system:
                return decided
    raise UsageError(f"there is no system `{system}` in environment `{environment}`")


def render(project: Project, environments: Sequence[str] = (), output: str | Path | None = None) -> Rendered:
    """Render a project in memory. `output` is another folder than the workspace's, inside the project's root.

    Raises SpecError where the specs have errors.
    """
    if output is not None:
        project = with_output(project, (project.root / output).resolve())
    checked = check_tree(project, environments)
    if not checked.ok:
        raise SpecError(checked.diagnostics)
    return rendered(project, checked.environments, partial=bool(environments))


def with_output(project: Project, folder: Path) -> Project:
    """Return a project that renders into another folder below its root; UsageError for one outside."""
    output = output_folder(project, folder).relative_to(project.root).as_posix()
    return replace(project, documents=replace(project.documents, output=output))


def rendered(
    project: Project,
    environments: Sequence[Shared],
    *,
    partial: bool,
    renderer: Callable[[Shared], Mapping[str, FileSet]] | None = None,
) -> Rendered:
    """Render environments that were validated; the index of each names the project's documents with their hashes."""
    from mlopsctl import compiler
    from mlopsctl.tree.plan import EnvironmentTree

    hashes = {
        name: hashlib.sha256((project.root / name).read_bytes()).hexdigest()
        for name in sorted(compiler.inputs(project.documents))
    }
    folder = output_folder(project, (project.root / environments[0].place.path).parents[1].resolve())
    turn = renderer or compiler.render
    trees = {
        environment.environment: EnvironmentTree(turn(environment), {"inputs": hashes}, __version__)
        for environment in environments
    }
    return Rendered(project.root, folder, trees, partial)


def write(tree: Rendered) -> Report:
    """Write a rendered tree: every changed unit is replaced as a whole, or nothing changes.

    The report says what became of each unit; with an error among its diagnostics the old tree stands.
    """
    from mlopsctl.tree import write as writer

    return writer.write(tree.folder, tree.trees, within=tree.root, partial=tree.partial)


def plan(project: Project, against: str | None = None, environments: Sequence[str] = (), versions: int = 3) -> Plan:
    """Compare a project with a git ref or with the folder of another project; by default with the merge base.

    `versions` is how many earlier locked versions are tested for compatibility. Raises SpecError where the specs are
    not understood, UsageError for a ref or folder that is not there.
    """
    from mlopsctl.plan.project_plan import plan_project

    known_environments(project, environments)
    result = plan_project(project, against, environments, versions)
    if not isinstance(result, tuple):
        raise SpecError(result.diagnostics)
    compared: Plan = result[0]
    return compared


def _valid(project: Project, environments: Sequence[str]) -> Checked:
    """Validate a project and raise SpecError where there is an error, or nothing to compile."""
    checked = check(project, environments)
    if not checked.ok:
        raise SpecError(checked.diagnostics)
    return checked
