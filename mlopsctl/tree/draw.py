"""Plan a render: what stands in the output folder against what should stand there.

In: the open output folder and the rendered environments. Out: a `Plan`. Writes nothing, and never looks
into folders that are neither rendered now nor listed by an index of ours.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from mlopsctl.diagnostics.codes import tree as codes
from mlopsctl.diagnostics.model import Diagnostic
from mlopsctl.tree import folder, index
from mlopsctl.tree.faults import at, shown
from mlopsctl.tree.fileset import FileSet
from mlopsctl.tree.index import Hashes, Index
from mlopsctl.tree.paths import SafePath, UnsafePath
from mlopsctl.tree.plan import EnvironmentPlan, EnvironmentTree, Plan, UnitChange, UnitPlan, Verdict
from mlopsctl.tree.survey import Survey, refusal, survey

OWN_PREFIX = ".mlopsctl"


def draw(base: int | None, environments: Mapping[str, EnvironmentTree], *, partial: bool) -> Plan:
    """Plan the render into the open folder `base` (None: there is none yet).

    With `partial`, environments that are not named stay as they are.
    """
    for name, tree in environments.items():
        _check_names(name, tree)
    root = _root(base, environments) if base is not None else _Root()
    plans = []
    for name in sorted({*environments, *(() if partial else root.ours)}):
        with at(shown(name)):
            there = base if name in root.folders else None
            plans.append(_environment(there, name, environments.get(name)))
    return Plan(
        tuple(plans),
        (*(f"{shown(name)}/" for name in root.foreign), *(path for plan in plans for path in plan.foreign)),
        (*root.diagnostics, *(finding for plan in plans for finding in plan.diagnostics)),
    )


def _check_names(name: str, tree: EnvironmentTree) -> None:
    for part in (name, *tree.units):
        if not _can_name(part):
            raise UnsafePath(f"{part!a} cannot name a folder of the output")


def _can_name(name: str) -> bool:
    """Tell whether an environment or a unit may have this name."""
    try:
        return len(SafePath.of(name).parts) == 1 and not name.startswith(OWN_PREFIX)
    except UnsafePath:
        return False


class _Root(NamedTuple):
    """The folders below the output folder: all, those with an index of ours, and the others."""

    folders: Collection[str] = ()
    ours: tuple[str, ...] = ()
    foreign: tuple[str, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


def _root(base: int, environments: Mapping[str, EnvironmentTree]) -> _Root:
    folders: set[str] = set()
    ours: list[str] = []
    foreign: list[str] = []
    diagnostics: list[Diagnostic] = []
    for name, kind in _entries(base):
        if kind == "link":
            diagnostics.append(refusal(codes.LINK, name))
        elif kind == "folder":
            folders.add(name)
            if name not in environments:
                (ours if _can_name(name) and _has_index(base, name) else foreign).append(name)
        elif name in environments:
            diagnostics.append(refusal(codes.BLOCKED, name))
    return _Root(folders, tuple(ours), tuple(foreign), tuple(diagnostics))


def _entries(fd: int) -> Iterator[tuple[str, str]]:
    """Yield name and kind of everything in a folder that is not our own scaffolding, by name."""
    with os.scandir(fd) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            if entry.is_symlink():
                yield entry.name, "link"
            elif entry.is_dir(follow_symlinks=False):
                if not entry.name.startswith(OWN_PREFIX):
                    yield entry.name, "folder"
            else:
                yield entry.name, "file" if entry.is_file(follow_symlinks=False) else "special"


def _has_index(base: int, name: str) -> bool:
    """Tell whether a folder that is no environment of this render was one of an earlier render."""
    with folder.opened(base, name) as fd:
        return index.read(fd, name)[0] is not None


def _environment(base: int | None, name: str, tree: EnvironmentTree | None) -> EnvironmentPlan:
    if base is None:
        return _units(None, name, tree, None)
    with folder.opened(base, name) as fd:
        old, broken = index.read(fd, name)
        plan = _units(fd, name, tree, old)
        ours = {*(old.units if old else ()), *(tree.units if tree else ())}
        foreign, diagnostics = _strangers(fd, name, ours)
        index_exists = folder.inode(fd, index.NAME) is not None
    diagnostics = (*broken, *diagnostics, *plan.diagnostics)
    return plan._replace(index_exists=index_exists, foreign=foreign, diagnostics=diagnostics)


def _units(fd: int | None, name: str, tree: EnvironmentTree | None, old: Index | None) -> EnvironmentPlan:
    wanted = tree.units if tree else {}
    known = old.units if old else {}
    kept = known if tree and not tree.complete else {}
    plans: list[UnitPlan] = []
    diagnostics: list[Diagnostic] = []
    for unit in sorted({*wanted, *(known.keys() - kept.keys())}):
        plan, findings = _unit(fd, name, unit, wanted.get(unit), known.get(unit, {}))
        diagnostics += findings
        if plan.exists or unit in wanted:
            plans.append(plan)
    text = None
    if tree is not None:
        new = _new_index(tree, kept)
        text = None if new.says_the_same_as(old) else new.text()
    return EnvironmentPlan(name, tuple(plans), text, False, tree is None, (), tuple(diagnostics))


def _new_index(tree: EnvironmentTree, kept: Mapping[str, Hashes]) -> Index:
    hashes = {unit: files.hashes() for unit, files in tree.units.items()}
    return Index(tree.version, index.normal(tree.index), {**kept, **hashes})


def _unit(
    fd: int | None, environment: str, unit: str, wanted: FileSet | None, known: Hashes
) -> tuple[UnitPlan, list[Diagnostic]]:
    files = wanted or FileSet()
    where = f"{environment}/{unit}"
    found = Survey(where, {}, {}, added=list(files.paths))
    if fd is not None:
        with at(where):
            found = survey(fd, where, unit, {file.path: file.content for file in files}, known)
    verdict: Verdict = "pruned" if wanted is None else "written" if found.differs else "unchanged"
    change = UnitChange(
        environment,
        unit,
        verdict,
        tuple(found.added),
        tuple(found.changed),
        tuple(found.removed),
        tuple(found.edited),
        tuple(shown(path) for path in found.foreign),
    )
    strangers = [refusal(codes.FOREIGN_FILE, f"{where}/{path}") for path in found.foreign]
    plan = UnitPlan(change, files, found.exists, tuple(found.carried), tuple(known))
    return plan, found.diagnostics + strangers


def _strangers(fd: int, environment: str, units: set[str]) -> tuple[tuple[str, ...], tuple[Diagnostic, ...]]:
    """Return what lies beside the units and is not ours, and the findings about it."""
    foreign, diagnostics = [], []
    for name, kind in _entries(fd):
        path = f"{environment}/{name}"
        if kind == "link":
            diagnostics.append(refusal(codes.LINK, path))
        elif name in units and kind != "folder":
            diagnostics.append(refusal(codes.BLOCKED, path))
        elif name not in units and not name.startswith("."):
            foreign.append(shown(path) + "/" * (kind == "folder"))
            diagnostics.append(refusal(codes.FOREIGN_FOLDER, foreign[-1]))
    return tuple(foreign), tuple(diagnostics)
