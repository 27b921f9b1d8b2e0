"""A workspace with its spec in a subfolder: every verb finds the same project and the same files from everywhere.

The oracle is the first run: whatever folder a verb starts in, with git or without, steps are those and are reused.
"""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from e2e.examples import ROOT, Example, Said, environment

pytestmark = [pytest.mark.e2e, pytest.mark.oracle]
WORKSPACE = """\
apiVersion: mlopsctl.dev/v1alpha1
kind: Workspace
metadata: {name: acme}
spec:
  systems: [systems/*/mlops.yaml]
  environments:
    local: {namespace: ml, vars: {experiment: churn-here}}
"""
HOME = Path("systems", "churn")
STARTS = [(".", ()), (str(HOME), ()), (".", (str(HOME),)), ("elsewhere", (f"../{HOME}/mlops.yaml",))]


def verb(folder: Path, *words: str) -> Said:
    command = [sys.executable, "-m", "mlopsctl", *words]
    done = subprocess.run(command, cwd=folder, env=environment(), capture_output=True, text=True, check=False)
    return Said(done.returncode, done.stdout, done.stderr)


def git(root: Path, *words: str) -> str:
    identity = ("-c", "user.name=a", "-c", "user.email=a@example.com")
    return subprocess.run(["git", *identity, *words], cwd=root, check=True, capture_output=True, text=True).stdout


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("acme")
    ignored = shutil.ignore_patterns(".mlops", "data", "__pycache__", "mlops.lock")
    shutil.copytree(ROOT / "examples" / "quickstart", root / HOME, ignore=ignored)
    subprocess.run([sys.executable, "make_data.py"], cwd=root / HOME, check=True, capture_output=True)
    spec = root / HOME / "mlops.yaml"
    text = spec.read_text()
    for old, new in (("experiment: churn", "experiment: '${vars.experiment}'"), (":0.3", f"@sha256:{'0' * 64}")):
        assert old in text
        text = text.replace(old, new)
    spec.write_text(text)
    (root / "workspace.yaml").write_text(WORKSPACE)
    (root / ".gitignore").write_text("data/\ngenerated/\n")
    (root / "elsewhere").mkdir()
    return root


@pytest.fixture(scope="module")
def first(workspace: Path) -> Example:
    """Run from the root, outside of git."""
    shutil.rmtree(workspace / ".git", ignore_errors=True)
    said = verb(workspace, "run")
    assert said.code == 0, said.out + said.err
    assert "the spec is not in a git repository: the version records no commit" in said.err
    return Example(workspace / HOME)


@pytest.fixture(params=["without git", "in git"])
def root(request: pytest.FixtureRequest, workspace: Path) -> Path:
    there = workspace / ".git"
    if request.param == "in git" and not there.exists():
        git(workspace, "init", "-q")
        git(workspace, "add", "-A")
        git(workspace, "commit", "-qm", "first")
    if request.param == "without git":
        shutil.rmtree(there, ignore_errors=True)
    return workspace


@pytest.mark.parametrize(("start", "words"), STARTS)
def test_validate_and_render_are_the_same_from_everywhere(root: Path, start: str, words: tuple[str, ...]) -> None:
    said = verb(root / start, "validate", *words)
    assert (said.code, said.out) == (0, "1 system in local: no errors\n"), said.err
    shutil.rmtree(root / "generated", ignore_errors=True)
    said = verb(root / start, "render", *words)
    assert said.code == 0, said.err
    tree = {
        str(path.relative_to(root)): path.read_bytes() for path in (root / "generated").rglob("*") if path.is_file()
    }
    assert any(f"{HOME.as_posix()}/data/activity.parquet".encode() in content for content in tree.values())
    kept = root.parent / f"{root.name}.tree"
    if not kept.exists():
        shutil.copytree(root / "generated", kept / "generated")
    assert tree == {str(path.relative_to(kept)): path.read_bytes() for path in kept.rglob("*") if path.is_file()}
    assert not (root / HOME / "generated").exists()


@pytest.mark.parametrize(("start", "words"), STARTS)
def test_a_run_finds_the_same_files_from_everywhere(
    first: Example, root: Path, start: str, words: tuple[str, ...]
) -> None:
    said = verb(root / start, "run", *words)
    assert said.code == 0, said.out + said.err
    assert set(first.states().values()) == {"reused"}


def test_a_version_says_whether_code_and_spec_were_committed(first: Example, workspace: Path) -> None:
    git(workspace, "init", "-q")
    git(workspace, "add", "-A")
    git(workspace, "commit", "-qm", "first", "--allow-empty")
    head = git(workspace, "rev-parse", "HEAD").strip()

    def tag(version: str = "1") -> str:
        query = "select value from model_version_tags where key = 'mlopsctl.git-commit' and name = ? and version = ?"
        with closing(sqlite3.connect(first.state / "mlflow.db")) as registry:
            return str(registry.execute(query, ("churn", int(version))).fetchone()[0])

    assert tag() == ""
    train = workspace / HOME / "churn" / "train.py"
    before = train.read_text()
    said = verb(workspace, "run", "--from", "register")
    assert said.code == 0, said.err
    assert tag() == head and f"commit    {head[:12]}\n" in said.out
    assert "uncommitted" not in verb(workspace, "run").err
    spec = workspace / HOME / "mlops.yaml"
    spec.write_text(spec.read_text() + "# more\n")
    said = verb(workspace, "run", "--from", "register")
    assert said.code == 0, said.err
    assert f"uncommitted changes: {HOME}/mlops.yaml; the version is marked `-dirty`" in said.err
    assert f"commit    {head[:12]} with uncommitted changes\n" in said.out
    assert f"{head[:12]} with uncommitted changes" in (first.state / "report.html").read_text()
    train.write_text(before + "\n\nUNUSED = 1\n")
    assert verb(workspace, "run").code == 0
    states = first.states()
    assert (states["build-dataset"], states["materialize"], states["train"]) == ("reused", "reused", "done")
    assert tag(first.result()["version"]) == f"{head}-dirty"
    train.write_text("import no_such_library\n" + before)
    said = verb(workspace, "run")
    assert (said.code, "error[MLC945]" in said.err, "cannot run: fix the errors" in said.err) == (1, True, True)
