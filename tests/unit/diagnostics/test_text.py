"""The terminal's text: its layout, and that no spec can steer the terminal or show a secret."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from unit.diagnostics.findings import FILE, HOSTILE, bare, document, place, source_line, stale

from mlopsctl.diagnostics import codes
from mlopsctl.diagnostics.codes import reading
from mlopsctl.diagnostics.model import Diagnostic, Place, Severity, Span
from mlopsctl.diagnostics.render import text

SECRET = Diagnostic("MLC021", Severity.ERROR, "a password in plain text", place(5, 13, 10, "this value"))


def rendered(*findings: Diagnostic, environments: tuple[str, ...] = (), line: str | None = None) -> str:
    lookup = source_line if line is None else lambda _file, _line: line
    return text.render(document(*findings, environments=environments), lookup, colour=False)


@pytest.fixture
def redacted(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    marked = replace(reading.DIRECTIVE, redact=True)
    find = codes.find
    monkeypatch.setattr(codes, "find", lambda code: marked if code == marked.code else find(code))
    yield


def test_a_finding_is_laid_out_like_a_compiler_s() -> None:
    assert rendered(stale()) == (
        "error[MLC301]: feature view `card_activity` goes stale before it is refreshed\n"
        "  --> systems/card-fraud/mlops.yaml:27:12\n"
        "   |\n"
        "27 |       ttl: 30m\n"
        "   |            ^^^ shorter than cadence 15m + materialize.every 30m = 45m\n"
        "   |\n"
        "12 |       cadence: 15m\n"
        "   |                --- new rows land this often\n"
        "   = help: a ttl of 45m or more, or materialize every 10m\n"
        "\n"
        "1 error in 1 file\n"
    )


def test_two_places_of_one_line_share_it_and_other_files_follow() -> None:
    finding = replace(
        stale(),
        place=place(14, 42, 7, "again here"),
        related=(
            place(3, 3, 4, "this environment", "workspace.yaml"),
            place(27, 7, 3, "later"),
            place(14, 17, 7, "first here"),
            place(12, 7, 7),
        ),
    )
    assert rendered(finding.in_environment("prod"), environments=("dev", "prod")) == (
        "error[MLC301]: feature view `card_activity` goes stale before it is refreshed\n"
        "  --> systems/card-fraud/mlops.yaml:14:42\n"
        "   |\n"
        "14 |       columns: {card_id: {type: string}, card_id: {type: int64}}\n"
        "   |                                          ^^^^^^^ again here\n"
        "   |                 ------- first here\n"
        "   |\n"
        "12 |       cadence: 15m\n"
        "   |       -------\n"
        "   |\n"
        "27 |       ttl: 30m\n"
        "   |       --- later\n"
        "   |\n"
        "  ::: workspace.yaml:3:3\n"
        "   |\n"
        "3  |   prod: {}\n"
        "   |   ---- this environment\n"
        "   = help: a ttl of 45m or more, or materialize every 10m\n"
        "   = in environments: prod\n"
        "\n"
        "1 error in 1 file\n"
    )


def test_without_a_source_the_labels_stay() -> None:
    finding = replace(stale(), place=Place(Span("gone.yaml", 1, 1, 1, 1), "this file"), related=())
    assert rendered(finding) == (
        "error[MLC301]: feature view `card_activity` goes stale before it is refreshed\n"
        " --> gone.yaml:1:1\n"
        "  = note: this file\n"
        "  = help: a ttl of 45m or more, or materialize every 10m\n"
        "\n"
        "1 error in 1 file\n"
    )


def test_a_finding_without_a_place_and_a_help_of_two_lines() -> None:
    assert rendered(bare("nothing is locked", "run this:\n  mlopsctl lock")) == (
        "warning[MLC999]: nothing is locked\n  = help: run this:\n            mlopsctl lock\n\n1 warning\n"
    )


def test_the_summary_counts_what_there_is() -> None:
    notes = (bare(str(n), severity=Severity.NOTE) for n in range(3))
    assert rendered(stale(), replace(stale(), message="x"), bare("x"), *notes).endswith(
        "\n\n2 errors, 1 warning, 3 notes in 1 file\n"
    )


def test_no_finding_is_no_text() -> None:
    assert rendered() == ""


def test_colour_adds_nothing_but_colour() -> None:
    for finding in (stale(), bare("x", "y")):
        coloured = text.render(document(finding), source_line, colour=True)
        assert "\x1b[1;31merror[MLC301]" in coloured or "\x1b[1;33mwarning[MLC999]" in coloured
        assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == rendered(finding)


def test_a_long_line_is_cut_around_its_place() -> None:
    line = "a" * 200 + "HERE" + "b" * 200
    finding = replace(stale(), place=place(5, 201, 4, "x"), related=(place(5, 1, 3), place(5, 399, 4)), help="")
    shown = rendered(finding, line=line).split("\n")
    assert shown[3].startswith("5 | …a") and shown[3].endswith("b…")
    assert len(shown[3]) < 120
    column = shown[3].index("HERE")
    assert shown[4] == "  | ".ljust(column) + "^^^^ x"
    assert all(len(row) < 120 for row in shown)


def test_tabs_and_wide_letters_keep_the_strokes_in_place() -> None:
    finding = replace(stale(), related=(), help="")
    rows = rendered(replace(finding, place=place(5, 5, 1)), line="\ta日é X").split("\n")
    assert rows[3:5] == ["5 | \\ta日é X", "  |       ^"]
    rows = rendered(replace(finding, place=place(5, 2, 3)), line="\tZ日X").split("\n")
    assert rows[3:5] == ["5 | \\tZ日X", "  |   ^^^^"]


def test_an_empty_place_and_one_behind_the_line_still_get_a_stroke() -> None:
    finding = replace(stale(), related=(), help="")
    assert rendered(replace(finding, place=place(5, 3, 0)), line="ab").split("\n")[4] == "  |   ^"
    assert rendered(replace(finding, place=place(5, 30, 2)), line="ab").split("\n")[4] == "  |   ^"
    assert rendered(replace(finding, place=place(5, 1, 2)), line="").split("\n")[3:5] == ["5 |", "  | ^"]


def test_a_place_of_many_lines_underlines_the_rest_of_its_first() -> None:
    finding = replace(stale(), place=Place(Span(FILE, 27, 7, 30, 2), "this block"), related=(), help="")
    assert rendered(finding).split("\n")[4] == "   |       ^^^^^^^^ this block"


def test_a_secret_is_masked_in_its_line_and_in_the_line_of_every_other_finding(redacted: None) -> None:
    line = "  password: hunter2xyz  # keep"
    other = replace(stale(), place=place(5, 3, 8, "unknown key"), related=(place(5, 27, 4, "why"),), help="")
    for shown in (rendered(SECRET, line=line), rendered(SECRET, other, line=line)):
        assert "hunter" not in shown
        assert "5 |   password: ***  # keep\n  |             ^^^ this value\n" in shown
    assert "  |                    ---- why\n" in rendered(SECRET, other, line=line)


def test_a_secret_of_many_lines_is_masked_in_each(redacted: None) -> None:
    key = replace(SECRET, place=Place(Span(FILE, 5, 8, 8, 1)))
    other = replace(stale(), place=place(6, 1, 3), related=(place(8, 1, 3),))
    lines = {5: "  key: |", 6: "    -----BEGIN", 7: "    abcdef", 8: "  next: 1"}
    shown = text.render(document(key, other), lambda _file, line: lines[line], colour=False)
    assert "BEGIN" not in shown
    assert "6 | ***\n" in shown
    assert "8 |   next: 1\n" in shown


@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=60), st.integers(1, 70), st.integers(0, 70))
def test_nothing_a_spec_holds_reaches_the_terminal_raw(
    message: str, label: str, line: str, column: int, length: int
) -> None:
    finding = replace(stale(), message=message, place=place(5, column, length, label), help=label, related=())
    shown = rendered(finding, line=line.replace("\n", " "))
    assert all(row.isprintable() for row in shown.split("\n"))


def test_escape_sequences_and_invisible_characters_are_spelt_out() -> None:
    finding = replace(stale(), message=HOSTILE, place=place(5, 1, 3, HOSTILE, HOSTILE), help=HOSTILE, related=())
    shown = rendered(finding, line=HOSTILE)
    assert "\\x1b[2J\\x1b]8;;" in shown
    assert "\\u202e\\u200b" in shown
    assert not any(row.startswith("::error") for row in shown.split("\n"))
    assert all(row.isprintable() for row in shown.split("\n"))
