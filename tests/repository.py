"""A git repository with a copy of the payments example, for tests that compare states."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from blueprints import EXAMPLES

CARD_FRAUD = "systems/card-fraud/mlops.yaml"
MERCHANTS = "systems/merchants/mlops.yaml"


def git(folder: Path, *arguments: str) -> str:
    """Run git as nobody in particular; return what it says."""
    named = ("-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false")
    done = subprocess.run(["git", *named, *arguments], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def commit(folder: Path, message: str = "Change") -> str:
    """Commit everything; return the commit's name."""
    git(folder, "add", "--all", "--force")
    git(folder, "commit", "--quiet", "--allow-empty", "--no-verify", "-m", message)
    return git(folder, "rev-parse", "HEAD")


def payments(folder: Path) -> Path:
    """Commit a copy of the example at the root of a new repository."""
    root = folder / "repository"
    shutil.copytree(EXAMPLES / "payments", root)
    git(root, "init", "--quiet", "--initial-branch", "main")
    commit(root)
    return root


def edit(root: Path, file: str, old: str, new: str) -> None:
    """Change a text of a file once."""
    text = (root / file).read_text(encoding="utf-8")
    assert old in text, f"{file} has no `{old}`"
    (root / file).write_text(text.replace(old, new, 1), encoding="utf-8")
