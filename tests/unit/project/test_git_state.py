"""Which files differ from the commit they are at; the repositories are git's own."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from mlopsctl.project.git_state import state


def git(root: Path, *words: str) -> str:
    identity = ("-c", "user.name=a", "-c", "user.email=a@example.com")
    return subprocess.run(["git", *identity, *words], cwd=root, check=True, capture_output=True, text=True).stdout


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "a b.py").write_text("1")
    (tmp_path / "spec.yaml").write_text("1")
    (tmp_path / "data.csv").write_text("1")
    (tmp_path / ".gitignore").write_text("*.log\n")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-qm", "first")
    return tmp_path


def changed(root: Path) -> tuple[str, ...]:
    git_state = state(root, [root / "spec.yaml", root / "code", root / "not-there.py"])
    assert (git_state.commit, git_state.why) == (git(root, "rev-parse", "HEAD").strip(), "")
    return git_state.changed


def test_what_is_committed_is_clean_whatever_else_changed(root: Path) -> None:
    (root / "data.csv").write_text("2")
    (root / "code" / "x.log").write_text("ignored")
    (root / "code" / "__pycache__").mkdir()
    (root / "code" / "__pycache__" / "a.pyc").write_text("")
    assert changed(root) == ()


def test_edited_staged_new_and_deleted_files_are_named(root: Path) -> None:
    (root / "spec.yaml").write_text("2")
    assert changed(root) == ("spec.yaml",)
    git(root, "add", "spec.yaml")
    assert changed(root) == ("spec.yaml",)
    (root / "code" / "ünew.py").write_text("")
    assert changed(root) == ("code/ünew.py", "spec.yaml")
    (root / "code" / "a b.py").unlink()
    assert changed(root) == ("code/a b.py", "code/ünew.py", "spec.yaml")


def test_without_a_repository_or_a_commit_it_says_so(tmp_path: Path) -> None:
    assert state(tmp_path, [tmp_path]).why == "the spec is not in a git repository"
    git(tmp_path, "init", "-q")
    assert state(tmp_path, [tmp_path]).why == "the repository has no commit yet"


@pytest.mark.parametrize("words", [("-b", "other"), ("--detach",)], ids=["branch", "detached"])
def test_a_linked_worktree_is_compared_with_its_own_commit(root: Path, words: tuple[str, ...]) -> None:
    linked = root / "linked"
    git(root, "worktree", "add", "-q", *words, str(linked))
    (linked / "spec.yaml").write_text("2")
    git(linked, "commit", "-qam", "second")
    assert (linked / ".git").is_file()
    assert git(linked, "rev-parse", "HEAD") != git(root, "rev-parse", "HEAD")
    assert (changed(linked), changed(root)) == ((), ())

    (root / "spec.yaml").write_text("3")
    assert (changed(linked), changed(root)) == ((), ("spec.yaml",))
    (linked / "code" / "new.py").write_text("")
    assert (changed(linked), changed(root)) == (("code/new.py",), ("spec.yaml",))


def test_a_hook_of_another_repository_changes_no_answer(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    linked = root / "linked"
    git(root, "worktree", "add", "-q", "-b", "other", str(linked))
    (linked / "spec.yaml").write_text("2")
    head = git(linked, "rev-parse", "HEAD").strip()
    monkeypatch.setenv("GIT_DIR", str(root / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(root))
    monkeypatch.setenv("GIT_INDEX_FILE", str(root / ".git" / "index"))
    git_state = state(linked, [linked / "spec.yaml"])
    assert (git_state.commit, git_state.changed) == (head, ("spec.yaml",))
