"""The recipes of CONTRIBUTING.md, followed in a scratch copy of the repository.

In: the heading of a recipe, and the edits that follow it. Out: the files that changed, and what the checks of the copy
print. A recipe holds if the checks pass with the files that it names, and fail when one of them is left out.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PLACEHOLDER = re.compile(r"<[a-zA-Z]+>")
COPIED = ("mlopsctl", "tests", "schemas", "examples", "generated", "pyproject.toml", "Makefile")
LEFT_OUT = ("__pycache__", ".mlops", ".hypothesis", "e2e", "reliability")


def places(heading: str) -> list[str]:
    """Return the files that a recipe names, as patterns with `*` for what the reader chooses."""
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    recipe = page.split(f"## {heading}\n")[1].split("\n## ")[0]
    steps = re.findall(r"^\d\. (.*(?:\n   .*)*)", recipe, re.MULTILINE)
    named = [name for step in steps for name in re.findall(r"`((?:mlopsctl|schemas|tests)/[^`\s]+)`", step)]
    return [PLACEHOLDER.sub("*", name) for name in named]


class Copy:
    """A scratch copy of the repository, under git so that it can say what changed."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for name in COPIED:
            if (ROOT / name).is_dir():
                shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns(*LEFT_OUT))
            else:
                shutil.copy(ROOT / name, root / name)
        (root / ".gitignore").write_text("__pycache__/\n*.pyc\n.hypothesis/\n")
        self._git("init", "-q")
        self._git("add", "-A")
        self._git("-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-q", "-m", "Copy")

    def insert(self, patterns: Iterable[str], before: str, text: str) -> str:
        """Write a text before another that one file of the patterns has, and no other; return the file's name."""
        named = {path for pattern in patterns for path in self.root.glob(pattern) if path.is_file()}
        files = [path for path in sorted(named) if before in path.read_text(encoding="utf-8")]
        assert len(files) == 1, f"{before!r} is in {files}: update the edits of this test"
        content = files[0].read_text(encoding="utf-8")
        assert content.count(before) == 1, f"{before!r} is in {files[0]} more than once: update the edits of this test"
        files[0].write_text(content.replace(before, f"{text}{before}"), encoding="utf-8")
        return str(files[0].relative_to(self.root))

    def changed(self) -> set[str]:
        """Return the files that differ from the repository's."""
        status = self._git("status", "--porcelain", "--untracked-files=all", "--no-renames")
        return {line[3:] for line in status.splitlines()}

    def without(self, file: str) -> bytes:
        """Take back the change of one file; return what it held, for `put_back`."""
        held = (self.root / file).read_bytes()
        known = subprocess.run(["git", "cat-file", "-e", f"HEAD:{file}"], cwd=self.root, check=False, stderr=-3)
        if known.returncode == 0:
            self._git("checkout", "-q", "--", file)
        else:
            (self.root / file).unlink()
        return held

    def put_back(self, file: str, held: bytes) -> None:
        """Write a file again."""
        (self.root / file).write_bytes(held)

    def mlopsctl(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run the copy's command line."""
        return self._python("-m", "mlopsctl", *words)

    def check(self, *tests: str) -> str:
        """Run tests of the copy; return the failures as pytest prints them, nothing where all pass."""
        ran = self._python("-m", "pytest", "-q", "-p", "no:cacheprovider", *tests)
        assert ran.returncode in (0, 1), ran.stdout + ran.stderr
        return ran.stdout if ran.returncode else ""

    def _python(self, *words: str) -> subprocess.CompletedProcess[str]:
        # A recipe is followed at a desk, where golden texts may be rewritten: not in the CI that runs this test.
        inherited = {name: value for name, value in os.environ.items() if name != "CI"}
        environ = {**inherited, "PYTHONPATH": str(self.root), "PYTHONDONTWRITEBYTECODE": "1", "COLUMNS": "200"}
        return subprocess.run(
            [sys.executable, *words], cwd=self.root, env=environ, capture_output=True, text=True, check=False
        )

    def _git(self, *words: str) -> str:
        return subprocess.run(["git", *words], cwd=self.root, check=True, capture_output=True, text=True).stdout


def covers(patterns: Iterable[str], files: set[str]) -> bool:
    """Tell whether the files are those that the patterns name: each is of a pattern, and each pattern has one."""
    named = {pattern: {file for file in files if Path(file).match(pattern)} for pattern in patterns}
    return all(named.values()) and set().union(*named.values()) == files
