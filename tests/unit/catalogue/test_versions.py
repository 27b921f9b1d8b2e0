from __future__ import annotations

import pytest

from mlopsctl.catalogue.versions import at_least, is_of, parts


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("4.1", (4, 1)),
        ("v4.1.2", (4, 1, 2)),
        ("1.19.0-rc1", (1, 19, 0)),
        ("2", (2,)),
        ("latest", ()),
        ("1.x", (1,)),
    ],
)
def test_the_leading_numbers_of_a_version_are_read(text: str, numbers: tuple[int, ...]) -> None:
    assert parts(text) == numbers


@pytest.mark.parametrize(
    ("version", "since", "newer"),
    [
        ("0.20", "0.9", True),
        ("3.7", "4.0", False),
        ("4.0", "4.0", True),
        ("4.0.10", "4.0", True),
        ("2", "2.10", True),
    ],
)
def test_versions_are_compared_as_numbers(version: str, since: str, newer: bool) -> None:
    assert at_least(version, since) is newer


@pytest.mark.parametrize(
    ("version", "line", "belongs"),
    [
        ("4.1.2", "4.1", True),
        ("4.10", "4.1", False),
        ("4", "4.1", False),
        ("2.10", "2", True),
        ("2", "", False),
    ],
)
def test_a_version_belongs_to_the_line_it_continues(version: str, line: str, belongs: bool) -> None:
    assert is_of(version, line) is belongs
