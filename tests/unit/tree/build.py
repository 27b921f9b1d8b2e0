"""Small trees for the tests of this room."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from mlopsctl.tree.compare import Comparison, compare
from mlopsctl.tree.fileset import File, FileSet
from mlopsctl.tree.paths import SafePath
from mlopsctl.tree.plan import EnvironmentTree
from mlopsctl.tree.write import Report, write

Units = Mapping[str, Mapping[str, str]]


def fileset(files: Mapping[str, str]) -> FileSet:
    return FileSet.of(File(SafePath.of(path), content) for path, content in files.items())


def environment(units: Units, inputs: str = "1", version: str = "0.1.0") -> EnvironmentTree:
    filesets = {name: fileset(files) for name, files in units.items()}
    return EnvironmentTree(filesets, {"inputs": {"mlops.yaml": inputs}}, version)


def environments(**named: Units) -> dict[str, EnvironmentTree]:
    return {name: environment(units) for name, units in named.items()}


def render(root: Path, *, partial: bool = False, **named: Units) -> Report:
    """Write without waiting for the disk; a report with errors fails the test."""
    report = write(root, environments(**named), partial=partial, durable=False)
    assert report.ok, report.diagnostics
    return report


def check(root: Path, **named: Units) -> Comparison:
    return compare(root, environments(**named))


def contents(root: Path) -> dict[str, str]:
    """Return every file of a tree but the indexes, with its content; links are not followed."""
    contents = {}
    for folder, _, names in os.walk(root):
        for name in names:
            path = Path(folder, name)
            if name != ".mlopsctl.json":
                contents[str(path.relative_to(root))] = path.read_text() if path.is_file() else "<odd>"
    return contents


def states(root: Path) -> dict[str, tuple[int, int]]:
    """Return inode and time of change of everything below `root`."""
    paths = [root, *root.rglob("*")]
    return {str(p.relative_to(root)): (p.lstat().st_ino, p.lstat().st_mtime_ns) for p in paths}


def codes(report: Report | Comparison) -> list[str]:
    return [finding.code for finding in report.diagnostics]
