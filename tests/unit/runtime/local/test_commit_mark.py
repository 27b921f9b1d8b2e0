"""The mark of a version names the commit of the folder that is run, also in a linked worktree (`git worktree add`).

The oracle is git itself.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from mlopsctl.cli.commands.run import _commit
from mlopsctl.cli.group import mlopsctl
from mlopsctl.runtime.local.prepare import prepare

ROOT = Path(__file__).resolve().parents[4]
HOME = Path("systems", "churn")
WORKSPACE = """\
apiVersion: mlopsctl.dev/v1alpha1
kind: Workspace
metadata: {name: acme}
spec:
  systems: [systems/*/mlops.yaml]
  environments:
    local: {namespace: ml}
"""


def git(folder: Path, *words: str) -> str:
    identity = ("-c", "user.name=a", "-c", "user.email=a@example.com")
    return subprocess.run(["git", *identity, *words], cwd=folder, check=True, capture_output=True, text=True).stdout


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Give a repository with a workspace, whose system lies in a folder of its own."""
    root = tmp_path / "acme"
    ignored = shutil.ignore_patterns(".mlops", "data", "__pycache__", "mlops.lock")
    shutil.copytree(ROOT / "examples" / "quickstart", root / HOME, ignore=ignored)
    (root / "workspace.yaml").write_text(WORKSPACE)
    (root / ".gitignore").write_text(".mlops/\ndata/\n")
    git(root, "init", "-q")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "first")
    return root


@pytest.fixture
def linked(repository: Path, tmp_path: Path) -> Path:
    """Give a linked worktree with a commit of its own."""
    folder = tmp_path / "linked"
    git(repository, "worktree", "add", "-q", "-b", "other", str(folder))
    (folder / HOME / "README.md").write_text("more\n")
    git(folder, "commit", "-qam", "second")
    return folder


def mark(folder: Path) -> str:
    return _commit(prepare(str(folder), None))


def test_a_run_in_a_linked_worktree_names_the_worktrees_commit(repository: Path, linked: Path) -> None:
    heads = [git(folder, "rev-parse", "HEAD").strip() for folder in (repository, linked)]
    assert heads[0] != heads[1]
    assert [mark(repository / HOME), mark(linked / HOME)] == heads

    code = linked / HOME / "churn" / "train.py"
    code.write_text(code.read_text() + "\n")
    assert [mark(repository / HOME), mark(linked / HOME)] == [heads[0], f"{heads[1]}-dirty"]
    git(linked, "commit", "-qam", "third")
    spec = repository / HOME / "mlops.yaml"
    spec.write_text(spec.read_text() + "# more\n")
    third = git(linked, "rev-parse", "HEAD").strip()
    assert [mark(repository / HOME), mark(linked / HOME)] == [f"{heads[0]}-dirty", third]


def test_a_render_in_a_linked_worktree_stays_in_it(repository: Path, linked: Path) -> None:
    for words in (["render"], ["render", "--check"], ["plan", "--against", "HEAD"]):
        said = CliRunner().invoke(mlopsctl, [*words, str(linked / HOME)])
        assert said.exit_code == 0, said.output
    written = git(linked, "status", "--porcelain").split()
    assert written == ["??", "generated/"]
    assert git(repository, "status", "--porcelain") == ""
