"""The git state of files in the working tree: their commit, and which differ from it, or why there is none."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable
from pathlib import Path

from msgspec import Struct

from mlopsctl.project.git_tree import command, environment

_TIMEOUT_S = 30


class State(Struct, frozen=True):
    """The commit (empty if there is none, for the reason `why`), and the files that differ from it."""

    commit: str = ""
    changed: tuple[str, ...] = ()
    why: str = ""


def state(root: Path, paths: Iterable[Path]) -> State:
    """Compare files, and the files in folders, with their commit. Ignored files are skipped."""
    if not (root / ".git").exists():
        return State(why="the spec is not in a git repository")
    try:
        head = _git(root, "rev-parse", "--verify", "-q", "HEAD")
        arguments = ("status", "--porcelain=v1", "-z", "--untracked-files=all", "--no-renames")
        names = [path.relative_to(root).as_posix() for path in paths]
        status = _git(root, "--literal-pathspecs", *arguments, "--", *names)
    except FileNotFoundError:
        return State(why="git is not installed")
    except subprocess.TimeoutExpired:
        return State(why="git did not respond")
    if head.returncode:
        return State(why="the repository has no commit yet")
    if status.returncode:
        return State(why="git cannot read the repository")
    entries = [entry[3:] for entry in status.stdout.decode(errors="replace").split("\0") if entry]
    changed = (name for name in entries if not name.endswith(".pyc"))
    return State(head.stdout.decode().strip(), tuple(sorted(changed)))


def _git(root: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(  # noqa: S603 - git, with words of ours and paths below its root
        command(root, *arguments), env=environment(root), capture_output=True, check=False, timeout=_TIMEOUT_S
    )
