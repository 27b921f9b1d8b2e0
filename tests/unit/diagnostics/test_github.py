"""Workflow commands: one line a finding, with everything that ends a command encoded."""

from __future__ import annotations

from msgspec.structs import replace
from unit.diagnostics.findings import HOSTILE, bare, document, place, stale

from mlopsctl.diagnostics.model import Place, Severity, Span
from mlopsctl.diagnostics.render import github


def test_a_finding_is_one_command_with_its_place() -> None:
    title = document(stale())["diagnostics"][0]["title"].replace(",", "%2C").replace(":", "%3A")
    assert github.render(document(stale().in_environment("prod"), environments=("dev", "prod"))) == (
        "::error file=systems/card-fraud/mlops.yaml,line=27,endLine=27,col=12,endColumn=14,"
        + (f"title=MLC301%3A {title}::" if title else "title=MLC301::")
        + "feature view `card_activity` goes stale before it is refreshed"
        "%0Ashorter than cadence 15m + materialize.every 30m = 45m"
        "%0Asystems/card-fraud/mlops.yaml:12:16: new rows land this often"
        "%0Ahelp: a ttl of 45m or more, or materialize every 10m"
        "%0Ain environments: prod\n"
    )


def test_severities_have_github_s_names_and_a_finding_needs_no_place() -> None:
    assert github.render(document(bare("a: 100%", severity=Severity.NOTE))) == "::notice title=MLC999::a: 100%25\n"


def test_a_place_of_many_lines_has_no_columns() -> None:
    finding = replace(stale(), place=Place(Span("a,b:c.yaml", 3, 5, 6, 1)), related=(), help="")
    assert github.render(document(finding)).startswith("::error file=a%2Cb%3Ac.yaml,line=3,endLine=6,title=")


def test_no_value_begins_a_command_of_its_own() -> None:
    finding = replace(stale(), message=HOSTILE, place=place(1, 1, 1, HOSTILE, HOSTILE), help=HOSTILE)
    shown = github.render(document(finding))
    assert shown.count("\n") == 1
    assert shown.rstrip("\n").isprintable()
    head = shown.split("::")[1]
    assert [part.split("=")[0] for part in head.removeprefix("error ").split(",")] == [
        "file",
        "line",
        "endLine",
        "col",
        "endColumn",
        "title",
    ]
