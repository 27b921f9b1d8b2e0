"""A change of a spec from its branch to the cluster's folder and back: what CI says of it at every step.

The repository is a bare one on this machine, GitHub's API a small server; what runs is the rendered workflow itself.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import yaml
from e2e.github_actions import Job, PullRequest, Runner
from hosts import Bitbucket, GitHub, serving

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples" / "payments"
WORKFLOW = ".github/workflows/mlopsctl-payments.yml"
SPEC = "ml/systems/card-fraud/mlops.yaml"
DEEPER = ("max_depth: 6", "max_depth: 8")
RETYPED = ("txn_count_1h: {type: int64", "txn_count_1h: {type: float64")
pytestmark = pytest.mark.e2e


def git(folder: Path, *words: str) -> str:
    """Run git, with no setting of this machine."""
    around = {
        **os.environ,
        "GIT_CONFIG_GLOBAL": "/dev/null",
        "GIT_CONFIG_SYSTEM": "/dev/null",
        **{f"GIT_{who}_NAME": "ann" for who in ("AUTHOR", "COMMITTER")},
        **{f"GIT_{who}_EMAIL": "ann@acme.example" for who in ("AUTHOR", "COMMITTER")},
    }
    ran = subprocess.run(["git", *words], cwd=folder, env=around, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.strip()


def mlopsctl(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    call = [sys.executable, "-m", "mlopsctl", *words]
    return subprocess.run(call, cwd=folder, capture_output=True, text=True, check=False)


class Repository:
    """A bare repository and one clone of it."""

    def __init__(self, folder: Path, engine: str) -> None:
        self.origin, self.clone = folder / "origin.git", folder / "clone"
        git(folder, "init", "-q", "--bare", "-b", "main", str(self.origin))
        git(folder, "clone", "-q", str(self.origin), str(self.clone))
        shutil.copytree(EXAMPLE, self.clone / "ml", ignore=shutil.ignore_patterns(".mlops", "__pycache__"))
        workspace = self.clone / "ml" / "workspace.yaml"
        asking = f"  stack:\n    ci: {{engine: {engine}}}\n"
        text = workspace.read_text().replace("  stack:\n", asking, 1)
        workspace.write_text(text.replace("github.com", "bitbucket.org") if engine == "bitbucket" else text)
        git(self.clone, "checkout", "-q", "-b", "main")
        self.render()
        self.commit("Begin")
        git(self.clone, "push", "-q", "origin", "main")

    def render(self) -> None:
        done = mlopsctl(self.clone, "render", "ml")
        assert done.returncode == 0, done.stderr

    def edit(self, old: str, new: str, file: str = SPEC) -> None:
        path = self.clone / file
        assert old in path.read_text()
        path.write_text(path.read_text().replace(old, new, 1))

    def commit(self, message: str) -> str:
        git(self.clone, "add", "-A")
        git(self.clone, "commit", "-q", "-m", message)
        return git(self.clone, "rev-parse", "HEAD")

    def request(self, **others: Any) -> PullRequest:
        """Push the branch, and merge it with its base as GitHub does before it starts anything."""
        branch = git(self.clone, "rev-parse", "--abbrev-ref", "HEAD")
        git(self.clone, "push", "-q", "-f", "origin", f"HEAD:refs/heads/{branch}")
        base = git(self.clone, "rev-parse", "origin/main")
        git(self.clone, "checkout", "-q", "--detach", base)
        git(self.clone, "merge", "-q", "--no-ff", "-m", "Merge", branch)
        merge = git(self.clone, "rev-parse", "HEAD")
        git(self.clone, "push", "-q", "-f", "origin", "HEAD:refs/pull/7/merge")
        git(self.clone, "checkout", "-q", branch)
        return PullRequest(7, base, merge, **others)

    def tree(self) -> dict[str, str]:
        """Return the hash of everything that was rendered."""
        files = [*(self.clone / "generated").rglob("*"), self.clone / WORKFLOW]
        return {
            str(file.relative_to(self.clone)): sha256(file.read_bytes()).hexdigest() for file in files if file.is_file()
        }


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path, "github")


@pytest.fixture
def github() -> Iterator[GitHub]:
    host = GitHub()
    with serving(host):
        yield host


@pytest.fixture
def runner(tmp_path: Path, repository: Repository, github: GitHub) -> Runner:
    variables = {"GITHUB_API_URL": github.address, "GITHUB_TOKEN": github.token}
    return Runner(tmp_path / "machines", repository.origin, variables)


def checked(runner: Runner, repository: Repository, request: PullRequest) -> dict[str, Job]:
    """Run the workflow that is committed on the branch."""
    workflow = yaml.safe_load((repository.clone / WORKFLOW).read_text())
    jobs = runner.run(workflow, request)
    assert all("t0ken" not in job.output + job.summary for job in jobs.values())
    return jobs


def outcomes(job: Job) -> dict[str, str]:
    return {step.name: step.outcome for step in job.steps}


def test_a_change_is_planned_said_merged_and_taken_back(repository: Repository, runner: Runner, github: GitHub) -> None:
    before = repository.tree()
    git(repository.clone, "checkout", "-q", "-b", "deeper")
    repository.edit(*DEEPER)
    repository.commit("Grow deeper trees")
    jobs = checked(runner, repository, repository.request())
    assert outcomes(jobs["check"])["Validate"] == "success"
    assert outcomes(jobs["check"])["The committed tree is what is rendered"] == "failure"
    assert "stale: generated/payments/prod/card-fraud/" in jobs["check"].output
    assert "run `mlopsctl render` and commit the result" in jobs["check"].output

    repository.render()
    repository.commit("Render")
    jobs = checked(runner, repository, repository.request())
    assert outcomes(jobs["check"])["The committed tree is what is rendered"] == "success"
    assert jobs["comment"].result == "success", jobs["comment"].output
    (comment,) = github.comments
    assert comment["body"].startswith("<!-- mlopsctl:payments -->\n")
    assert "retrains" in comment["body"]
    assert "card-fraud" in comment["body"]
    assert "<summary>Changes in the rendered files</summary>" in comment["body"]
    assert "team-risk" in github.reviewers or "::warning::team-risk" in jobs["comment"].output
    assert "### mlopsctl: payments" in jobs["check"].summary
    assert "retrains" in jobs["check"].summary

    git(repository.clone, "checkout", "-q", "main")
    git(repository.clone, "merge", "-q", "--no-ff", "-m", "Merge deeper", "deeper")
    assert mlopsctl(repository.clone, "render", "--check", "ml").returncode == 0
    assert repository.tree() != before
    git(repository.clone, "revert", "--no-edit", "-m", "1", "HEAD")
    assert repository.tree() == before
    assert mlopsctl(repository.clone, "render", "--check", "ml").returncode == 0


def test_one_comment_follows_the_branch(repository: Repository, runner: Runner, github: GitHub) -> None:
    git(repository.clone, "checkout", "-q", "-b", "deeper")
    for change in (DEEPER, ("learning_rate: 0.1", "learning_rate: 0.2")):
        repository.edit(*change)
        repository.render()
        repository.commit("Change")
        checked(runner, repository, repository.request())
    assert len(github.comments) == 1
    assert len(github.reviewers) == len(set(github.reviewers))


def test_a_mistake_is_annotated_and_no_plan_is_made_of_it(
    repository: Repository, runner: Runner, github: GitHub
) -> None:
    git(repository.clone, "checkout", "-q", "-b", "retype")
    repository.edit(*RETYPED)
    repository.commit("Count in fractions")
    jobs = checked(runner, repository, repository.request())
    assert f"::error file={SPEC},line=" in jobs["check"].step("Validate").output
    assert outcomes(jobs["check"])["Plan"] == "skipped"  # it could show what validate refused
    said = "which \\`fraud-scorer\\` serves, was trained on other inputs"
    assert said in jobs["check"].summary
    assert said in github.comments[0]["body"]
    assert jobs["check"].result == "failure"


@pytest.mark.parametrize("who", [{"head_repository": "mallory/ml"}, {"login": "dependabot[bot]"}])
def test_a_stranger_is_checked_and_told_in_the_summary_and_gets_no_token(
    repository: Repository, runner: Runner, github: GitHub, who: dict[str, str]
) -> None:
    git(repository.clone, "checkout", "-q", "-b", "fork")
    repository.edit(*DEEPER)
    repository.render()
    repository.commit("Grow deeper trees")
    jobs = checked(runner, repository, repository.request(**who))
    assert jobs["comment"].result == "skipped"
    assert github.requests == []
    assert jobs["check"].result == "success"
    assert "retrains" in jobs["check"].summary


def test_bitbucket_is_told_by_a_report(tmp_path: Path) -> None:
    repository = Repository(tmp_path, "bitbucket")
    base = git(repository.clone, "rev-parse", "HEAD")
    step = yaml.safe_load((repository.clone / "bitbucket-pipelines.yml").read_text())["pipelines"]["pull-requests"]
    host = Bitbucket()
    with serving(host):
        variables = {
            "BITBUCKET_CLONE_DIR": str(repository.clone),
            "BITBUCKET_PR_DESTINATION_COMMIT": base[:12],
            "BITBUCKET_COMMIT": host.commit,
            "BITBUCKET_REPO_FULL_NAME": host.repository,
            "BITBUCKET_API_PROXY": host.address,
        }
        repository.edit(*DEEPER)
        repository.commit("Grow deeper trees")
        script, after = piped(repository.clone, step["**"][0]["step"], variables)
        assert script.returncode != 0, "the tree is stale"
        assert "stale: generated/payments" in script.stdout
        assert after.returncode == 0, after.stderr
        report = host.reports["mlopsctl-payments"]
        assert report["result"] == "FAILED"
        assert "retrains" in report["details"]
        repository.edit(*RETYPED)
        piped(repository.clone, step["**"][0]["step"], variables)
        assert host.reports["mlopsctl-payments"]["data"][0]["value"] > 0
        paths = {
            annotation["path"]
            for annotation in host.annotations["mlopsctl-payments"]
            if annotation["severity"] == "HIGH"
        }
        assert SPEC in paths


def piped(folder: Path, step: dict[str, Any], variables: dict[str, str]) -> Any:
    """Run a step as Bitbucket does: the script in one shell that stops at a failure, and then what comes after."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    around = {"PATH": path, "HOME": str(folder.parent), **variables}

    def shell(lines: list[str], **more: str) -> subprocess.CompletedProcess[str]:
        call = ["bash", "-e", "-c", "\n".join(lines)]
        return subprocess.run(call, cwd=folder, env={**around, **more}, capture_output=True, text=True, check=False)

    script = shell(step["script"])
    return script, shell(step["after-script"], BITBUCKET_EXIT_CODE=str(script.returncode))
