"""Wrong use ends with 2 and what is found with 1, whatever a person, a shell or a repository hands in."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from projects import SPEC, WORKSPACE, spec

from mlopsctl.cli.group import VERBS

LONG = "a" * 5000
READ_A_PROJECT = ("validate", "render", "blueprint", "plan", "diff", "affected", "status", "lock", "run")
GIT = ("git", "-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false")


@pytest.mark.parametrize("verb", READ_A_PROJECT)
@pytest.mark.parametrize("text", ["{[", "", "just words"])
def test_a_file_that_is_no_spec_is_a_finding(verb: str, text: str, committed: Path, run: Any) -> None:
    (committed / "bad.yaml").write_text(text)
    ran = run(verb, "bad.yaml")
    # A spec that is not understood counts as reached by the change: `affected` lists, and finds nothing.
    assert ran.code == 1 or (verb, ran.code) == ("affected", 0)


@pytest.mark.parametrize("verb", [*READ_A_PROJECT, "set", "explain", "promote", "predict", "serve", "comment"])
def test_a_name_of_5000_characters_is_wrong_use(verb: str, project: Path, run: Any) -> None:
    before = {"set": ["a=b"], "promote": ["--to", "prod"], "predict": [LONG]}.get(verb, [])
    assert run(verb, *before, LONG).code == 2


@pytest.mark.parametrize("verb", ["plan", "diff", "affected"])
@pytest.mark.parametrize("ref", [LONG, "a" * 200_000, "-x", "\udcff"])
def test_a_ref_that_names_nothing_is_wrong_use(verb: str, ref: str, committed: Path, run: Any) -> None:
    assert run(verb, "--against", ref).code == 2


EMPTY = [
    ("validate", "--env", ""),
    ("validate", "--env="),
    ("validate", ""),
    ("render", "--env", ""),
    ("render", "--output-dir", ""),
    ("blueprint", "--env", ""),
    ("blueprint", "--system", ""),
    ("plan", "--env", ""),
    ("plan", "--against", ""),
    ("diff", "--against="),
    ("lock", "--check", "--env", ""),
    ("promote", "--to", ""),
    ("promote", "--to", "prod", "--from", ""),
    ("status", "--env", ""),
    ("comment", "review", "--workspace", ""),
    ("run", "--env", ""),
]


@pytest.mark.parametrize("arguments", EMPTY, ids=" ".join)
def test_an_empty_value_is_wrong_use_for_a_variable_may_not_be_set(
    arguments: tuple[str, ...], project: Path, run: Any
) -> None:
    ran = run(*arguments)
    assert ran.code == 2
    assert "is empty: check for an unset shell variable" in ran.err


@pytest.mark.parametrize("verb", sorted(set(VERBS) - {"step", "start-run"}))
def test_no_verb_takes_an_empty_argument_for_none(verb: str, project: Path, run: Any) -> None:
    assert run(verb, "").code == 2


@pytest.mark.parametrize("name", [b"\xff", b".git/x", b".GIT", b"a/.Git/b", b"con", b"a\nb", "\u202e".encode()])
def test_an_output_that_git_or_some_system_cannot_hold_is_wrong_use(name: bytes, project: Path, run: Any) -> None:
    ran = run("render", "--output-dir", os.fsdecode(name))
    assert ran.code == 2
    assert list((project / ".git").iterdir()) == []


@pytest.mark.parametrize("output", [".git", ".GIT/hooks", "a/.Git", ".git.", "x/.gIt../y"])
@pytest.mark.parametrize("single", [True, False])
def test_no_document_sends_the_tree_into_git_s_own_folder(output: str, single: bool, tmp_path: Path, run: Any) -> None:
    (tmp_path / "systems").mkdir()
    if single:
        (tmp_path / "mlops.yaml").write_text(f"{spec()}  output: {output}\n")
    else:
        (tmp_path / "workspace.yaml").write_text(f"{WORKSPACE}  output: {output}\n")
    ran = run("validate", str(tmp_path))
    assert ran.code == 1
    assert "is not a folder" in ran.err
    assert "outside of `.git`" in ran.err


def test_a_link_into_git_s_own_folder_is_wrong_use(project: Path, run: Any) -> None:
    (project / "out").symlink_to(".git")
    assert run("render", "--output-dir", "out").code == 2


ADDRESSES = [
    ("https://[x", False),
    ("https://h:99999", False),
    ("https://h:0", False),
    ("https://h:port/", False),
    ("gopher://h/x", False),
    ("https://", False),
    ("https:///x", False),
    ("javascript://h/x", False),
    ("https://h:65535/x", True),
    ("https://[::1]:5000", True),
    ("http://h", True),
    ("sqlite:///mlruns.db", True),
    ("postgresql+psycopg2://h:5432/db", True),
    ("file:///srv/mlflow", True),
]


@pytest.mark.parametrize(("address", "fine"), ADDRESSES)
def test_an_address_that_no_client_reads_is_a_finding(address: str, fine: bool, project: Path, run: Any) -> None:
    (project / "workspace.yaml").write_text(f"{WORKSPACE}  stack: {{registry: {{engine: mlflow, uri: '{address}'}}}}\n")
    ran = run("validate")
    assert ("MLC105" in ran.err) is not fine, ran.err
    assert ran.code == (0 if fine else 1)


# Field of the workspace that holds a port, and the same with one that there is not.
REPOSITORY = "https://git.example.com/acme/ml"
MORE = "  environments:"
PORTS = {
    "cluster": ("prod: {", "prod: {cluster: 'https://k8s.example.com:PORT', "),
    "repository": (REPOSITORY, "https://git.example.com:PORT/acme/ml"),
    "ssh": (REPOSITORY, "ssh://git@git.example.com:PORT/acme/ml"),
    "store": (MORE, "  stack: {features: {engine: feast, registry: 'postgresql://h:PORT/f'}}\n" + MORE),
    "host": (MORE, "  stack: {features: {engine: feast, server: 'feast:PORT'}}\n" + MORE),
    "runbook": (MORE, "  defaults: {runbook: 'https://r.example.com:PORT/x'}\n" + MORE),
    "image": (MORE, "  defaults: {image: 'ghcr.example.com:PORT/acme/x:1'}\n" + MORE),
}


@pytest.mark.parametrize("port", ["0", "65536", "99999", "9" * 40])
@pytest.mark.parametrize("field", PORTS)
def test_a_port_that_there_is_not_is_a_finding_in_every_field(field: str, port: str, project: Path, run: Any) -> None:
    old, new = PORTS[field]
    assert old in WORKSPACE
    for number, fine in ((port, False), ("65535", True)):
        (project / "workspace.yaml").write_text(WORKSPACE.replace(old, new.replace("PORT", number), 1))
        ran = run("validate")
        said = "MLC105" in ran.err or "MLC110" in ran.err
        assert said is not fine, ran.err
        assert fine or ran.code == 1


def test_an_objective_over_a_millisecond_is_a_finding(project: Path, run: Any) -> None:
    window = "objective: 99.9%, window: "
    (project / "systems/card-fraud/mlops.yaml").write_text(spec((f"{window}30d", f"{window}1ms")))
    ran = run("validate")
    assert ran.code == 1
    assert "MLC106" in ran.err
    assert "`1ms` is below the minimum of 1h" in ran.err


# Repositories


@pytest.fixture
def committed(project: Path) -> Path:
    git(project, "init", "-q")
    git(project, "add", "-A")
    git(project, "commit", "-qm", "first")
    return project


def git(folder: Path, *words: str) -> str:
    return subprocess.run([*GIT, *words], cwd=folder, check=True, capture_output=True, text=True).stdout.strip()


def damaged(project: Path, oid: str, how: str) -> None:
    file = project / ".git/objects" / oid[:2] / oid[2:]
    file.chmod(0o644)
    if how == "missing":
        file.unlink()
    elif how == "empty":
        file.write_bytes(b"")
    else:
        file.write_bytes(file.read_bytes()[:-8] + b"\0" * 8)


@pytest.mark.parametrize("how", ["missing", "empty", "corrupt"])
@pytest.mark.parametrize("what", ["HEAD:workspace.yaml", "HEAD:systems/card-fraud/mlops.yaml", "HEAD^{tree}"])
@pytest.mark.parametrize("verb", ["plan", "diff"])
def test_a_repository_with_a_hole_is_told_in_a_sentence(
    how: str, what: str, verb: str, committed: Path, run: Any
) -> None:
    oid = git(committed, "rev-parse", what)
    (committed / "systems/card-fraud/mlops.yaml").write_text(spec(("ttl: 2h", "ttl: 3h")))
    (committed / "workspace.yaml").write_text(WORKSPACE + "# changed\n")
    damaged(committed, oid, how)
    ran = run(verb, "--against", "HEAD")
    assert ran.code == 1
    assert "git" in ran.err


def test_a_partial_clone_is_not_completed_behind_a_person_s_back(committed: Path, run: Any) -> None:
    """The remote is a program that leaves a mark when git calls it."""
    mark = committed / "called"
    oid = git(committed, "rev-parse", "HEAD:workspace.yaml")
    for name, value in (
        ("core.repositoryFormatVersion", "1"),
        ("extensions.partialClone", "origin"),
        ("remote.origin.url", f"ext::touch {mark}"),
        ("remote.origin.promisor", "true"),
        ("protocol.ext.allow", "always"),
    ):
        git(committed, "config", name, value)
    damaged(committed, oid, "missing")
    (committed / "workspace.yaml").write_text(WORKSPACE + "# changed\n")
    assert run("plan", "--against", "HEAD").code == 1
    assert not mark.exists()


def signed(project: Path) -> None:
    """Put a signature onto the newest commit, so that whoever shows signatures asks a program about it."""
    head, _, message = git(project, "cat-file", "commit", "HEAD").partition("\n\n")
    text = f"{head}\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n iQEz\n -----END PGP SIGNATURE-----\n\n{message}\n"
    (project / ".git/commit").write_text(text)
    oid = git(project, "hash-object", "-t", "commit", "-w", str(project / ".git/commit"))
    git(project, "update-ref", "HEAD", oid)


@pytest.mark.parametrize("verb", [("plan", "--against"), ("diff", "--against"), ("affected", "--against")])
def test_a_setting_that_shows_signatures_changes_no_answer_and_starts_no_program(
    verb: tuple[str, str], committed: Path, run: Any
) -> None:
    mark = committed / ".git/asked"
    program = committed / ".git/gpg"
    program.write_text(f"#!/bin/sh\ntouch {mark}\n")
    program.chmod(0o755)
    signed(committed)
    before = run(*verb, "HEAD")
    git(committed, "config", "log.showSignature", "true")
    git(committed, "config", "gpg.program", str(program))
    assert run(*verb, "HEAD") == before
    assert before.code == 0
    assert not mark.exists()
    git(committed, "log", "-1")
    assert mark.exists(), "git itself asks the program, so this commit would tell"


@pytest.fixture
def read_only(project: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give the project on a file system that is mounted read-only; skip where nothing may be mounted."""
    monkeypatch.chdir("/")
    done = subprocess.run(["mount", "--bind", str(project), str(project)], capture_output=True, check=False)
    if done.returncode:
        pytest.skip(f"mounting is not possible here: {done.stderr.decode().strip()}")
    try:
        subprocess.run(["mount", "-o", "remount,ro,bind", str(project)], check=True)
        monkeypatch.chdir(project)
        yield project
    finally:
        monkeypatch.chdir("/")
        subprocess.run(["umount", "-l", str(project)], check=True)


SET = ("set", "systems/card-fraud/mlops.yaml", "spec.features.views.card_activity.ttl=3h")


@pytest.mark.parametrize("arguments", [SET, ("render",), ("promote", "--from", "dev", "--to", "prod", "--offline")])
def test_a_read_only_file_system_is_told_in_a_sentence(arguments: tuple[str, ...], read_only: Path, run: Any) -> None:
    ran = run(*arguments)
    assert ran.code == 1
    assert "read-only" in ran.err.lower()
    assert "Traceback" not in ran.err


def test_the_systems_of_no_document_are_none() -> None:
    from mlopsctl.compiler import check, environments
    from mlopsctl.resolve.documents import Documents

    assert check(Documents(())) == ((), ())
    assert environments(Documents(())) == ()
    assert SPEC
