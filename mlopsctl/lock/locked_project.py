"""Load a project with its lock, and edit the lock without introducing errors; writes no file."""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy
from pathlib import Path
from typing import Any, NamedTuple

from msgspec.structs import replace

from mlopsctl.diagnostics.codes import lock as codes
from mlopsctl.diagnostics.model import Severity
from mlopsctl.edit.file import new_errors
from mlopsctl.edit.rewrite import Style, rewrite
from mlopsctl.errors import ProjectError
from mlopsctl.lock.uses import Data, Use, uses
from mlopsctl.project import discovery as projects
from mlopsctl.resolve.documents import Document, Documents
from mlopsctl.resolve.landscape import resolve
from mlopsctl.resolve.model import Landscape
from mlopsctl.source.node import plain
from mlopsctl.source.reader import read

_STYLE = Style(frozenset(("inputs", "outputs")))
_NEW = """\
# What each environment runs, settled in Git: images by digest, models by version.
apiVersion: mlopsctl.dev/v1alpha1
kind: Lock
metadata: {}
environments: {}
"""


class Locked(NamedTuple):
    """A project with its landscapes and its lock: file, bytes (None: no lock yet) and data."""

    project: projects.Project
    landscapes: tuple[Landscape, ...]
    file: Path
    before: bytes | None
    data: Data

    @property
    def name(self) -> str:
        """Return the lock's file name, as shown in diagnostics."""
        return self.project.documents.lock_file

    @property
    def environments(self) -> tuple[str, ...]:
        """Return the environments in the workspace's order."""
        return tuple(landscape.environment.name for landscape in self.landscapes)

    def landscape(self, environment: str) -> Landscape:
        """Return the landscape of an environment."""
        return next(landscape for landscape in self.landscapes if landscape.environment.name == environment)


class Edited(NamedTuple):
    """The lock's new bytes, and the documents with the new lock."""

    content: bytes
    documents: Documents


def load(path: str | None) -> Locked:
    """Load a project and its lock; raise ProjectError if they have errors."""
    project = projects.load(path)
    documents = project.documents
    landscapes, resolve_diagnostics = resolve(documents) if documents.systems else ((), ())
    wrong = [
        finding
        for finding in (*documents.diagnostics, *project.diagnostics, *resolve_diagnostics)
        if finding.severity is Severity.ERROR
    ]
    if wrong or not landscapes:
        names = tuple(landscape.environment.name for landscape in landscapes)
        raise ProjectError(tuple(dict.fromkeys(wrong)), names, project.root)
    file = project.root / documents.lock_file
    before = file.read_bytes() if documents.lock else None
    data: Any = plain(documents.lock.node) if documents.lock else _new(landscapes[0].workspace.name)
    return Locked(project, landscapes, file, before, deepcopy(data))


def uses_of(locked: Locked, environments: Iterable[str]) -> list[Use]:
    """List what the systems of the environments use."""
    return [use for name in environments for use in uses(locked.landscape(name))]


def _new(name: str) -> Data:
    content: Any = plain(_node(_NEW.encode()))
    return {**content, "metadata": {"name": name}}


def _node(content: bytes, name: str = "") -> Any:
    return read(content, name)[0]


def edited(locked: Locked, data: Data) -> Edited:
    """Return the lock with new data; raise ProjectError if the data introduces an error."""
    content = rewrite(locked.before if locked.before is not None else _NEW.encode(), data, _STYLE)
    if content is None:
        place = locked.project.documents.lock
        message = f"the YAML style of {locked.name} cannot be edited in place"
        finding = codes.NOT_IN_PLACE.at(None, message, path=place.file if place else "")
        raise ProjectError((finding,), locked.environments, locked.project.root)
    documents = replace(locked.project.documents, lock=Document(locked.name, _node(content, locked.name)))
    wrong = new_errors(locked.project.documents, documents)
    if wrong:
        raise ProjectError(tuple(wrong), locked.environments, locked.project.root, {locked.name: content})
    return Edited(content, documents)
