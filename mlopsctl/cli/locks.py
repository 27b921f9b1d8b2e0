"""What `lock` and `promote` share: the project as it stands with its lock, and the lock as it shall be.

In: a path, then changed data. Out: the landscapes and the lock's data; bytes that hold the change and bring no new
error; the file, replaced as a whole.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from copy import deepcopy
from pathlib import Path
from typing import Any, NamedTuple

import click
from msgspec.structs import replace

from mlopsctl.cli import project as projects
from mlopsctl.cli import report
from mlopsctl.diagnostics.codes import lock as codes
from mlopsctl.diagnostics.model import Diagnostic, Severity
from mlopsctl.edit.rewrite import Style, rewrite
from mlopsctl.lock.uses import Data, Use, missing, uses
from mlopsctl.resolve.documents import Document, Documents
from mlopsctl.resolve.landscape import resolve
from mlopsctl.resolve.model import Landscape
from mlopsctl.source.node import plain
from mlopsctl.source.reader import read

__all__ = ["Edited", "Locked", "edited", "load", "missing", "new_errors", "show", "used", "write"]

_STYLE = Style(frozenset(("inputs", "outputs")))
_NEW = """\
# What each environment runs, settled in Git: images by digest, models by version.
apiVersion: mlopsctl.dev/v1alpha1
kind: Lock
metadata: {}
environments: {}
"""


class Locked(NamedTuple):
    """A project, what its environments are, and the lock: its file, its bytes (None: there is none yet), its data."""

    project: projects.Project
    landscapes: tuple[Landscape, ...]
    file: Path
    before: bytes | None
    data: Data

    @property
    def name(self) -> str:
        """The lock's file, as findings name it."""
        return self.project.documents.lock_file

    def landscape(self, environment: str) -> Landscape:
        """Return an environment's landscape."""
        return next(one for one in self.landscapes if one.environment.name == environment)


class Edited(NamedTuple):
    """The lock's new bytes, and the documents with it."""

    content: bytes
    documents: Documents


def load(path: str | None) -> Locked | None:
    """Read a project and its lock; None, with the findings shown, where they were not understood."""
    project = projects.load(path)
    documents = project.documents
    landscapes, found = resolve(documents) if documents.systems else ((), ())
    wrong = [one for one in (*documents.found, *project.diagnostics, *found) if one.severity is Severity.ERROR]
    if wrong or not landscapes:
        report.show(dict.fromkeys(wrong), tuple(one.environment.name for one in landscapes), project.root, "text")
        click.echo("nothing is locked of specs that were not understood", err=True)
        return None
    file = project.root / documents.lock_file
    before = file.read_bytes() if documents.lock else None
    data: Any = plain(documents.lock.node) if documents.lock else _new(landscapes[0].workspace.name)
    return Locked(project, landscapes, file, before, deepcopy(data))


def used(locked: Locked, environments: Iterable[str]) -> list[Use]:
    """List what the systems of the environments use."""
    return [use for name in environments for use in uses(locked.landscape(name))]


def _new(name: str) -> Data:
    content: Any = plain(_node(_NEW.encode()))
    return {**content, "metadata": {"name": name}}


def _node(content: bytes, name: str = "") -> Any:
    return read(content, name)[0]


def edited(locked: Locked, data: Data) -> Edited | None:
    """Return the lock with the data in it; None, with the findings shown, where that brings a new error."""
    content = rewrite(locked.before if locked.before is not None else _NEW.encode(), data, _STYLE)
    if content is None:
        place = locked.project.documents.lock
        message = f"{locked.name} is written in a way that cannot be edited in place"
        _show(locked, [codes.NOT_IN_PLACE.at(None, message, path=place.file if place else "")])
        return None
    documents = replace(locked.project.documents, lock=Document(locked.name, _node(content, locked.name)))
    wrong = new_errors(locked.project.documents, documents)
    if wrong:
        report.show(wrong, _names(locked), locked.project.root, "text", {locked.name: content})
        return None
    return Edited(content, documents)


def new_errors(before: Documents, after: Documents) -> list[Diagnostic]:
    """List the errors of `after` that `before` does not have, wherever their lines have moved."""
    from mlopsctl.compile import check

    known = {_identity(one) for one in check(before)[1]}
    return [one for one in check(after)[1] if one.severity is Severity.ERROR and _identity(one) not in known]


def _identity(one: Diagnostic) -> tuple[object, ...]:
    return one.code, one.path, one.message, one.environments


def _names(locked: Locked) -> tuple[str, ...]:
    return tuple(one.environment.name for one in locked.landscapes)


def _show(locked: Locked, found: Iterable[Diagnostic]) -> None:
    report.show(found, _names(locked), locked.project.root, "text")


def show(locked: Locked, found: Iterable[Diagnostic]) -> bool:
    """Show findings, if any, and tell whether an error is among them."""
    known = list(found)
    if known:
        _show(locked, known)
    return any(one.severity is Severity.ERROR for one in known)


def write(file: Path, before: bytes | None, content: bytes, root: Path) -> None:
    """Replace a file as a whole, unless somebody changed it since it was read; it never leaves the project."""
    real = file.resolve()
    if not real.is_relative_to(root.resolve()):
        raise click.ClickException(f"{file.name} is a link that leads out of the project: nothing is written")
    partial = real.with_name(f".{real.name}.{os.getpid()}")
    try:
        if (real.read_bytes() if real.is_file() else None) != before:
            raise click.ClickException(f"{file.name} was changed meanwhile: nothing is written, run the command again")
        partial.write_bytes(content)
        if before is not None:
            partial.chmod(real.stat().st_mode & 0o777)
        partial.replace(real)
    except OSError as error:
        raise click.ClickException(f"{file.name} cannot be written: {error.strerror}") from error
    finally:
        partial.unlink(missing_ok=True)
