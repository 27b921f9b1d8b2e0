"""The folders of a unit with objects for Argo CD, and the kinds of these objects."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from mlopsctl.engines.shared.files import MANIFESTS, RUNS
from mlopsctl.tree.fileset import File, FileSet

Kind = tuple[str, str]
"""An API group and a kind."""


class Rendered(NamedTuple):
    """A unit's folders of objects, by how Argo CD keeps them, and the kinds in both."""

    manifests: tuple[str, ...]
    runs: tuple[str, ...]
    kinds: frozenset[Kind]


def rendered(files: FileSet) -> Rendered:
    """Sort a unit's files of objects by folder."""
    holding = [file for file in files if file.objects]
    folders = sorted({file.path.rpartition("/")[0] for file in holding})
    return Rendered(
        tuple([folder for folder in folders if folder.endswith(f"/{MANIFESTS}")]),
        tuple([folder for folder in folders if folder.endswith(f"/{RUNS}")]),
        kinds(holding),
    )


def kinds(files: Iterable[File]) -> frozenset[Kind]:
    """Return every kind in the files."""
    return frozenset([(version.rpartition("/")[0], kind) for file in files for version, kind in file.objects])
