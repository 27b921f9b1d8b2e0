"""Prepare a local verb: compile the spec for one environment with local stores, and write it to `.mlops/`."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from mlopsctl.errors import OperationError, ProjectError, UsageError
from mlopsctl.project import discovery as projects

if TYPE_CHECKING:
    from mlopsctl.blueprint.model.blueprint import Blueprint, Shared
    from mlopsctl.diagnostics.model import Diagnostic
    from mlopsctl.resolve.documents import Documents
    from mlopsctl.runtime.local.layout import Layout
    from mlopsctl.source.node import Node

_LOCAL = "local"
_LIBRARIES = ("pandas", "sklearn", "mlflow", "feast", "deepchecks")


class PreflightError(ProjectError):
    """The user's code or a file would fail a step."""


class LocalSystem(NamedTuple):
    """One system, compiled for this machine; `root` is its project's, `written` its spec and workspace file."""

    blueprint: Blueprint
    layout: Layout
    root: Path
    source_files: tuple[Path, ...]


def need_libraries() -> None:
    """Raise an error if the extra `run` is not installed."""
    lacking = [name for name in _LIBRARIES if find_spec(name) is None]
    if lacking:
        raise UsageError(
            f"the Python package `{lacking[0]}` is not installed; the steps need an extra: pip install 'mlopsctl[run]'"
        )


def prepare(path: str | None, environment: str | None, *, preflight: bool = False) -> LocalSystem:
    """Compile the spec, and write the Blueprint and the feature repository that steps read.

    With `preflight`, code and files are checked first. Raises ProjectError if the specs of the system, or of
    systems that it reads, have errors; PreflightError if code or a file would fail a step.
    """
    from mlopsctl.compiler import check, ready
    from mlopsctl.runtime.local.layout import Layout
    from mlopsctl.runtime.local.local_stores import localised

    project = projects.load(path)
    shared, check_diagnostics = check(_without_signatures(project.documents), (environment,) if environment else ())
    names = tuple(environment_shared.environment for environment_shared in shared)
    all_diagnostics = (*project.diagnostics, *check_diagnostics)
    diagnostics = [item for item in all_diagnostics if projects.concerns(item, project.focus)]
    if not ready(diagnostics):
        raise ProjectError(tuple(diagnostics), names, project.root)
    if not shared:
        raise UsageError(f"there is no environment `{environment}`")
    chosen = _environment(shared, environment)
    file, system = _system(project, chosen)
    chosen = _with_what_it_reads(chosen, system)
    read = [blueprint.identity.system for blueprint in chosen.systems]
    diagnostics = [
        item for item in all_diagnostics if any(projects.concerns(item, _file(project, name)) for name in read)
    ]
    if not ready(diagnostics):
        raise ProjectError(tuple(diagnostics), names, project.root)
    layout = Layout((project.root / file).parent)
    local_shared = localised(chosen, layout, Path(os.path.relpath(layout.home, project.home)).as_posix())
    blueprint = next(blueprint for blueprint in local_shared.systems if blueprint.identity.system == system)
    faults = _faults(project, blueprint, layout) if preflight else []
    if faults:
        raise PreflightError(tuple(faults), names, project.root)
    _same_place(layout)
    _write(layout, local_shared, blueprint)
    workspace = project.documents.workspace
    written = (file, *([workspace.file] if workspace else []))
    return LocalSystem(blueprint, layout, project.root, tuple(project.root / path for path in written))


def _with_what_it_reads(shared: Shared, system: str) -> Shared:
    """Return the environment with one system and those whose features it reads: others may have errors."""
    from msgspec.structs import replace

    features = next(blueprint for blueprint in shared.systems if blueprint.identity.system == system).features
    sets = features.sets if features else ()
    read = {view.system for feature_set in sets for view in feature_set.lookups} | {
        field.system for feature_set in sets for field in feature_set.fields
    }
    return replace(
        shared, systems=tuple(blueprint for blueprint in shared.systems if blueprint.identity.system in {system, *read})
    )


def _file(project: projects.Project, system: str) -> str | None:
    """Return a system's spec."""
    from mlopsctl.resolve.documents import name_of

    return next((document.file for document in project.documents.systems if name_of(document.node) == system), None)


def _faults(project: projects.Project, blueprint: Blueprint, layout: Layout) -> list[Diagnostic]:
    """Check the user's code and files, and report what would fail a step at its place in the spec."""
    from mlopsctl.diagnostics.codes import local as codes
    from mlopsctl.resolve.landscape import resolve
    from mlopsctl.runtime.local import preflight

    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
    faults = preflight.faults(blueprint, layout.home, path)
    if not faults:
        return []
    identity = blueprint.identity
    landscape = next(
        landscape for landscape in resolve(project.documents)[0] if landscape.environment.name == identity.environment
    )
    origin = landscape.systems[identity.system].origin
    return [
        (codes.CODE if fault.of_code else codes.FILE).at(
            origin.value(*fault.field.split(".")), fault.message, path=fault.field
        )
        for fault in faults
    ]


_LOCKED = ("environments", "*", "models", "*")


def _without_signatures(documents: Documents) -> Documents:
    """Remove the training inputs of locked versions: features may have changed, and a local run trains again."""
    from msgspec.structs import replace

    lock = documents.lock
    if lock is None:
        return documents
    return replace(documents, lock=lock._replace(node=_without_signature(lock.node, _LOCKED)))


def _without_signature(node: Node, path: tuple[str, ...]) -> Node:
    from mlopsctl.source.node import Mapping as Keys

    if not isinstance(node, Keys):
        return node
    if not path:
        return node._replace(entries={key: entry for key, entry in node.entries.items() if key != "signature"})
    return node._replace(
        entries={
            key: entry._replace(value=_without_signature(entry.value, path[1:])) if path[0] in ("*", key) else entry
            for key, entry in node.entries.items()
        }
    )


def _environment(shared: tuple[Shared, ...], name: str | None) -> Shared:
    """Choose the environment: the given one, otherwise `local`, otherwise the only one."""
    matching = [environment for environment in shared if environment.environment == name] if name else []
    matching = matching or [environment for environment in shared if environment.environment == _LOCAL] or list(shared)
    if len(matching) != 1:
        raise UsageError(f"choose an environment with --env: {', '.join(e.environment for e in matching)}")
    return matching[0]


def _system(project: projects.Project, shared: Shared) -> tuple[str, str]:
    """Choose the system: the given spec, otherwise the only one; return its file and name."""
    from mlopsctl.source.node import Scalar, find

    files = {}
    for document in project.documents.systems:
        name = find(document.node, ("metadata", "name"))
        if isinstance(name, Scalar) and project.focus in (None, document.file):
            files[str(name.value)] = document.file
    candidates = {name: file for name, file in files.items() if name in {s.identity.system for s in shared.systems}}
    if len(candidates) != 1:
        raise UsageError(f"choose one spec to run: {', '.join(sorted(files.values()))}")
    return next((file, system) for system, file in candidates.items())


def _same_place(layout: Layout) -> None:
    """Reject a folder that was moved or copied: its registry contains absolute paths of packages."""
    path = layout.folder / "place"
    home = str(layout.home)
    if path.is_file() and path.read_text(encoding="utf-8") != home:
        former = path.read_text(encoding="utf-8")
        raise OperationError(
            f"{layout.folder} was created at {former} and refers to files there: delete it to start over"
        )
    layout.folder.mkdir(parents=True, exist_ok=True)
    _update({path: home})


def _write(layout: Layout, shared: Shared, blueprint: Blueprint) -> None:
    """Write the inputs of steps, if they have changed."""
    from mlopsctl.blueprint import codec
    from mlopsctl.engines.known import engine

    for folder in (layout.features, layout.steps, layout.logs, layout.metrics, layout.feature_registry.parent):
        folder.mkdir(parents=True, exist_ok=True)
    contents = {layout.folder / ".gitignore": "*\n", layout.blueprint: codec.dumps(blueprint)}
    store = engine("features", shared.engines.features.name, shared.engines.features.version)
    render = store.renderer.shared if store and store.folder else None
    for path, content, *_ in render(shared).files if render else ():
        inside, _, name = str(path).rpartition("/")
        if inside == "repo":
            contents[layout.features / name] = content
    for left_over in layout.features.glob("*.py"):
        if left_over not in contents:
            left_over.unlink()
    _update(contents)


def _update(contents: Mapping[Path, str]) -> None:
    for file, content in contents.items():
        if not file.is_file() or file.read_text(encoding="utf-8") != content:
            partial = file.with_name(f".{file.name}.partial")
            partial.write_text(content, encoding="utf-8")
            partial.replace(file)
