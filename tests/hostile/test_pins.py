"""No pin has a known hole, but those that somebody else's bounds force, each named here with what keeps it apart.

Oracle: constraints/holes.txt, a dated list. It is put together by hand: an auditor's database is not always in reach.
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from packaging.version import Version

CONSTRAINTS = Path(__file__).resolve().parents[2] / "constraints"
# File and package, and why the pin stays.
FORCED = {
    (
        "polyaxon.txt",
        "jinja2",
    ): "polyaxon 2.18 wants less than 3.1.5; only its conformance tests install it, on own files",
    ("serve.txt", "starlette"): "mlserver 1.7.1 wants fastapi below 0.116; an environment of its own, on loopback",
}


def holes() -> list[tuple[str, Version, str]]:
    lines = (CONSTRAINTS / "holes.txt").read_text().splitlines()
    words = [line.split() for line in lines if not line.startswith("#")]
    return [(name, Version(fixed), number) for name, fixed, number in words]


def pins() -> list[tuple[str, str, Version]]:
    files = [file for file in CONSTRAINTS.glob("*.txt") if file.name != "holes.txt"]
    lines = [(file.name, line) for file in files for line in file.read_text().splitlines() if "==" in line[:60]]
    matches = [(name, re.match(r"([a-z0-9.-]+)==([^\s;]+)", line)) for name, line in lines if not line.startswith("#")]
    return [(name, match[1], Version(match[2])) for name, match in matches if match]


def test_every_pin_with_a_known_hole_is_one_that_is_forced_and_kept_apart() -> None:
    open_holes = {
        (file, name) for file, name, version in pins() for hole, fixed, _ in holes() if hole == name and version < fixed
    }
    assert open_holes == set(FORCED)


def test_a_forced_pin_is_said_in_its_own_file() -> None:
    for file, package in FORCED:
        said = [line for line in (CONSTRAINTS / file).read_text().splitlines() if line.startswith("#")]
        assert any(package in line and "holes.txt" in line for line in said), (file, package)


def test_the_list_is_dated_and_names_packages_that_are_pinned() -> None:
    dated = re.search(r"as of (\d{4}-\d{2}-\d{2})", (CONSTRAINTS / "holes.txt").read_text())
    assert dated
    assert date.fromisoformat(dated[1]) >= date(2026, 11, 29)
    assert {name for name, _, _ in holes()} <= {name for _, name, _ in pins()}
    assert all(re.fullmatch(r"CVE-\d{4}-\d{4,}", number) for _, _, number in holes())
