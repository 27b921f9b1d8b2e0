"""Links in a repository: no document is read through one that leaves it, and no line of another file is shown.

The oracle is a planted word in the file that a link leads to: it is looked for in every byte that comes out.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from click.testing import CliRunner
from repository import CARD_FRAUD, commit, payments

from mlopsctl.cli.group import mlopsctl

WORD = "xylophone-4711"
OUTSIDE = f"kind: Lock\nwhere: [{WORD}\n{WORD}: {WORD}\n"
VERBS = (
    ("validate",),
    ("validate", "-o", "json"),
    ("plan", "--against", "HEAD"),
    ("diff", "--against", "HEAD"),
    ("render",),
    ("render", "--check"),
    ("lock", "--check"),
    ("blueprint", "--system", "card-fraud", "--env", "dev"),
    ("explain", "card-fraud:spec.model"),
    ("affected", "--against", "HEAD"),
    ("promote", "--from", "dev", "--to", "prod", "--offline", "--dry-run"),
    ("validate", CARD_FRAUD),
    ("validate", "systems"),
)


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    folder = payments(tmp_path)
    monkeypatch.chdir(folder)
    return folder


def cli_output(*arguments: str) -> tuple[str, int | None]:
    done = CliRunner().invoke(mlopsctl, list(arguments), standalone_mode=False)
    code = getattr(done.exception, "exit_code", None) if done.exception else done.return_value
    return done.stdout + done.stderr + str(done.exception or ""), code


def link(path: Path, target: Path) -> None:
    path.unlink(missing_ok=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(os.path.relpath(target, path.parent) if target.is_relative_to(path.parents[2]) else target)


LINKED = ("mlops.lock", "workspace.yaml", CARD_FRAUD, "mlops.yaml")


@pytest.mark.parametrize("document", LINKED)
@pytest.mark.parametrize("where", ["outside", "chain", "git", "other"])
def test_a_document_is_not_read_through_a_link_to_what_is_none(root: Path, document: str, where: str) -> None:
    target = {
        "outside": root.parent / "outside.yaml",
        "chain": root.parent / "outside.lock",
        "git": root / ".git" / "config.yaml",
        "other": root / ".env",
    }[where]
    target.write_text(OUTSIDE, "utf-8")
    step = target
    if where == "chain":
        step = root / "steps" / "step.yaml"
        link(step, target)
    link(root / document, step)

    for verb in VERBS:
        text, code = cli_output(*verb)
        assert WORD not in text, verb
        assert code != 70, verb


def test_a_refused_link_is_an_error_that_says_where_it_must_lead(root: Path) -> None:
    link(root / "mlops.lock", Path("/proc/self/environ"))

    text, code = cli_output("validate")

    assert code == 1
    assert "cannot read `mlops.lock`: a link leads out of the project" in text


def test_a_folder_that_a_link_brings_in_is_not_read(root: Path) -> None:
    outside = root.parent / "elsewhere"
    outside.mkdir()
    (outside / "mlops.yaml").write_text(OUTSIDE, "utf-8")
    (root / "systems" / "evil").symlink_to(outside, target_is_directory=True)

    for verb in (*VERBS, ("validate", "systems/evil"), ("validate", "systems/evil/mlops.yaml")):
        text, code = cli_output(*verb)
        assert WORD not in text, verb
        assert code != 70, verb


def test_a_link_to_another_document_of_the_repository_is_followed(root: Path) -> None:
    (root / CARD_FRAUD).rename(root / "card-fraud.yaml")
    link(root / CARD_FRAUD, root / "card-fraud.yaml")

    assert cli_output("validate")[1] == 0


def test_a_repository_that_is_itself_reached_through_a_link_is_read(root: Path) -> None:
    commit(root)
    way = root.parent / "way"
    way.symlink_to(root, target_is_directory=True)

    assert cli_output("validate", str(way))[1] == 0
    assert cli_output("validate", str(way / CARD_FRAUD))[1] == 0


def test_no_line_of_a_file_that_a_pattern_draws_in_is_shown(root: Path) -> None:
    (root / "systems" / "notes.env").write_text(f"kind: [{WORD}\n", "utf-8")
    workspace = root / "workspace.yaml"
    workspace.write_text(workspace.read_text("utf-8").replace("systems/*/mlops.yaml", "systems/**/*"), "utf-8")

    text, code = cli_output("validate")

    assert code == 1
    assert WORD not in text
