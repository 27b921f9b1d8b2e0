"""The digest of a registered package: a package that was changed after registration is not loaded.

A package contains code: write access to the artifact store must not allow running code where it is loaded.
"""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

from mlopsctl.runtime.step_context import StepFailed

_CACHE = "__pycache__"
_WRITTEN_BESIDE = "registered_model_meta"
"""A file that MLflow adds to downloads from a registry; it contains only names."""


def digest(folder: Path) -> str:
    """Return `sha256:` and a hash of every file's path and content and of link targets, without caches."""
    hasher = hashlib.sha256()
    for path in sorted(folder.rglob("*"), key=lambda file: file.relative_to(folder).parts):
        name = path.relative_to(folder).as_posix()
        if name == _WRITTEN_BESIDE or _CACHE in path.parts or (path.is_dir() and not path.is_symlink()):
            continue
        content = str(path.readlink()).encode() if path.is_symlink() else _hash(path)
        hasher.update(len(name.encode()).to_bytes(8) + name.encode() + len(content).to_bytes(8) + content)
    return f"sha256:{hasher.hexdigest()}"


def verify(folder: Path, registered: str | None, version: str) -> None:
    """Reject a package that differs from the registered one; packages without a digest are from an older release.

    Python's caches are deleted first: they are not part of the package, and would run instead of the code.
    """
    if not registered:
        return
    for cache in list(folder.rglob(_CACHE)):
        cache.unlink() if cache.is_symlink() else shutil.rmtree(cache, ignore_errors=True)
    actual = digest(folder)
    if any(folder.rglob(_CACHE)):
        raise StepFailed(
            f"the package of version {version} contains compiled code that cannot be removed: it is not loaded"
        )
    if actual != registered:
        message = f"the package of version {version} differs from the registered one: it is not loaded"
        raise StepFailed(
            f"{message}; its files changed ({actual[:19]}, registered {registered[:19]}); register it again"
        )


def _hash(path: Path) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()
