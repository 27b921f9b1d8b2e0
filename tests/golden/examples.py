"""Run the command line on the examples in a process of its own, and compare the trees that it writes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted(path.name for path in (ROOT / "examples").iterdir() if path.is_dir())
ENTRY = ("-c", "from mlopsctl.cli import main; main()")


def mlopsctl(
    *words: str, cwd: Path = ROOT, python: str = sys.executable, entry: tuple[str, ...] = ENTRY, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run the command line in a process of its own, with nothing but `environment` and the path around it."""
    surroundings = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "HOME": str(cwd), **environment}
    call = [python, *entry, *words]
    return subprocess.run(call, cwd=cwd, env=surroundings, capture_output=True, text=True, check=False)


def tree(folder: Path) -> dict[str, str]:
    """Return the hash of every file below a folder."""
    return {
        str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def copy_examples(root: Path) -> Path:
    """Make a repository of a folder: the examples, and nothing rendered."""
    shutil.copytree(ROOT / "examples", root / "examples", ignore=shutil.ignore_patterns(".mlops", "__pycache__"))
    (root / ".git").mkdir()
    return root
