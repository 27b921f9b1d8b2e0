"""The documentation for the next person: decisions in order, and a README in each example that names what is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = sorted(path for path in (ROOT / "examples").iterdir() if path.is_dir())


def test_decisions_are_numbered_without_gaps() -> None:
    files = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    headings = [file.read_text(encoding="utf-8").partition("\n")[0] for file in files]
    assert [int(file.name[:4]) for file in files] == list(range(1, len(files) + 1))
    assert [int(re.match(r"# (\d+)\. ", heading)[1]) for heading in headings] == list(range(1, len(files) + 1))  # type: ignore[index]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.name)
def test_an_example_has_a_readme_that_names_each_of_its_files(example: Path) -> None:
    text = (example / "README.md").read_text(encoding="utf-8")
    named = re.findall(r"^\| `([^`]+)` \|", text, re.MULTILINE)
    assert named
    assert [name for name in named if not (example / name).exists()] == []
    top = {path.name for path in example.iterdir() if path.name not in ("README.md", "data") and path.name[0] != "."}
    assert {name.partition("/")[0] for name in named} == top
