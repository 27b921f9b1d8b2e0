"""Answer where a rendered line comes from, and what a line of a spec reaches.

In: what a person asked about. Out: the answer on standard output. The specs are compiled and rendered anew, in memory:
an answer is always true of what the specs say now, and an ordinary render pays nothing for it.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import click
from msgspec.structs import replace

from mlopsctl import cli
from mlopsctl.blueprint.model import Shared
from mlopsctl.blueprint.origins.paths import LOCK, WORKSPACE, SpecPath, documents, owner_of
from mlopsctl.cli import project as projects
from mlopsctl.cli import report
from mlopsctl.compile import check, ready, render_with_origins
from mlopsctl.diagnostics import json as json_format
from mlopsctl.diagnostics.model import Diagnostic
from mlopsctl.diagnostics.suggest import did_you_mean
from mlopsctl.diagnostics.text import Page
from mlopsctl.explain import document, rendered, text
from mlopsctl.explain.document import Json, Source
from mlopsctl.explain.pieces import about_line, pieces
from mlopsctl.explain.places import Places
from mlopsctl.resolve.documents import name_of
from mlopsctl.tree.fileset import FileSet

OVERRIDE = 3
"""So many keys lead to what an environment overrides."""


def rendered_file(path: Path, line: int | None, output_format: str) -> int:
    """Explain a rendered file, one line of it, or every file of a folder."""
    if not path.exists():
        beside = sorted(one.name for one in path.parent.iterdir()) if path.parent.is_dir() else []
        raise click.UsageError(f"`{path}` does not exist; {did_you_mean(path.name, beside)}".rstrip("; "))
    here = rendered.found(path.resolve()) if path.is_file() or path.is_dir() else None
    if here is None:
        raise click.UsageError(f"`{path}` lies in no rendered tree: there is no `.mlopsctl.json` above it")
    project = _project(path, here)
    compiled = _compiled(project, (here.environment,), output_format)
    if not compiled:
        return cli.ERRORS
    wanted = _Wanted(here, render_with_origins(compiled[0]), compiled[0], Places(project.documents, here.environment))
    if path.is_dir():
        answer: Json = {"version": 1, "files": list(_files(wanted))}
        _tell(answer, lambda told, _: "\n".join(text.file(one) for one in told["files"]), project.root, output_format)
        return cli.OK
    answer, found = _file(path, line, wanted)
    if found and output_format == "text":
        report.show((found,), (here.environment,), project.root, "text")
    _tell(answer, text.line if line else lambda told, _: text.file(told), project.root, output_format)
    return cli.OK


class _Wanted(NamedTuple):
    """What a person asked about, and what the specs give now: the files of each unit."""

    here: rendered.Found
    units: Mapping[str, FileSet]
    shared: Shared
    places: Places

    def name(self, unit: str, path: str) -> str:
        """Name a file from the project's root."""
        return "/".join((self.shared.place.path.rpartition("/")[0], unit, path))


def _project(path: Path, here: rendered.Found) -> projects.Project:
    """Find the specs that a tree was rendered from: its index names them, as seen from the project's root."""
    specs = [name for name in here.inputs if not name.endswith(projects.LOCK)]
    root = next((up for up in here.output.parents if all((up / name).is_file() for name in here.inputs)), None)
    if root is None or not specs:
        raise click.UsageError(f"the specs that `{path}` was rendered from are not there: {', '.join(here.inputs)}")
    project = projects.load(str(root / specs[0]))
    output = here.output.relative_to(project.root).as_posix()
    return replace(project, documents=replace(project.documents, output=output))


def _compiled(project: projects.Project, environments: tuple[str, ...], output_format: str) -> tuple[Shared, ...]:
    """Compile the specs; say what is wrong with them where that is in the way."""
    projects.known_environments(project, environments)
    shared, found = check(project.documents, environments) if project.documents.systems else ((), ())
    diagnostics = (*project.diagnostics, *found)
    if ready(diagnostics) and shared:
        return shared
    report.show(diagnostics, tuple(one.environment for one in shared), project.root, output_format)
    click.echo("nothing was explained", err=True)
    return ()


def _files(wanted: _Wanted) -> Iterator[Json]:
    """Yield what each file of a folder is about: of an environment's, of a unit's or of one inside."""
    below = f"{wanted.here.path}/" if wanted.here.path else ""
    for unit, files in wanted.units.items():
        owner = owner_of(unit, wanted.shared)
        for file in files if wanted.here.unit in ("", unit) else ():
            if file.path.startswith(below):
                about = [document.piece(one, wanted.places) for one in pieces(file.content, owner)]
                yield {"file": wanted.name(unit, file.path), "pieces": about}


def _file(path: Path, line: int | None, wanted: _Wanted) -> tuple[Json, Diagnostic | None]:
    """Return what a file or a line is about, and what is to be said where it is not as rendered."""
    on_disk = rendered.text(path.resolve())
    count = on_disk.count("\n") + (not on_disk.endswith("\n"))
    if line is not None and not 1 <= line <= count:
        raise click.UsageError(f"`{path}` has {count} lines, and no line {line}")
    unit = wanted.here.unit
    content = next((file.content for file in wanted.units.get(unit, ()) if file.path == wanted.here.path), None)
    if content is None:
        raise click.UsageError(f"`{path}` is none of the files that the specs give now; run `mlopsctl render`")
    state = rendered.state(wanted.here, on_disk, content)
    at = rendered.line_of(on_disk, content, line or 1)
    name, owner = wanted.name(unit, wanted.here.path), owner_of(unit, wanted.shared)
    found = rendered.finding(state, name, line or 1, known=at is not None or line is None)
    answer: Json = {"version": 1, "file": name, "state": state, **({"line": line} if line else {})}
    if line is None:
        about = tuple(pieces(content, owner))
    else:
        answer["text"] = on_disk.split("\n")[line - 1]
        about = about_line(content, at, owner) if at else ()
    answer["pieces"] = [document.piece(one, wanted.places) for one in about]
    answer["diagnostics"] = [json_format.finding(found)] if found else []
    return answer, found


def spec_path(
    named: str | None, dotted: str, path: str | None, environments: tuple[str, ...], output_format: str
) -> int:
    """Tell what a place of a spec, of the workspace or of the lock reaches."""
    project = projects.load(path)
    keys = _keys(dotted)
    if keys[:2] == ("spec", "overrides") and len(keys) > OVERRIDE:
        # What an override sets is that value, in its own environment.
        environments, keys = (keys[2],), ("spec", *".".join(keys[OVERRIDE:]).split("."))
    compiled = _compiled(project, environments, output_format)
    if not compiled:
        return cli.ERRORS
    places = {one.environment: Places(project.documents, one.environment) for one in compiled}
    wanted = _meant(named, keys, list(places.values()), _focus(project))
    asked = frozenset(one.document for one in wanted)
    sources = {one.environment: tuple(_sources(one, asked)) for one in compiled}
    answer: Json = {"version": 1, "paths": []}
    for one in wanted:
        where = [each.where(one) for each in places.values()]
        set_at = next((each for each in where if each.is_set), where[0])
        reaches = {environment: list(document.reached(one, found)) for environment, found in sources.items()}
        answer["paths"].append({"origin": document.place(set_at), "reaches": reaches})
    _tell(answer, text.reach, project.root, output_format)
    return cli.OK


def _keys(dotted: str) -> tuple[str, ...]:
    """Split a path at its dots, but for those between quotes: an image's name has some."""
    outside = dotted.split('"')
    keys: list[str] = []
    for number, part in enumerate(outside):
        keys += [part] if number % 2 else [key for key in part.split(".") if key]
    return tuple(keys)


def _focus(project: projects.Project) -> str | None:
    """Return the system whose spec a person named, or stands in the folder of."""
    return next((name_of(one.node) for one in project.documents.systems if one.file == project.focus), None)


def _meant(named: str | None, keys: tuple[str, ...], places: list[Places], focus: str | None) -> tuple[SpecPath, ...]:
    """Return the places that a person may mean: of the document that is named, else of every system that has one."""
    known = tuple(dict.fromkeys(name for one in places for name in one.documents))
    systems = tuple(name for name in known if name not in (WORKSPACE, LOCK))
    documents = (named or focus,) if named or focus else (LOCK,) if keys[0] == "environments" else systems
    asked = [SpecPath(str(name), keys) for name in documents]
    faults = {one: [each.unknown(one) for each in places] for one in asked}
    found = tuple(one for one, whys in faults.items() if None in whys)
    there = tuple(one for one in found if any(each.where(one).is_set for each in places))
    if not found:
        raise click.UsageError(str(next(iter(faults.values()))[0]))
    return there or found


def _sources(shared: Shared, asked: frozenset[str]) -> Iterator[Source]:
    """Yield the files of an environment that may come from one of the documents asked for."""
    home = shared.place.path.rpartition("/")[0]
    for unit, files in render_with_origins(shared).items():
        owner = owner_of(unit, shared)
        for file in files if asked & documents(owner) else ():
            yield Source(f"{home}/{unit}/{file.path}", unit, file.path, tuple(pieces(file.content, owner)))


def _tell(answer: Json, words: Callable[[Json, Page], str], root: Path, output_format: str) -> None:
    """Print an answer: as data with names from the project's root, or in words with names from the current folder."""
    if output_format == "json":
        click.echo(json.dumps(answer, indent=2))
        return
    colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    page = Page(report.source_lines(), {}, colour)
    click.echo(words(report.moved(answer, root), page), nl=False, color=colour)
