"""Exit codes: 0 fine, 1 errors, 2 wrong use, 3 a check found changes, 70 a bug of ours."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from projects import spec


@pytest.mark.parametrize(
    "arguments", [["--help"], ["--version"], ["validate", "--help"], ["explain"], ["schema", "lock"]]
)
def test_help_and_lists_are_fine(arguments: list[str], run: Any) -> None:
    ran = run(*arguments)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["valdate"], "did you mean `validate`?"),
        (["validate", "nowhere"], "`nowhere` does not exist"),
        (["validate", "--nonsense"], "No such option"),
        (["validate", "-o", "xml"], "'xml' is not one of"),
        (["schema", "spec"], "'spec' is not one of"),
        (["explain", "MLC999"], "there is no code `MLC999`"),
        (["render", "--output-dir", ".."], "the output folder must be below"),
        (["blueprint", "--system", "nobody"], "choose one system and one environment"),
    ],
)
def test_wrong_use_is_told_and_ends_with_2(arguments: list[str], said: str, project: Path, run: Any) -> None:
    ran = run(*arguments)
    assert ran.code == 2
    assert said in ran.err


def test_errors_end_with_1_and_nothing_is_rendered(project: Path, run: Any) -> None:
    (project / "systems" / "card-fraud" / "mlops.yaml").write_text(spec(("ttl: 2h", "ttl: 1m")))
    for verb in ("validate", "render", "blueprint"):
        assert run(verb).code == 1
    assert not (project / "generated").exists()


def test_a_check_that_finds_changes_ends_with_3_and_one_that_finds_none_with_0(project: Path, run: Any) -> None:
    assert run("render", "--check").code == 3
    assert not (project / "generated").exists()
    assert run("render").code == 0
    assert run("render", "--check").code == 0
    edited = next(path for path in (project / "generated").rglob("*.yaml"))
    edited.write_text("edited: by hand\n")
    ran = run("render", "--check")
    assert ran.code == 3
    assert f"edited by hand: {edited.relative_to(project)}" in ran.out


def test_a_bug_of_ours_is_one_sentence_and_no_traceback(project: Path, run: Any, monkeypatch: Any) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("never shown")

    monkeypatch.setattr("mlopsctl.compiler.check", broken)
    monkeypatch.delenv("MLOPSCTL_TRACEBACK", raising=False)
    ran = run("validate")
    assert ran.code == 70
    assert "internal error: ZeroDivisionError in mlopsctl. This is a bug in mlopsctl, not in your spec" in ran.err
    assert "Traceback" not in ran.err
    monkeypatch.setenv("MLOPSCTL_TRACEBACK", "1")
    assert "Traceback" in run("validate").err


@pytest.mark.parametrize("verb", [["lock"], ["promote", "--to", "prod", "--dry-run"]])
def test_a_missing_extra_is_named(verb: list[str], project: Path, run: Any, monkeypatch: Any) -> None:
    lock = project / "mlops.lock"
    lock.write_text(lock.read_text().replace('version: "3"', 'version: "4"', 1).replace("/3}", "/4}", 1))
    monkeypatch.setattr("mlopsctl.registries.resolver.find_spec", lambda _: None)
    if verb == ["lock"]:
        lock.unlink()
    ran = run(*verb)
    assert ran.code == 2
    assert "is not installed; registries need the extra `lock`: pip install 'mlopsctl[lock]'" in ran.err
