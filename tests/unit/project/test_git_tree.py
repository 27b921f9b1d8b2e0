"""A project read at a git ref: as the commit has it, whatever the working tree says, and without running anything."""

from __future__ import annotations

from pathlib import Path

import pytest
from projects import LOCK, SPEC, WORKSPACE, spec
from repository import commit, git

from mlopsctl.errors import UsageError
from mlopsctl.project import discovery as projects
from mlopsctl.project.git_tree import Commit, commit_of, counterpart, default_ref, load_at
from mlopsctl.source import limits
from mlopsctl.source.node import plain

SYSTEM = "systems/card-fraud/mlops.yaml"


def write(root: Path, files: dict[str, str]) -> None:
    for name, content in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content)


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Commit a sound workspace of one system, and stand in it."""
    for name in ("GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    root = tmp_path / "repository"
    write(root, {SYSTEM: SPEC, "workspace.yaml": WORKSPACE, "mlops.lock": LOCK})
    git(root, "init", "--quiet", "--initial-branch", "main")
    commit(root)
    monkeypatch.chdir(root)
    return root


def values(project: projects.Project) -> dict[str, object]:
    return {document.file: plain(document.node) for document in project.documents.all}


def same(project: projects.Project, other: projects.Project) -> bool:
    facts = ((each.root, each.home, values(each), each.diagnostics, each.focus) for each in (project, other))
    return next(facts) == next(facts)


def test_what_is_committed_reads_as_it_does_on_disk(repository: Path) -> None:
    on_disk = projects.load(None)
    assert len(values(on_disk)) == 3
    assert same(load_at(repository, "HEAD", None), on_disk)
    assert same(load_at(repository, "HEAD", SYSTEM), projects.load(SYSTEM))
    assert load_at(repository, "HEAD", SYSTEM).focus == SYSTEM


def test_the_commit_counts_and_neither_the_index_nor_the_working_tree(repository: Path) -> None:
    committed = projects.load(None)
    (repository / SYSTEM).write_text(spec(("ttl: 2h", "ttl: 3h")))
    git(repository, "add", SYSTEM)
    (repository / "mlops.lock").unlink()
    assert same(load_at(repository, "main", None), committed)
    assert not same(load_at(repository, "main", None), projects.load(None))


@pytest.mark.parametrize(
    "ref",
    [
        "nowhere",
        "-h",
        "--output=/tmp/x",
        "",
        "HEAD:workspace.yaml",
        "HEAD\0",
        "a b",
        "$(id)",
        "../x",
        "HEAD^5",
        "@{-9}",
    ],
)
def test_a_ref_that_names_no_commit_is_a_usage_error(ref: str, repository: Path) -> None:
    with pytest.raises(UsageError, match=r"not a commit|git cannot read"):
        load_at(repository, ref, None)


def test_a_folder_in_no_repository_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="not in a git repository"):
        load_at(tmp_path, "HEAD", None)


def test_a_repository_around_the_root_is_not_taken_for_it(repository: Path) -> None:
    (repository / "inner" / ".git").mkdir(parents=True)
    with pytest.raises(UsageError, match="not in a git repository"):
        load_at(repository / "inner", "HEAD", None)


def test_a_project_that_was_not_there_yet_is_empty(repository: Path) -> None:
    git(repository, "rm", "--quiet", "-r", ".")
    commit(repository)
    project = load_at(repository, "HEAD", None)
    assert (list(project.documents.all), project.diagnostics) == ([], ())


def test_the_same_project_is_found_where_a_person_names_a_new_spec(repository: Path) -> None:
    new = "systems/new/mlops.yaml"
    write(repository, {new: spec(("name: card-fraud", "name: new"))})
    now = projects.load(new)
    assert now.focus == new
    assert sorted(values(counterpart(now, "HEAD"))) == ["mlops.lock", SYSTEM, "workspace.yaml"]


def test_a_workspace_that_is_new_is_compared_with_the_spec_that_stood_there(repository: Path) -> None:
    (repository / "workspace.yaml").unlink()
    write(repository, {"mlops.yaml": SPEC})
    commit(repository)
    write(repository, {"workspace.yaml": WORKSPACE})
    assert "mlops.yaml" in values(counterpart(projects.load(None), "HEAD"))


@pytest.mark.parametrize(
    "pattern",
    ["systems/*/mlops.yaml", "systems/**/mlops.yaml", "**/mlops.yaml", "*/*/*.yaml", "systems/card-[a-f]*/mlops.yaml",
     "./systems/card-fraud/mlops.yaml", "systems/card-fraud", "systems/?/mlops.yaml", "systems//*/mlops.yaml"],
)  # fmt: skip
def test_a_pattern_names_the_same_files_in_a_commit_as_on_disk(pattern: str, repository: Path) -> None:
    extra = ("systems/a/mlops.yaml", "systems/a/b/mlops.yaml", "systems/mlops.yaml", "systems/.hidden/mlops.yaml")
    write(repository, dict.fromkeys((*extra, "other/systems/c/mlops.yaml"), SPEC))
    commit(repository)
    with Commit(repository, commit_of(repository, "HEAD")) as files:
        names = sorted(files.matching(repository, pattern))
    assert names == sorted(set(projects.Disk(repository).matching(repository, pattern)))


def test_a_link_is_followed_inside_the_commit_and_never_out_of_it(repository: Path) -> None:
    (repository.parent / "outside.yaml").write_text(SPEC)
    for name in ("inside", "outside", "absolute", "circle"):
        (repository / "systems" / name).mkdir()
    (repository / "systems" / "inside" / "mlops.yaml").symlink_to("../card-fraud/mlops.yaml")
    (repository / "systems" / "outside" / "mlops.yaml").symlink_to("../../../outside.yaml")
    (repository / "systems" / "absolute" / "mlops.yaml").symlink_to(repository.parent / "outside.yaml")
    (repository / "systems" / "circle" / "mlops.yaml").symlink_to("mlops.yaml")
    commit(repository)
    read = values(load_at(repository, "HEAD", None))
    assert sorted(read) == ["mlops.lock", SYSTEM, "systems/inside/mlops.yaml", "workspace.yaml"]
    assert read["systems/inside/mlops.yaml"] == read[SYSTEM]


def test_no_hook_filter_or_conversion_of_the_repository_runs(repository: Path) -> None:
    trap = repository.parent / "ran"
    write(repository, {".gitattributes": "*.yaml filter=trap diff=trap text=auto eol=crlf ident export-subst\n"})
    (repository / ".git" / "hooks" / "post-checkout").write_text(f"#!/bin/sh\ntouch {trap}\n")
    (repository / ".git" / "hooks" / "post-checkout").chmod(0o755)
    commit(repository)
    for key in ("filter.trap.smudge", "filter.trap.clean", "diff.trap.textconv", "core.fsmonitor"):
        git(repository, "config", key, f"touch {trap}")
    before = {path: path.stat().st_mtime_ns for path in repository.rglob("*")}
    assert same(load_at(repository, "HEAD", None), projects.load(None))
    assert not trap.exists()
    assert {path: path.stat().st_mtime_ns for path in repository.rglob("*")} == before


def test_names_that_git_or_a_shell_could_misread_are_only_names(repository: Path) -> None:
    names = ["a b", "-rf", "$(touch x)", "qu'ote\"", "new\nline", "ünïcode", ":(glob)x"]
    write(repository, {f"systems/{name}/mlops.yaml": spec(("card-fraud", f"s{i}")) for i, name in enumerate(names)})
    (repository / "systems" / "\udcff").mkdir()
    (repository / "systems" / "\udcff" / "mlops.yaml").write_text(SPEC)
    commit(repository)
    assert same(load_at(repository, "HEAD", None), projects.load(None))


def test_a_file_beyond_the_limit_is_a_finding_and_the_next_is_still_read(repository: Path) -> None:
    write(
        repository,
        {
            "systems/big/mlops.yaml": "#" * (limits.SPEC.bytes + 70_000),
            "systems/full/mlops.yaml": "#" * limits.SPEC.bytes,
        },
    )
    commit(repository)
    project = load_at(repository, "HEAD", None)
    assert [diagnostic.code for diagnostic in project.diagnostics] == ["MLC011", "MLC017"]
    assert SYSTEM in values(project)


def test_a_hook_that_names_another_repository_changes_nothing(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    monkeypatch.setenv("GIT_INDEX_FILE", "/nowhere/index")
    assert same(load_at(repository, "HEAD", None), projects.load(None))


def test_without_a_remote_a_change_is_compared_with_the_last_commit(repository: Path) -> None:
    assert default_ref(repository) == "HEAD"


def test_a_change_is_compared_with_where_it_left_the_default_branch(repository: Path) -> None:
    left = git(repository, "rev-parse", "HEAD")
    clone = repository.parent / "clone"
    git(repository.parent, "clone", "--quiet", str(repository), "clone")
    git(clone, "switch", "--quiet", "--create", "change")
    commit(clone)
    commit(repository, "Meanwhile")
    git(clone, "fetch", "--quiet")
    assert default_ref(clone) == left


def test_a_clone_too_shallow_to_know_is_told_and_not_guessed(repository: Path) -> None:
    commit(repository)
    address = f"file://{repository}"
    git(repository.parent, "clone", "--quiet", "--depth", "1", address, "clone")
    clone = repository.parent / "clone"
    commit(repository, "Meanwhile")
    git(clone, "fetch", "--quiet", "--depth", "1")
    with pytest.raises(UsageError, match="shallow"):
        default_ref(clone)
