"""Two whole trees that differ everywhere, and what may be on disk between them."""

from __future__ import annotations

import os
import signal
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from mlopsctl.tree.fileset import File, FileSet
from mlopsctl.tree.paths import SafePath
from mlopsctl.tree.plan import EnvironmentTree

Trees = dict[str, EnvironmentTree]
Unit = dict[str, str]


def unit(mark: str, files: int) -> FileSet:
    """Return a unit whose every file holds `mark`, in folders that partly depend on it."""
    paths = [f"target-{i % 3}/file-{i}.yaml" for i in range(files)] + [f"only-{mark}/{mark}.yaml"]
    return FileSet.of(File(SafePath.of(path), f"{mark}\n" * (i + 1)) for i, path in enumerate(paths))


def trees(mark: str, *names: str, files: int = 2) -> Trees:
    """Return environments from names like `prod/fraud`."""
    units: dict[str, dict[str, FileSet]] = {}
    for name in names:
        environment, system = name.split("/")
        units.setdefault(environment, {})[system] = unit(f"{mark}-{system}", files)
    return {name: EnvironmentTree(unit, {"inputs": {"spec": mark}}, "1") for name, unit in units.items()}


def expected_tree(tree: Trees) -> dict[str, Unit]:
    """Return the content of each unit, by `environment/unit`."""
    return {
        f"{name}/{system}": {str(path): content for path, content, *_ in files}
        for name, environment in tree.items()
        for system, files in environment.units.items()
    }


def on_disk(root: Path) -> dict[str, Unit]:
    """Return the content of each unit on disk, without foreign files and without stages."""
    contents: dict[str, Unit] = {}
    for folder in sorted(root.glob("[!.]*/[!.]*")):
        files = [path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("foreign")]
        if files:
            content = {str(path.relative_to(folder)): path.read_text() for path in files}
            contents[f"{folder.parent.name}/{folder.name}"] = content
    return contents


def stages(root: Path) -> list[str]:
    return [path.name for path in root.iterdir() if path.name.startswith(".mlopsctl-stage-")]


@contextmanager
def in_memory(fallback: Path) -> Iterator[Path]:
    """Give a folder on a memory disk where there is one: these tests write and delete a lot."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else fallback) as name:
        yield Path(name)


def forked(work: Callable[[], None]) -> int:
    """Run `work` in a copy of this process; return the copy's number. It ends with 0, or 1 on an error."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            work()
            status = 0
        finally:
            os._exit(status)
    return child


def ended(child: int) -> int:
    """Wait for a copy; return its exit status, negative for a signal."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


KILLED = -int(signal.SIGKILL)
