"""Read a project at a git ref from git objects: no checkout, no hooks, filters or text conversions, no writes."""

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

from mlopsctl.diagnostics.model import Diagnostic
from mlopsctl.diagnostics.render.visible import cut, visible
from mlopsctl.errors import OperationError, UsageError
from mlopsctl.project import discovery as projects
from mlopsctl.resolve.documents import Documents
from mlopsctl.source.decode import too_large
from mlopsctl.source.limits import SPEC, limits_of
from mlopsctl.source.node import Node
from mlopsctl.source.reader import read

DEFAULT_BRANCHES = ("refs/remotes/origin/HEAD", "refs/remotes/origin/main", "refs/remotes/origin/master")

_SAFE = ("-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "core.pager=cat")
_OF_A_HOOK = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_NAMESPACE")
_OFFLINE = {"GIT_NO_LAZY_FETCH": "1", "GIT_ALLOW_PROTOCOL": "none", "GIT_TERMINAL_PROMPT": "0"}
"""Options that prevent fetches in a partial clone; versions before 2.45 support only the second one."""
_MAGIC = frozenset("*?[")
_LINKS = 8
_CHUNK = 1 << 16
_LONGEST_REF = 4096


class Blob(NamedTuple):
    """A file of a commit: the object name of its content, and whether it is a link."""

    oid: str
    is_link: bool


def load_at(root: Path, ref: str, path: str | None) -> projects.Project:
    """Read the project at `path` (a file or a folder; the root if None) from `ref`.

    If it does not exist there, the project has no documents. UsageError if `ref` is not a commit.
    """
    start = Path(path or root).resolve()
    with Commit(root, commit_of(root, ref)) as files:
        choices = (start, *(start / name for name in (projects.WORKSPACE, projects.SPEC)))
        main = next((choice for choice in choices if files.is_file(choice)), None)
        return projects.read(files, main) if main else projects.Project(root, start, Documents(()), (), None)


def counterpart(project: projects.Project, ref: str) -> projects.Project:
    """Read the same project from `ref`: by its file, or by its folder if the file is new."""
    main = project.documents.workspace or next(iter(project.documents.systems), None)
    then = load_at(project.root, ref, str(project.root / main.file if main else project.home))
    return then if any(then.documents.all) else load_at(project.root, ref, str(project.home))


def default_ref(root: Path) -> str:
    """Return the default ref: the merge base with origin's default branch, else `HEAD`."""
    branch = next(
        (
            default_branch
            for default_branch in DEFAULT_BRANCHES
            if _git(root, "rev-parse", "--verify", "--quiet", default_branch)
        ),
        None,
    )
    if branch is None and not _git(root, "for-each-ref", "--count=1", "refs/remotes/"):
        return "HEAD"
    base = _git(root, "merge-base", "HEAD", branch) if branch else b""
    if not base:
        name = branch.removeprefix("refs/remotes/") if branch else "a default branch of origin"
        raise UsageError(
            f"cannot find the merge base with {name}: the clone is shallow, or lacks the branch; "
            "fetch it, or pass a ref with --against"
        )
    return base.decode().strip()


def commit_of(root: Path, ref: str) -> str:
    """Return the full hash of the commit `ref`; UsageError if it is not a commit."""
    # A ref cannot begin with a dash; git would read it as an option.
    safe_ref = "" if ref.startswith("-") or "\0" in ref or len(ref) > _LONGEST_REF else ref
    answer = _git(root, "rev-parse", "--verify", "--quiet", f"{safe_ref}^{{commit}}") if safe_ref else b""
    if not answer:
        raise UsageError(
            f"`{cut(visible(ref), 80)}` is not a commit, branch or tag of the repository `{root.name}/`, nor a folder"
        )
    return answer.decode().strip()


def name_of_content(data: bytes) -> str:
    """Return the git object name of a file's content."""
    return sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def commits_of(root: Path, file: str, limit: int) -> list[str]:
    """Return the last commits that changed a file, the newest first; none outside a repository."""
    try:
        # The user's settings change the output of `git log`, and may start another program.
        answer = _git(root, "rev-list", f"--max-count={limit}", "HEAD", "--", f":(literal){file}")
    except OperationError:
        return []
    return answer.decode().split()


class Commit(AbstractContextManager["Commit"]):
    """The files of a commit. `blobs` has the object name of each path."""

    def __init__(self, root: Path, commit: str) -> None:
        self.root = root
        self.blobs = _listing(root, commit)
        self._reader: subprocess.Popen[bytes] | None = None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the reading process."""
        if self._reader:
            self._reader.communicate()
            self._reader = None

    def blob(self, path: Path) -> Blob | None:
        """Return the file at a path; links are followed inside the commit."""
        name = self._name(path)
        for _ in range(_LINKS):
            blob = self.blobs.get(name)
            if blob is None or not blob.is_link:
                return blob
            target = (self._content(blob.oid, SPEC.bytes) or b"").decode("utf-8", "surrogateescape")
            name = posixpath.normpath(posixpath.join(posixpath.dirname(name), target))
        return None

    def is_file(self, path: Path) -> bool:
        """Return whether the commit has a file at the path."""
        return self.blob(path) is not None

    def matching(self, folder: Path, pattern: str) -> list[Path]:
        """Return the files that match a pattern."""
        parts = [word for word in pattern.split("/") if word not in {"", "."}]
        plain = next((i for i, word in enumerate(parts) if _MAGIC & set(word)), len(parts))
        folder, parts = folder.joinpath(*parts[:plain]), parts[plain:]
        if not parts:
            return [folder] if self.is_file(folder) else []
        above = "" if folder == self.root else f"{self._name(folder)}/"
        inside = (name for name in self.blobs if name.startswith(above))
        paths = [self.root / name for name in inside if _matches(name.removeprefix(above).split("/"), parts)]
        return [path for path in paths if self.is_file(path)]

    def read(self, path: Path, name: str) -> tuple[Node | None, tuple[Diagnostic, ...]]:
        """Read a file; diagnostics call it `name`."""
        blob = self.blob(path)
        limit = limits_of(name).bytes
        data = self._content(blob.oid, limit) if blob else b""
        return (None, (too_large(name, limit + 1),)) if data is None else read(data, name)

    def content(self, path: Path) -> bytes | None:
        """Return a file's content; None if it is missing or too large."""
        blob = self.blob(path)
        return self._content(blob.oid, limits_of(path.name).bytes) if blob else None

    def _name(self, path: Path) -> str:
        return os.path.relpath(path, self.root).replace(os.sep, "/")

    def _content(self, oid: str, limit: int) -> bytes | None:
        """Return a blob's content; None if it exceeds the limit."""
        if self._reader is None:
            self._reader = _started(self.root)
        requests, answer = self._reader.stdin, self._reader.stdout
        if requests is None or answer is None:
            raise RuntimeError("git was started without pipes")
        try:
            requests.write(f"{oid}\n".encode())
            requests.flush()
        except BrokenPipeError:
            raise _unreadable_blob(oid) from None
        name, _, size_of = answer.readline().decode(errors="replace").strip().rpartition(" ")
        if not name.endswith(" blob") or not size_of.isdigit():
            raise _unreadable_blob(oid)
        size = int(size_of)
        data = answer.read(min(size, limit + 1))
        if len(data) < min(size, limit + 1):
            raise _unreadable_blob(oid)
        _skip(answer, size - len(data) + 1)
        return data if size <= limit else None


def _unreadable_blob(oid: str) -> OperationError:
    """Build the error for a missing blob: a partial clone, or a damaged repository."""
    return OperationError(f"git cannot read the object {oid[:12]}: the clone is partial or damaged; make a full clone")


def _listing(root: Path, commit: str) -> dict[str, Blob]:
    """Return the files of a commit by path; without folders and submodules."""
    blobs: dict[str, Blob] = {}
    for line in _git(root, "ls-tree", "-r", "-z", "--full-tree", commit).split(b"\0"):
        entry, _, path = line.partition(b"\t")
        mode, kind, oid = entry.split() if entry else (b"", b"", b"")
        if kind == b"blob":
            blobs[os.fsdecode(path)] = Blob(oid.decode(), mode == b"120000")
    return blobs


def _matches(parts: list[str], pattern: list[str]) -> bool:
    """Match a path with a pattern, part by part; `**` matches any number of folders."""
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
    """Start the process that reads blobs, one after another."""
    arguments = command(root, "cat-file", "--batch")
    return subprocess.Popen(  # noqa: S603
        arguments, env=environment(root), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )


def _git(root: Path, *arguments: str) -> bytes:
    """Return the output of a git command; empty if it exits with 1. UsageError if it fails."""
    try:
        done = subprocess.run(command(root, *arguments), env=environment(root), capture_output=True, check=False)  # noqa: S603
    except FileNotFoundError:
        raise UsageError("comparing with a ref needs `git`, which is not on the PATH") from None
    if b"not a git repository" in done.stderr:
        raise UsageError(f"`{root.name}/` is not in a git repository: pass a folder with --against")
    if done.returncode > 1:
        raise OperationError(f"git cannot read the repository: {visible(done.stderr.decode(errors='replace').strip())}")
    return done.stdout if done.returncode == 0 else b""


def command(root: Path, *arguments: str) -> list[str]:
    """Return a git command that runs no program configured by the repository."""
    return ["git", "-C", str(root), *_SAFE, *arguments]


def environment(root: Path) -> dict[str, str]:
    """Return the environment for git, without variables of a hook that refer to another repository."""
    inherited = {name: value for name, value in os.environ.items() if name not in _OF_A_HOOK}
    return {
        **inherited,
        **_OFFLINE,
        "GIT_CEILING_DIRECTORIES": str(root.parent),
        "GIT_OPTIONAL_LOCKS": "0",
        "LC_ALL": "C",
    }
