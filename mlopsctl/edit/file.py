"""Edit a user's file: the new errors of an edit, and an atomic write unless the file changed in the meantime."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from mlopsctl.diagnostics.model import Diagnostic, Severity
from mlopsctl.errors import OperationError
from mlopsctl.resolve.documents import Documents


def new_errors(before: Documents, after: Documents) -> list[Diagnostic]:
    """Return the errors of `after` that `before` does not have, regardless of moved lines."""
    from mlopsctl.compiler import check

    former = {_identity(diagnostic) for diagnostic in check(before)[1]}
    return [
        diagnostic
        for diagnostic in check(after)[1]
        if diagnostic.severity is Severity.ERROR and _identity(diagnostic) not in former
    ]


def _identity(diagnostic: Diagnostic) -> tuple[object, ...]:
    return diagnostic.code, diagnostic.path, diagnostic.message, diagnostic.environments


def write(file: Path, before: bytes | None, content: bytes, root: Path) -> None:
    """Replace a file atomically, unless it changed since it was read or lies outside the project."""
    real = file.resolve()
    if not real.is_relative_to(root.resolve()):
        raise OperationError(f"{file.name} is a link to a file outside the project: nothing is written")
    partial = real.with_name(f".{real.name}.{os.getpid()}")
    try:
        if (real.read_bytes() if real.is_file() else None) != before:
            raise OperationError(f"{file.name} changed in the meantime: nothing is written; run the command again")
        partial.write_bytes(content)
        if before is not None:
            partial.chmod(real.stat().st_mode & 0o777)
        partial.replace(real)
    except OSError as error:
        raise OperationError(f"cannot write {file.name}: {error.strerror}") from error
    finally:
        with suppress(OSError):  # what could not be written cannot be deleted either
            partial.unlink(missing_ok=True)
