"""Read a project as it stands at a git ref, from git's objects.

In: the repository's root, a ref, and where the project is. Out: the project as `project.load` gives it. Never checks
anything out, runs no hook, filter or text conversion of the repository's, and writes nothing.
"""

from __future__ import annotations

import os
import posixpath
import subprocess
from contextlib import AbstractContextManager
from fnmatch import fnmatchcase
from hashlib import sha1
from pathlib import Path
from types import TracebackType
from typing import IO, NamedTuple

import click

from mlopsctl.cli import project as projects
from mlopsctl.diagnostics.model import Diagnostic
from mlopsctl.diagnostics.visible import visible
from mlopsctl.resolve.documents import Documents
from mlopsctl.source.decode import too_large
from mlopsctl.source.limits import MAX_BYTES
from mlopsctl.source.node import Node
from mlopsctl.source.reader import read

DEFAULT_BRANCHES = ("refs/remotes/origin/HEAD", "refs/remotes/origin/main", "refs/remotes/origin/master")

_SAFE = ("-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "core.pager=cat")
_OF_A_HOOK = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_NAMESPACE")
_MAGIC = frozenset("*?[")
_LINKS = 8
_CHUNK = 1 << 16


class Blob(NamedTuple):
    """A file of a commit: git's name for its content, and whether that is where a link leads."""

    oid: str
    is_link: bool


def load_at(root: Path, ref: str, path: str | None) -> projects.Project:
    """Read the project at `path` (a file or a folder; the root if None) as `ref` has it.

    Without one there the project is empty: it has no documents. A usage error where `ref` names no commit.
    """
    start = Path(path or root).resolve()
    with Commit(root, commit_of(root, ref)) as files:
        choices = (start, *(start / name for name in (projects.WORKSPACE, projects.SPEC)))
        main = next((one for one in choices if files.is_file(one)), None)
        return projects.read(files, main) if main else projects.Project(root, start, Documents(()), (), None)


def counterpart(project: projects.Project, ref: str) -> projects.Project:
    """Read the same project as `ref` has it: by its file, and where that is new, by its folder."""
    main = project.documents.workspace or next(iter(project.documents.systems), None)
    then = load_at(project.root, ref, str(project.root / main.file if main else project.home))
    return then if any(then.documents.all) else load_at(project.root, ref, str(project.home))


def default_ref(root: Path) -> str:
    """Return what a change is compared with if nobody says: where it left origin's default branch, else `HEAD`."""
    branch = next((one for one in DEFAULT_BRANCHES if _git(root, "rev-parse", "--verify", "--quiet", one)), None)
    if branch is None and not _git(root, "for-each-ref", "--count=1", "refs/remotes/"):
        return "HEAD"
    base = _git(root, "merge-base", "HEAD", branch) if branch else b""
    if not base:
        name = branch.removeprefix("refs/remotes/") if branch else "a default branch of origin's"
        raise click.UsageError(
            f"it is not known where this change left {name}: the clone is shallow, or lacks it; "
            "fetch it, or name a ref with --against"
        )
    return base.decode().strip()


def commit_of(root: Path, ref: str) -> str:
    """Return the full name of the commit that `ref` names; a usage error where it names none."""
    # No ref begins with a dash; git would take one that does for an option.
    named = "" if ref.startswith("-") or "\0" in ref else ref
    found = _git(root, "rev-parse", "--verify", "--quiet", f"{named}^{{commit}}") if named else b""
    if not found:
        raise click.UsageError(f"`{ref}` is no commit, branch or tag of the repository `{root.name}/`, and no folder")
    return found.decode().strip()


def name_of_content(data: bytes) -> str:
    """Return the name that git gives to a file's content."""
    return sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def commits_of(root: Path, file: str, limit: int) -> list[str]:
    """Return the last commits that changed a file, the newest first; none outside a repository."""
    try:
        found = _git(root, "log", f"-{limit}", "--format=%H", "--", f":(literal){file}")
    except click.UsageError:
        return []
    return found.decode().split()


class Commit(AbstractContextManager["Commit"]):
    """The files of a commit. `blobs` names each by its path from the root."""

    def __init__(self, root: Path, commit: str) -> None:
        self.root = root
        self.blobs = _listing(root, commit)
        self._reader: subprocess.Popen[bytes] | None = None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the process that reads."""
        if self._reader:
            self._reader.communicate()
            self._reader = None

    def blob(self, path: Path) -> Blob | None:
        """Return the file at a path, also where links lead to it inside the commit."""
        name = self._name(path)
        for _ in range(_LINKS):
            found = self.blobs.get(name)
            if found is None or not found.is_link:
                return found
            target = (self._content(found.oid) or b"").decode("utf-8", "surrogateescape")
            name = posixpath.normpath(posixpath.join(posixpath.dirname(name), target))
        return None

    def is_file(self, path: Path) -> bool:
        """Tell whether the commit has a file there."""
        return self.blob(path) is not None

    def matching(self, folder: Path, pattern: str) -> list[Path]:
        """Return the files that a pattern names."""
        words = [word for word in pattern.split("/") if word not in {"", "."}]
        plain = next((i for i, word in enumerate(words) if _MAGIC & set(word)), len(words))
        folder, words = folder.joinpath(*words[:plain]), words[plain:]
        if not words:
            return [folder] if self.is_file(folder) else []
        above = "" if folder == self.root else f"{self._name(folder)}/"
        inside = (name for name in self.blobs if name.startswith(above))
        found = [self.root / name for name in inside if _matches(name.removeprefix(above).split("/"), words)]
        return [one for one in found if self.is_file(one)]

    def read(self, path: Path, name: str) -> tuple[Node | None, tuple[Diagnostic, ...]]:
        """Read a file; findings name it `name`."""
        found = self.blob(path)
        data = self._content(found.oid) if found else b""
        return (None, (too_large(name, MAX_BYTES + 1),)) if data is None else read(data, name)

    def content(self, path: Path) -> bytes | None:
        """Return what a file holds; None where it is not there, or too large."""
        found = self.blob(path)
        return self._content(found.oid) if found else None

    def _name(self, path: Path) -> str:
        return os.path.relpath(path, self.root).replace(os.sep, "/")

    def _content(self, oid: str) -> bytes | None:
        """Return what a blob holds; None where that is more than a file may."""
        if self._reader is None:
            self._reader = _started(self.root)
        asked, answer = self._reader.stdin, self._reader.stdout
        if asked is None or answer is None:
            raise RuntimeError("git was started without pipes")
        asked.write(f"{oid}\n".encode())
        asked.flush()
        size = int(answer.readline().split()[2])
        data = answer.read(min(size, MAX_BYTES + 1))
        _skip(answer, size - len(data) + 1)
        return data if size <= MAX_BYTES else None


def _listing(root: Path, commit: str) -> dict[str, Blob]:
    """Return the files of a commit by path; folders are in the paths, other repositories are left out."""
    blobs: dict[str, Blob] = {}
    for line in _git(root, "ls-tree", "-r", "-z", "--full-tree", commit).split(b"\0"):
        entry, _, path = line.partition(b"\t")
        mode, kind, oid = entry.split() if entry else (b"", b"", b"")
        if kind == b"blob":
            blobs[os.fsdecode(path)] = Blob(oid.decode(), mode == b"120000")
    return blobs


def _matches(parts: list[str], pattern: list[str]) -> bool:
    """Match a path with a pattern, part by part; `**` stands for any number of folders."""
    places = {0}
    for word in pattern:
        if word == "**":
            places = set(range(min(places), len(parts) + 1)) if places else places
        else:
            places = {at + 1 for at in places if at < len(parts) and fnmatchcase(parts[at], word)}
    return len(parts) in places


def _skip(stream: IO[bytes], count: int) -> None:
    while count > 0 and (read := stream.read(min(count, _CHUNK))):
        count -= len(read)


def _started(root: Path) -> subprocess.Popen[bytes]:
    """Start the process that gives the contents of blobs, one after the other."""
    arguments = _command(root, "cat-file", "--batch")
    return subprocess.Popen(arguments, env=_environment(root), stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603


def _git(root: Path, *arguments: str) -> bytes:
    """Return what a git command says; nothing where its answer is no. A usage error where it cannot work."""
    try:
        done = subprocess.run(_command(root, *arguments), env=_environment(root), capture_output=True, check=False)  # noqa: S603
    except FileNotFoundError:
        raise click.UsageError("comparing with a ref needs the program `git`, which is not on the PATH") from None
    if b"not a git repository" in done.stderr:
        raise click.UsageError(f"`{root.name}/` is in no git repository: name a folder with --against")
    if done.returncode > 1:
        raise click.UsageError(
            f"git cannot read the repository: {visible(done.stderr.decode(errors='replace').strip())}"
        )
    return done.stdout if done.returncode == 0 else b""


def _command(root: Path, *arguments: str) -> list[str]:
    return ["git", "-C", str(root), *_SAFE, *arguments]


def _environment(root: Path) -> dict[str, str]:
    """Return the environment for git: the repository is the one of the root, also inside a hook or another one."""
    kept = {name: value for name, value in os.environ.items() if name not in _OF_A_HOOK}
    return {**kept, "GIT_CEILING_DIRECTORIES": str(root.parent), "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
