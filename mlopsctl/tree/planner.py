"""Plan a render: compare the output folder with the rendered environments, without writing.

Only folders that are rendered now or listed in an index of mlopsctl are read.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from mlopsctl.diagnostics.codes import tree as codes
from mlopsctl.diagnostics.model import Diagnostic, Severity
from mlopsctl.tree import folder, index
from mlopsctl.tree.fileset import FileSet
from mlopsctl.tree.index import Hashes, Index
from mlopsctl.tree.os_errors import at, printable_name
from mlopsctl.tree.paths import SafePath, UnsafePath
from mlopsctl.tree.plan import EnvironmentPlan, EnvironmentTree, Plan, UnitChange, UnitPlan, Verdict
from mlopsctl.tree.stage import NAME as STAGE
from mlopsctl.tree.unit_scan import Survey, count_modes, refusal, sort, survey

OWN_PREFIX = ".mlopsctl"


def draw(base: int | None, environments: Mapping[str, EnvironmentTree], *, partial: bool) -> Plan:
    """Plan the render into the open folder `base` (None if it does not exist).

    With `partial`, other environments stay unchanged.
    """
    for name, tree in environments.items():
        _check_names(name, tree)
    root = _root(base, environments) if base is not None else _Root()
    plans = []
    for name in sorted({*environments, *(() if partial else root.ours)}):
        with at(printable_name(name)):
            existing_base = base if name in root.folders else None
            plans.append(_environment(existing_base, name, environments.get(name)))
    return Plan(
        tuple(plans),
        (*root.foreign, *(path for plan in plans for path in plan.foreign)),
        (*root.diagnostics, *(finding for plan in plans for finding in plan.diagnostics)),
    )


def _check_names(name: str, tree: EnvironmentTree) -> None:
    for part in (name, *tree.units):
        if not _can_name(part):
            raise UnsafePath(f"{part!a} cannot name a folder of the output")


def _can_name(name: str) -> bool:
    """Return whether an environment or a unit may have this name."""
    try:
        return len(SafePath.of(name).parts) == 1 and not name.startswith(OWN_PREFIX)
    except UnsafePath:
        return False


class _Root(NamedTuple):
    """The folders below the output folder: all, those with an index of mlopsctl, and the others."""

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
            if name in environments or STAGE.fullmatch(name):
                continue
            if _can_name(name) and _has_index(base, name):
                ours.append(name)
            else:
                _stranger(base, name, f"{name}/", foreign, diagnostics)
        elif name in environments:
            diagnostics.append(refusal(codes.BLOCKED, name))
    return _Root(folders, tuple(ours), tuple(foreign), tuple(diagnostics))


def _entries(fd: int) -> Iterator[tuple[str, str]]:
    """Yield name and kind of each entry of a folder, by name."""
    with os.scandir(fd) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            if entry.is_symlink():
                yield entry.name, "link"
            elif entry.is_dir(follow_symlinks=False):
                yield entry.name, "folder"
            else:
                yield entry.name, "file" if entry.is_file(follow_symlinks=False) else "special"


def _has_index(base: int, name: str) -> bool:
    """Return whether a folder outside this render is an environment of an earlier render."""
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
    file_sets = tree.units if tree else {}
    known_units = old.units if old else {}
    kept_units = known_units if tree and not tree.complete else {}
    surveys = {
        unit: _survey(fd, f"{name}/{unit}", unit, file_sets.get(unit, FileSet()), known_units.get(unit, {}))
        for unit in sorted({*file_sets, *(known_units.keys() - kept_units.keys())})
    }
    odd_index = fd is not None and folder.is_executable(fd, index.NAME)
    if odd_index and _has_no_modes(surveys.values()):
        odd_index = False
    else:
        for scan in surveys.values():
            count_modes(scan)
    plans: list[UnitPlan] = []
    diagnostics: list[Diagnostic] = []
    for unit, scan in surveys.items():
        plan, findings = _unit(name, unit, file_sets.get(unit), scan)
        diagnostics += findings
        if plan.exists or unit in file_sets:
            plans.append(plan)
    text = None
    if tree is not None:
        new = _new_index(tree, kept_units)
        text = None if new.says_the_same_as(old) and not odd_index else new.text()
    return EnvironmentPlan(name, tuple(plans), text, False, tree is None, (), tuple(diagnostics))


def _has_no_modes(surveys: Collection[Survey]) -> bool:
    """Return whether the file system reports every file as executable, as some mounted ones do."""
    return all(len(scan.executable) == len(scan.present & scan.contents.keys()) for scan in surveys)


def _survey(fd: int | None, where: str, unit: str, file_set: FileSet, known_hashes: Hashes) -> Survey:
    if fd is None:
        return Survey(where, {}, known_hashes, added=list(file_set.paths))
    with at(where):
        return survey(fd, where, unit, {file.path: file.content for file in file_set}, known_hashes)


def _new_index(tree: EnvironmentTree, kept_units: Mapping[str, Hashes]) -> Index:
    hashes = {unit: files.hashes() for unit, files in tree.units.items()}
    return Index(tree.version, index.normal(tree.index), {**kept_units, **hashes})


def _unit(environment: str, unit: str, file_set: FileSet | None, scan: Survey) -> tuple[UnitPlan, list[Diagnostic]]:
    sort(scan)
    verdict: Verdict = "pruned" if file_set is None else "written" if scan.differs else "unchanged"
    change = UnitChange(
        environment,
        unit,
        verdict,
        tuple(scan.added),
        tuple(scan.changed),
        tuple(printable_name(path) for path in scan.removed),
        tuple(scan.edited),
        tuple(printable_name(path) for path in scan.foreign),
    )
    strangers = [refusal(codes.FOREIGN_FILE, f"{scan.path}/{path}") for path in scan.foreign]
    plan = UnitPlan(change, file_set or FileSet(), scan.exists, tuple(scan.carried), tuple(scan.known_hashes))
    return plan, scan.diagnostics + strangers


def _strangers(fd: int, environment: str, units: set[str]) -> tuple[tuple[str, ...], tuple[Diagnostic, ...]]:
    """Return entries next to the units and the index that no render wrote, with diagnostics."""
    foreign: list[str] = []
    diagnostics: list[Diagnostic] = []
    for name, kind in _entries(fd):
        path = f"{environment}/{name}"
        if kind == "link":
            diagnostics.append(refusal(codes.LINK, path))
        elif name in units and kind != "folder":
            diagnostics.append(refusal(codes.BLOCKED, path))
        elif name not in units and name != index.NAME:
            _stranger(fd, name, path + "/" * (kind == "folder"), foreign, diagnostics)
    return tuple(foreign), tuple(diagnostics)


def _stranger(at: int, name: str, path: str, foreign: list[str], diagnostics: list[Diagnostic]) -> None:
    """Report an entry that no render wrote. An empty folder is only a note: Git does not track it."""
    if path.endswith("/") and folder.is_empty(at, name):
        message = f"`{printable_name(path)}`: empty folder that no render wrote; Git does not track it"
        diagnostics.append(codes.FOREIGN_FOLDER.at(None, message, severity=Severity.NOTE))
        return
    foreign.append(printable_name(path))
    diagnostics.append(refusal(codes.FOREIGN_FOLDER, path))
