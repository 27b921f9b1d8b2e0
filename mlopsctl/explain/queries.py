"""Answer where a rendered line comes from, and what a line of a spec affects.

The specs are compiled and rendered again in memory, so an answer is always current, and a normal render has no
overhead.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace

from mlopsctl.blueprint.decide.names import SHARED
from mlopsctl.blueprint.model.blueprint import Shared
from mlopsctl.blueprint.provenance.paths import LOCK, WORKSPACE, SpecPath, documents, owner_of
from mlopsctl.compiler import check, ready, render_with_origins
from mlopsctl.diagnostics.model import Diagnostic
from mlopsctl.diagnostics.render import json as json_format
from mlopsctl.diagnostics.suggest import did_you_mean
from mlopsctl.errors import ProjectError, UsageError
from mlopsctl.explain import document, rendered
from mlopsctl.explain.document import Json, Source
from mlopsctl.explain.pieces import about_line, pieces
from mlopsctl.explain.places import Places
from mlopsctl.project import discovery as projects
from mlopsctl.project.affected_specs import of_system
from mlopsctl.resolve.documents import name_of
from mlopsctl.tree.fileset import FileSet

OVERRIDE = 3
"""The number of keys of a path to an environment's override."""


class Explanation(NamedTuple):
    """An answer as plain data, with paths relative to `root`, and a diagnostic if the file is not as rendered."""

    document: Json
    root: Path
    finding: Diagnostic | None = None
    environment: str = ""


def rendered_file(path: Path, line: int | None) -> Explanation:
    """Explain a rendered file, one line of it, or every file of a folder.

    Raises UsageError for a path or line that does not exist, ProjectError if the specs have errors.
    """
    if not path.exists():
        siblings = sorted(entry.name for entry in path.parent.iterdir()) if path.parent.is_dir() else []
        raise UsageError(f"`{path}` does not exist; {did_you_mean(path.name, siblings)}".rstrip("; "))
    location = rendered.indexed_path(path.resolve()) if path.is_file() or path.is_dir() else None
    if location is None:
        raise UsageError(f"`{path}` lies in no rendered tree: there is no `.mlopsctl.json` above it")
    project, query = _compile_for(path, location)
    if path.is_dir():
        return Explanation({"version": 1, "files": list(_files(query))}, project.root)
    answer, diagnostic = _file(path, line, query)
    return Explanation(answer, project.root, diagnostic, location.environment)


class _Query(NamedTuple):
    """The query, and the currently rendered files of each unit."""

    location: rendered.IndexedPath
    units: Mapping[str, FileSet]
    shared: Shared
    places: Places

    def name(self, unit: str, path: str) -> str:
        """Return a file's path from the project's root."""
        return "/".join((self.shared.place.path.rpartition("/")[0], unit, path))


def _compile_for(path: Path, location: rendered.IndexedPath) -> tuple[projects.Project, _Query]:
    """Compile the specs of a rendered file: for a system's file, only the system and related ones."""
    main = _main(path, location)
    project = of_system(main, location.unit) if location.unit not in ("", SHARED) else None
    query = _compile(project, location) if project else None
    if project is None or query is None or location.unit not in query.units:
        project = projects.load(str(main))
        query = _compile(project, location)
    return project, query


def _compile(project: projects.Project, location: rendered.IndexedPath) -> _Query:
    """Render one environment in memory, below the folder of the file."""
    output = location.output.relative_to(project.root).as_posix()
    documents = replace(project.documents, output=output)
    shared = _compiled(replace(project, documents=documents), (location.environment,))[0]
    return _Query(location, render_with_origins(shared), shared, Places(documents, location.environment))


def _main(path: Path, location: rendered.IndexedPath) -> Path:
    """Find the specs of a tree: its index contains them, relative to the project's root."""
    specs = [name for name in location.inputs if not name.endswith(projects.LOCK)]
    root = next((up for up in location.output.parents if all((up / name).is_file() for name in location.inputs)), None)
    if root is None or not specs:
        raise UsageError(f"the specs that `{path}` was rendered from are not there: {', '.join(location.inputs)}")
    return root / specs[0]


def _compiled(project: projects.Project, environments: tuple[str, ...]) -> tuple[Shared, ...]:
    """Compile the specs; raise ProjectError with their errors."""
    projects.known_environments(project, environments)
    shared, compile_diagnostics = check(project.documents, environments) if project.documents.systems else ((), ())
    diagnostics = (*project.diagnostics, *compile_diagnostics)
    if not ready(diagnostics) or not shared:
        names = tuple(environment.environment for environment in shared)
        raise ProjectError(diagnostics, names, project.root)
    return shared


def _files(query: _Query) -> Iterator[Json]:
    """Yield the origins of each file of a folder: of an environment, of a unit or of a folder inside."""
    below = f"{query.location.path}/" if query.location.path else ""
    for unit, files in query.units.items():
        owner = owner_of(unit, query.shared)
        for file in files if query.location.unit in ("", unit) else ():
            if file.path.startswith(below):
                about = [document.piece(piece, query.places) for piece in pieces(file.content, owner)]
                yield {"file": query.name(unit, file.path), "pieces": about}


def _file(path: Path, line: int | None, query: _Query) -> tuple[Json, Diagnostic | None]:
    """Return the origins of a file or a line, and a diagnostic if it is not as rendered."""
    on_disk = rendered.text(path.resolve())
    count = on_disk.count("\n") + (not on_disk.endswith("\n"))
    if line is not None and not 1 <= line <= count:
        raise UsageError(f"`{path}` has {count} lines, and no line {line}")
    unit = query.location.unit
    content = next((file.content for file in query.units.get(unit, ()) if file.path == query.location.path), None)
    if content is None:
        raise UsageError(f"`{path}` is none of the files that the specs give now; run `mlopsctl render`")
    state = rendered.state(query.location, on_disk, content)
    at = rendered.line_of(on_disk, content, line or 1)
    name, owner = query.name(unit, query.location.path), owner_of(unit, query.shared)
    diagnostic = rendered.finding(state, name, line or 1, is_rendered=at is not None or line is None)
    answer: Json = {"version": 1, "file": name, "state": state, **({"line": line} if line else {})}
    if line is None:
        about = tuple(pieces(content, owner))
    else:
        answer["text"] = on_disk.split("\n")[line - 1]
        about = about_line(content, at, owner) if at else ()
    answer["pieces"] = [document.piece(piece, query.places) for piece in about]
    answer["diagnostics"] = [json_format.finding(diagnostic)] if diagnostic else []
    return answer, diagnostic


def spec_path(document_name: str | None, dotted: str, path: str | None, environments: tuple[str, ...]) -> Explanation:
    """List the files that a path of a spec, of the workspace or of the lock affects.

    Raises UsageError for a path that no document has, ProjectError if the specs have errors.
    """
    project = projects.load(path)
    keys = _keys(dotted)
    if keys[:2] == ("spec", "overrides") and len(keys) > OVERRIDE:
        # An override stands for the overridden value, in its environment.
        environments, keys = (keys[2],), ("spec", *".".join(keys[OVERRIDE:]).split("."))
    compiled = _compiled(project, environments)
    places = {shared.environment: Places(project.documents, shared.environment) for shared in compiled}
    spec_paths = _candidates(document_name, keys, list(places.values()), _focus(project))
    document_names = frozenset(path_.document for path_ in spec_paths)
    sources = {shared.environment: tuple(_sources(shared, document_names)) for shared in compiled}
    answer: Json = {"version": 1, "paths": []}
    for candidate in spec_paths:
        where = [place.place_of(candidate) for place in places.values()]
        set_at = next((origin for origin in where if origin.is_set), where[0])
        reaches = {
            environment: list(document.reached(candidate, environment_sources))
            for environment, environment_sources in sources.items()
        }
        answer["paths"].append({"origin": document.place(set_at), "reaches": reaches})
    return Explanation(answer, project.root)


def _keys(dotted: str) -> tuple[str, ...]:
    """Split a path at its dots, except those between quotes: image names contain dots."""
    outside = dotted.split('"')
    keys: list[str] = []
    for number, part in enumerate(outside):
        keys += [part] if number % 2 else [key for key in part.split(".") if key]
    return tuple(keys)


def _focus(project: projects.Project) -> str | None:
    """Return the system of the given spec, or of the current folder."""
    return next((name_of(system.node) for system in project.documents.systems if system.file == project.focus), None)


def _candidates(
    document_name: str | None, keys: tuple[str, ...], places: list[Places], focus: str | None
) -> tuple[SpecPath, ...]:
    """Return the candidates for a path: in the named document, otherwise in every system that has it."""
    known_documents = tuple(dict.fromkeys(name for place in places for name in place.documents))
    systems = tuple(name for name in known_documents if name not in (WORKSPACE, LOCK))
    documents = (
        (document_name or focus,) if document_name or focus else (LOCK,) if keys[0] == "environments" else systems
    )
    candidates = [SpecPath(str(name), keys) for name in documents]
    faults = {candidate: [place.unknown(candidate) for place in places] for candidate in candidates}
    spec_paths = tuple(candidate for candidate, whys in faults.items() if None in whys)
    set_paths = tuple(
        candidate for candidate in spec_paths if any(place.place_of(candidate).is_set for place in places)
    )
    if not spec_paths:
        raise UsageError(str(next(iter(faults.values()))[0]))
    return set_paths or spec_paths


def _sources(shared: Shared, document_names: frozenset[str]) -> Iterator[Source]:
    """Yield the files of an environment that may originate from one of the given documents."""
    home = shared.place.path.rpartition("/")[0]
    for unit, files in render_with_origins(shared).items():
        owner = owner_of(unit, shared)
        for file in files if document_names & documents(owner) else ():
            yield Source(f"{home}/{unit}/{file.path}", unit, file.path, tuple(pieces(file.content, owner)))
