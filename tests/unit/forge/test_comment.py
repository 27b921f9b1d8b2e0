"""One comment a workspace on a pull request: made once, brought up to date, never somebody else's."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hosts import GitHub, serving

from mlopsctl import cli

from .verb_output import finding, folder

PLAN = "**1 model retrains**\n\n- card-fraud: retrains\n"
REVIEWERS = json.dumps({"reviewers": ["team-risk", "team-growth"]})


@pytest.fixture
def github(monkeypatch: pytest.MonkeyPatch) -> Iterator[GitHub]:
    host = GitHub()
    with serving(host) as address:
        monkeypatch.setenv("GITHUB_API_URL", address)
        monkeypatch.setenv("GITHUB_REPOSITORY", host.repository)
        monkeypatch.setenv("GITHUB_TOKEN", host.token)
        monkeypatch.setenv("GITHUB_SERVER_URL", "https://github.example.com")
        monkeypatch.setenv("GITHUB_RUN_ID", "42")
        yield host


@pytest.fixture
def comment(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    def call(at: Path, *arguments: str) -> tuple[object, str, str]:
        monkeypatch.setattr("sys.argv", ["mlopsctl", "comment", str(at), "--workspace", "payments", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        seen = capsys.readouterr()
        return ended.value.code, seen.out, seen.err

    return call


ON_GITHUB = ("--on", "github", "--number", "7")


def test_the_first_run_makes_the_comment_and_asks_the_owners(github: GitHub, comment: Any, tmp_path: Path) -> None:
    at = folder(tmp_path, finding(), plan_md=PLAN, diff_md="`rules.yaml` differs\n", plan_json=REVIEWERS)
    code, out, err = comment(at, *ON_GITHUB)
    assert (code, err) == (0, "")
    (posted,) = github.comments
    lines = posted["body"].split("\n")
    assert lines[:3] == ["<!-- mlopsctl:payments -->", "<!-- asked:team-risk team-growth -->", "### mlopsctl: payments"]
    assert PLAN in posted["body"]
    assert "<summary>Changes in the rendered files</summary>\n\n`rules.yaml` differs" in posted["body"]
    assert "MLC301" in posted["body"]
    assert github.reviewers == ["team-risk", "team-growth"]
    assert out == "the comment was made\nrequested a review from team-risk\nrequested a review from team-growth\n"


def test_the_next_run_brings_the_same_comment_up_to_date_and_asks_only_new_owners(
    github: GitHub, comment: Any, tmp_path: Path
) -> None:
    github.comment("first!", login="ann", kind="User")
    comment(folder(tmp_path, plan_md=PLAN, plan_json='{"reviewers": ["team-risk"]}'), *ON_GITHUB)
    comment(folder(tmp_path, plan_md="nothing changes\n", plan_json=REVIEWERS), *ON_GITHUB)
    assert len(github.comments) == 2
    assert "nothing changes" in github.comments[1]["body"]
    assert PLAN not in github.comments[1]["body"]
    assert github.reviewers == ["team-risk", "team-growth"]
    assert comment(tmp_path, *ON_GITHUB)[1] == "the comment is up to date\n"
    assert [request.method for request in github.requests].count("PATCH") == 1


def test_the_comment_is_found_behind_hundreds_of_others(github: GitHub, comment: Any, tmp_path: Path) -> None:
    for number in range(250):
        github.comment(f"{number}", login="ann", kind="User")
    github.comment("<!-- mlopsctl:payments -->\nold")
    comment(folder(tmp_path, plan_md=PLAN), *ON_GITHUB)
    assert len(github.comments) == 251
    assert PLAN in github.comments[-1]["body"]


def test_a_marker_that_a_person_wrote_or_another_workspace_is_left_alone(
    github: GitHub, comment: Any, tmp_path: Path
) -> None:
    forged = "<!-- mlopsctl:payments -->\nmine"
    other = "<!-- mlopsctl:payments-eu -->\nother"
    github.comment(forged, login="mallory", kind="User")
    github.comment(other)
    github.comment(f"> {forged}")
    comment(folder(tmp_path, plan_md=PLAN), *ON_GITHUB)
    assert [comment["body"] for comment in github.comments[:3]] == [forged, other, f"> {forged}"]
    assert len(github.comments) == 4


def test_an_owner_that_is_no_team_keeps_nothing_from_being_said(github: GitHub, comment: Any, tmp_path: Path) -> None:
    reviewers = json.dumps({"reviewers": ["nobody", "team-risk", "../../x", "Team", 7, "a" * 64]})
    code, out, _ = comment(folder(tmp_path, plan_md=PLAN, plan_json=reviewers), *ON_GITHUB)
    assert code == 0
    assert github.reviewers == ["team-risk"]
    assert "::warning::cannot request a review from nobody: POST" in out
    assert "422 Could not resolve to a node" in out
    assert "<!-- asked:team-risk -->" in github.comments[0]["body"]
    team_reviewers = [request.body["team_reviewers"] for request in github.requests if "reviewers" in request.path]
    assert team_reviewers == [["nobody"], ["team-risk"]]


def test_specs_with_errors_are_told_though_nothing_was_planned(github: GitHub, comment: Any, tmp_path: Path) -> None:
    comment(folder(tmp_path, finding(severity="error", message="no @such `thing`")), *ON_GITHUB)
    body = github.comments[0]["body"]
    assert "1 error" in body
    assert "no @<!-- -->such" in body


def test_what_is_too_long_is_cut_and_the_rest_is_linked(github: GitHub, comment: Any, tmp_path: Path) -> None:
    at = folder(tmp_path, plan_md="- line\n" * 20_000, diff_md="+ x\n" * 20_000)
    assert comment(at, *ON_GITHUB)[0] == 0
    body = github.comments[0]["body"]
    assert len(body) < 62_000
    assert "The full report is in [the run's summary](https://github.example.com/acme/ml/actions/runs/42)." in body
    assert "Changes in the rendered files: too long to show here." in body
    whole = comment(at)[1]
    assert whole.count("- line\n") == 20_000
    assert whole.count("+ x\n") == 20_000


def test_a_thousand_findings_leave_a_comment_that_is_taken(github: GitHub, comment: Any, tmp_path: Path) -> None:
    entries = [finding(line, "error", "wrong " * 40) for line in range(1, 1000)]
    assert comment(folder(tmp_path, *entries, plan_md=PLAN * 100, diff_md="x\n"), *ON_GITHUB)[0] == 0
    assert "`mlopsctl validate` shows them all" in github.comments[0]["body"]
    assert len(github.comments[0]["body"]) < 65_536
    assert PLAN not in github.comments[0]["body"], "of specs with errors nothing is planned"


def test_a_block_of_code_that_is_cut_is_closed(github: GitHub, comment: Any, tmp_path: Path) -> None:
    comment(folder(tmp_path, plan_md="````\n" + "x\n" * 60_000 + "````\n"), *ON_GITHUB)
    assert "\nx\n````\n\nTruncated. The full" in github.comments[0]["body"]


@pytest.mark.parametrize("status", [301, 302, 307, 403, 404, 500])
def test_a_host_that_refuses_is_one_sentence_and_no_token(
    status: int, github: GitHub, comment: Any, tmp_path: Path
) -> None:
    github.trouble = lambda request: (status, {"message": f"no: {request.token}"[:3]})
    code, out, err = comment(folder(tmp_path, plan_md=PLAN), *ON_GITHUB)
    assert code == 1
    assert err.startswith(f"error: GET /repos/acme/ml/issues/7/comments?per_page=100&page=1: {status} no:")
    assert github.token not in out + err
    assert [request.path for request in github.requests if "elsewhere" in request.path] == []


def test_a_host_that_is_not_there_is_one_sentence(
    comment: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(GitHub()) as address:
        pass
    monkeypatch.setenv("GITHUB_API_URL", address)
    monkeypatch.setenv("GITHUB_REPOSITORY", "acme/ml")
    monkeypatch.setenv("GITHUB_TOKEN", "t0ken")
    code, _, err = comment(folder(tmp_path, plan_md=PLAN), *ON_GITHUB)
    assert code == 1
    assert "Connection refused" in err


@pytest.mark.parametrize("name", ["GITHUB_TOKEN", "GITHUB_REPOSITORY"])
def test_a_variable_that_is_missing_or_odd_is_wrong_use_and_is_not_shown(
    name: str, github: GitHub, comment: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, "s3cret\nx: y")
    code, out, err = comment(folder(tmp_path, plan_md=PLAN), *ON_GITHUB)
    assert code == 2
    assert f"the variable {name} has an invalid value" in err
    assert "s3cret" not in out + err
    monkeypatch.delenv(name)
    assert f"the variable {name} is not set" in comment(tmp_path, *ON_GITHUB)[2]
    assert github.requests == []


@pytest.mark.parametrize("number", ["0", "-1", "7; rm -rf /", "99999999999", ""])
def test_a_number_that_is_none_is_wrong_use(number: str, github: GitHub, comment: Any, tmp_path: Path) -> None:
    assert comment(folder(tmp_path), "--on", "github", "--number", number)[0] == 2
    assert comment(folder(tmp_path), "--on", "github")[0] == 2
    assert github.requests == []


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("findings.json", "[]", "findings.json is not a JSON object"),
        ("findings.json", "{}", "findings.json is not an output of `mlopsctl validate -o json`"),
        ("findings.json", '{"summary": {"errors": 1}, "diagnostics": [{"code": 1}]}', "is not an output of"),
        ("plan.json", "[" * 100_000, "plan.json is not a JSON object"),
        ("plan.md", "x" * (5 << 20), "plan.md is larger than 4 MiB"),
    ],
)
def test_a_file_that_no_verb_wrote_is_refused(
    name: str, text: str, said: str, github: GitHub, comment: Any, tmp_path: Path
) -> None:
    (folder(tmp_path) / name).write_text(text)
    code, _, err = comment(tmp_path, *ON_GITHUB)
    assert code == 1
    assert said in err
    assert github.requests == []


def test_no_link_is_followed_and_no_pipe_waited_for(github: GitHub, comment: Any, tmp_path: Path) -> None:
    import os

    secret = tmp_path / "secret"
    secret.write_text("s3cret")
    at = folder(tmp_path / "found")
    (at / "plan.md").symlink_to(secret)
    code, out, err = comment(at, *ON_GITHUB)
    assert code == 1
    assert "s3cret" not in out + err
    (at / "plan.md").unlink()
    os.mkfifo(at / "plan.md")
    assert comment(at, *ON_GITHUB)[0] == 0


def test_a_name_that_is_no_workspace_is_wrong_use(comment: Any, tmp_path: Path) -> None:
    assert comment(folder(tmp_path), "--workspace", "x --> <b>")[0] == 2
