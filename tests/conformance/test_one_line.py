"""What others use in one line: the action and the hooks, read by the real checkers and run as they will be run."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from e2e.github_actions import Job, PullRequest, Runner
from projects import LOCK, SPEC, WORKSPACE, spec

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ("mlopsctl", "constraints", "pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml", "action.yml")
MISTAKE = spec(("ttl: 2h", "ttl: 1m"))


def run(program: str, *words: str, cwd: Path = ROOT, **more: str) -> subprocess.CompletedProcess[str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    around = {
        **os.environ,
        "PATH": path,
        **{f"GIT_{who}_NAME": "ann" for who in ("AUTHOR", "COMMITTER")},
        **{f"GIT_{who}_EMAIL": "ann@acme.example" for who in ("AUTHOR", "COMMITTER")},
        "GIT_CONFIG_GLOBAL": "/dev/null",
        **more,
    }
    return subprocess.run([program, *words], cwd=cwd, env=around, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with what is published, as others would fetch it."""
    folder = tmp_path_factory.mktemp("published")
    for name in PACKAGE:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, folder / name)
    for words in (("init", "-q"), ("add", "-A"), ("commit", "-q", "-m", "Publish")):
        assert run("git", *words, cwd=folder).returncode == 0
    return folder


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A small repository that renders."""
    home = tmp_path / "project"
    (home / "systems" / "card-fraud").mkdir(parents=True)
    (home / "systems" / "card-fraud" / "mlops.yaml").write_text(SPEC)
    (home / "workspace.yaml").write_text(WORKSPACE)
    (home / "mlops.lock").write_text(LOCK)
    assert run("git", "init", "-q", cwd=home).returncode == 0
    assert run(sys.executable, "-m", "mlopsctl", "render", cwd=home).returncode == 0
    assert run("git", "add", "-A", cwd=home).returncode == 0
    return home


def test_the_action_fits_its_schema_and_an_auditor_finds_nothing() -> None:
    schema = run("check-jsonschema", "--builtin-schema", "vendor.github-actions", "action.yml")
    assert schema.returncode == 0, schema.stdout
    audit = run("zizmor", "--offline", "--no-progress", "--persona", "auditor", "action.yml")
    assert audit.returncode == 0, audit.stdout


def test_the_action_installs_the_tool_and_runs_a_verb(package: Path, project: Path, tmp_path: Path) -> None:
    runner = Runner(tmp_path / "machines", project, {})
    action = yaml.safe_load((package / "action.yml").read_text())

    def act(**inputs: str) -> Job:
        return runner.act(action, package, inputs, PullRequest(1, "", ""), project)

    checked = act(command="render --check", summary="true")
    assert checked.result == "success", checked.output
    mistake = project / "systems" / "card-fraud" / "mlops.yaml"
    mistake.write_text(MISTAKE)
    outcome = act(command="validate -o github", **{"working-directory": "systems/card-fraud"})
    assert outcome.result == "failure"
    assert "::error file=systems/card-fraud/mlops.yaml,line=" in outcome.output
    assert outcome.summary == ""
    assert "::error file=" in act(command="validate -o github", summary="true").summary
    odd = act(command="validate; $(touch pwned) `touch pwned`")
    assert odd.result == "failure"
    assert not (project / "pwned").exists()


def test_the_hooks_pass_a_sound_repository_and_stop_a_mistake(package: Path, project: Path, tmp_path: Path) -> None:
    hooks = [{"id": "mlopsctl-validate", "verbose": True}, {"id": "mlopsctl-render"}]
    version = run("git", "rev-parse", "HEAD", cwd=package).stdout.strip()
    config = {"repos": [{"repo": str(package), "rev": version, "hooks": hooks}]}
    (project / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config))
    assert run("git", "add", "-A", cwd=project).returncode == 0

    def hooked() -> subprocess.CompletedProcess[str]:
        return run("pre-commit", "run", "--all-files", cwd=project, PRE_COMMIT_HOME=str(tmp_path / "hooks"))

    sound = hooked()
    assert sound.returncode == 0, sound.stdout + sound.stderr
    assert "1 system in dev, prod: no errors" in sound.stdout
    (project / "systems" / "card-fraud" / "mlops.yaml").write_text(SPEC.replace("ttl: 2h", "ttl: 3h"))
    stale = hooked()
    assert stale.returncode == 1
    assert "stale: generated/acme/" in stale.stdout
    (project / "systems" / "card-fraud" / "mlops.yaml").write_text(MISTAKE)
    wrong = hooked()
    assert wrong.returncode == 1
    assert "error[MLC30" in wrong.stdout


def test_the_hook_that_checks_the_tree_follows_any_output() -> None:
    hooks = {hook["id"]: hook for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}
    assert hooks["mlopsctl-render"]["always_run"] is True
    assert "files" not in hooks["mlopsctl-render"]


def test_the_hooks_fit_pre_commits_own_schema() -> None:
    assert run("pre-commit", "validate-manifest", ".pre-commit-hooks.yaml").returncode == 0
