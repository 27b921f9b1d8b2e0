"""`mlopsctl explain`: the long answer to every code."""

from __future__ import annotations

from typing import Any

import pytest

from mlopsctl.diagnostics import codes
from mlopsctl.diagnostics.codes.entry import Code


@pytest.mark.parametrize("entry", codes.ALL, ids=lambda entry: entry.code)
def test_every_code_says_why_and_how_to_mend_it_with_two_examples(entry: Code, run: Any) -> None:
    ran = run("explain", entry.code)
    assert ran.code == 0
    assert ran.out.startswith(f"{entry.code} ({entry.severity.word}): {entry.title}\n")
    for part in ("How to fix it: ", "\nWrong:\n", "\nRight:\n"):
        assert part in ran.out
    assert max(map(len, ran.out.splitlines())) <= 120


@pytest.mark.parametrize("entry", codes.ALL, ids=lambda entry: entry.code)
def test_the_way_out_reads_as_part_of_a_sentence(entry: Code) -> None:
    assert entry.help[0].islower() or entry.help[0] in "`@", entry.help
    assert not entry.help.endswith(".")
    assert entry.why.endswith(".")
    assert entry.title[0].islower() or entry.title.split()[0].isupper() or entry.title.startswith("YAML"), entry.title


def test_case_does_not_matter_and_a_near_miss_is_helped(run: Any) -> None:
    assert run("explain", "mlc301").code == 0
    ran = run("explain", "MLC30l")
    assert ran.code == 2
    assert "did you mean `MLC301`?" in ran.err


def test_without_a_code_all_are_listed(run: Any) -> None:
    lines = run("explain").out.splitlines()
    assert [line.partition("  ")[0] for line in lines] == [entry.code for entry in codes.ALL]
