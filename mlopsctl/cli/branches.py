"""A commit on a new branch that leaves the working tree and the index as they are.

In: the repository, one file's new content. Out: a commit on top of HEAD, and the branch that points to it. Never checks
anything out, never moves a branch that exists.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path

import click

_NOTHING = "0" * 40


def refuse(root: Path, branch: str, file: Path) -> None:
    """Say, before anything is worked out, why a branch could not be made."""
    if not (root / ".git").exists() or _run(root, "rev-parse", "--verify", "-q", "HEAD").returncode:
        raise click.ClickException(f"`{root.name}` is no git repository with a commit: nothing can be put on a branch")
    if branch.startswith("-") or _run(root, "check-ref-format", "--branch", branch).returncode:
        raise click.UsageError(f"`{branch}` cannot be the name of a branch")
    if _run(root, "show-ref", "--verify", "-q", f"refs/heads/{branch}").returncode == 0:
        raise click.ClickException(f"the branch `{branch}` exists already: name another, or delete it")
    if _run(root, "status", "--porcelain", "--", str(file)).stdout.strip():
        raise click.ClickException(
            f"{file.name} has changes that are not committed, and they would go along: commit them"
        )


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
    made = _git(root, "commit-tree", tree, "-p", head, "-F", "-", feed=message.encode())
    _git(root, "update-ref", f"refs/heads/{branch}", made, _NOTHING)
    return made


def _git(root: Path, *words: str, feed: bytes = b"", more: dict[str, str] | None = None) -> str:
    done = _run(root, *words, feed=feed, more=more)
    if done.returncode:
        lines = [line for line in done.stderr.decode(errors="replace").splitlines() if line.strip()]
        raise click.ClickException(f"git {words[0]} fails: {lines[0] if lines else f'exit code {done.returncode}'}")
    return done.stdout.decode().strip()


def _run(
    root: Path, *words: str, feed: bytes = b"", more: dict[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(  # noqa: S603 - git, with words of ours and a branch's name that was checked
            ["git", "-C", str(root), *words],  # noqa: S607 - the git that the person uses
            input=feed,
            capture_output=True,
            check=False,
            env={**os.environ, **(more or {})},
        )
    except OSError as error:
        raise click.ClickException("git is not installed here") from error
