"""The report beside a pull request of Bitbucket's: its fields, its annotations, and nothing left of an earlier run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hosts import Bitbucket, serving

from mlopsctl import cli

from .verb_output import finding, folder


@pytest.fixture
def bitbucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[Bitbucket]:
    host = Bitbucket()
    with serving(host) as address:
        monkeypatch.setenv("BITBUCKET_API_PROXY", address)
        monkeypatch.setenv("BITBUCKET_REPO_FULL_NAME", host.repository)
        monkeypatch.setenv("BITBUCKET_COMMIT", host.commit)
        monkeypatch.setenv("BITBUCKET_EXIT_CODE", "0")
        yield host


@pytest.fixture
def report(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    def call(at: Path) -> tuple[object, str, str]:
        words = ["mlopsctl", "comment", str(at), "--workspace", "payments", "--on", "bitbucket"]
        monkeypatch.setattr("sys.argv", words)
        with pytest.raises(SystemExit) as ended:
            cli.main()
        seen = capsys.readouterr()
        return ended.value.code, seen.out, seen.err

    return call


def test_plan_numbers_and_owners_are_in_the_report(bitbucket: Bitbucket, report: Any, tmp_path: Path) -> None:
    planned = {"plan_md": "**x**\n", "plan_txt": "1 model retrains\n", "plan_json": '{"reviewers": ["team-risk"]}'}
    at = folder(tmp_path, finding(12), **planned)
    assert report(at) == (0, "the report is written, with 1 annotation\n", "")
    assert bitbucket.reports["mlopsctl-payments"] == {
        "title": "mlopsctl: payments",
        "details": "1 model retrains\n",
        "report_type": "TEST",
        "reporter": "mlopsctl",
        "result": "PASSED",
        "data": [
            {"title": "Errors", "type": "NUMBER", "value": 0},
            {"title": "Warnings", "type": "NUMBER", "value": 1},
            {"title": "Reviewers", "type": "TEXT", "value": "team-risk"},
        ],
    }
    assert bitbucket.annotations["mlopsctl-payments"] == [
        {
            "external_id": "mlopsctl-payments-0",
            "annotation_type": "CODE_SMELL",
            "severity": "MEDIUM",
            "path": "ml/mlops.yaml",
            "line": 12,
            "summary": "MLC301: goes stale",
            "details": "help: a ttl of 45m",
        }
    ]


def test_nothing_is_left_of_an_earlier_run_of_the_same_commit(
    bitbucket: Bitbucket, report: Any, tmp_path: Path
) -> None:
    report(folder(tmp_path, *(finding(line) for line in range(1, 6))))
    report(folder(tmp_path, finding(2, "error")))
    assert [annotation["line"] for annotation in bitbucket.annotations["mlopsctl-payments"]] == [2]
    assert bitbucket.reports["mlopsctl-payments"]["result"] == "FAILED"
    assert "; no plan" in bitbucket.reports["mlopsctl-payments"]["details"]


def test_a_thousand_annotations_go_by_hundreds_and_no_more(bitbucket: Bitbucket, report: Any, tmp_path: Path) -> None:
    report(folder(tmp_path, *(finding(line) for line in range(1, 1235)), plan_txt="x" * 5000))
    assert len(bitbucket.annotations["mlopsctl-payments"]) == 1000
    assert [request.method for request in bitbucket.requests].count("POST") == 10


def test_a_script_that_failed_fails_the_report(
    bitbucket: Bitbucket, report: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BITBUCKET_EXIT_CODE", "3")
    report(folder(tmp_path, plan_txt="the tree is stale\n"))
    assert bitbucket.reports["mlopsctl-payments"]["result"] == "FAILED"


def test_a_host_that_refuses_is_one_sentence(bitbucket: Bitbucket, report: Any, tmp_path: Path) -> None:
    bitbucket.trouble = lambda _: (403, {"error": {"message": "forbidden"}})
    code, _, err = report(folder(tmp_path))
    assert code == 1
    assert err == "error: DELETE /repositories/acme/ml/commit/ffffffffffff/reports/mlopsctl-payments: 403 forbidden\n"
