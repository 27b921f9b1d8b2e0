"""Create a commit on a new branch without touching the working tree, the index or existing branches."""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path

from mlopsctl.errors import OperationError, UsageError

_NOTHING = "0" * 40


def refuse(root: Path, branch: str, file: Path) -> None:
    """Raise an error early if the branch could not be created."""
    if not (root / ".git").exists() or _run(root, "rev-parse", "--verify", "-q", "HEAD").returncode:
        raise OperationError(f"`{root.name}` is not a git repository with a commit: cannot create a branch")
    if branch.startswith("-") or _run(root, "check-ref-format", "--branch", branch).returncode:
        raise UsageError(f"`{branch}` is not a valid branch name")
    if _run(root, "show-ref", "--verify", "-q", f"refs/heads/{branch}").returncode == 0:
        raise OperationError(f"the branch `{branch}` already exists: choose another name, or delete it")
    if _run(root, "status", "--porcelain", "--", str(file)).stdout.strip():
        raise OperationError(f"{file.name} has uncommitted changes, which would be included: commit them first")


def commit(root: Path, branch: str, file: Path, content: bytes, message: str) -> str:
    """Commit the file's new content on top of HEAD under a new branch; return the commit."""
    name = file.relative_to(root).as_posix()
    head = _git(root, "rev-parse", "HEAD")
    blob = _git(root, "hash-object", "-w", "--stdin", f"--path={name}", feed=content)
    with tempfile.TemporaryDirectory() as folder:
        index = {"GIT_INDEX_FILE": str(Path(folder) / "index")}
        _git(root, "read-tree", head, more=index)
        _git(root, "update-index", "--add", "--cacheinfo", f"100644,{blob},{name}", more=index)
        tree = _git(root, "write-tree", more=index)
    commit_id = _git(root, "commit-tree", tree, "-p", head, "-F", "-", feed=message.encode())
    _git(root, "update-ref", f"refs/heads/{branch}", commit_id, _NOTHING)
    return commit_id


def _git(root: Path, *arguments: str, feed: bytes = b"", more: dict[str, str] | None = None) -> str:
    done = _run(root, *arguments, feed=feed, more=more)
    if done.returncode:
        lines = [line for line in done.stderr.decode(errors="replace").splitlines() if line.strip()]
        raise OperationError(f"git {arguments[0]} failed: {lines[0] if lines else f'exit code {done.returncode}'}")
    return done.stdout.decode().strip()


def _run(
    root: Path, *arguments: str, feed: bytes = b"", more: dict[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(  # noqa: S603 - git, with words of ours and a branch's name that was checked
            ["git", "-C", str(root), *arguments],  # noqa: S607 - the git that the person uses
            input=feed,
            capture_output=True,
            check=False,
            env={**os.environ, **(more or {})},
        )
    except OSError as error:
        raise OperationError("git is not installed") from error
