"""The specs of the documentation are valid: a page's YAML blocks that begin with a file name are one project.

A block begins with a comment that names its file, as `# workspace.yaml`, and holds a whole document. Files of one page
are validated together.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import mlopsctl

ROOT = Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"^```yaml\n# (\S+\.ya?ml)\n(apiVersion: .*?)^```$", re.MULTILINE | re.DOTALL)
PAGES = {page.name: BLOCK.findall(page.read_text(encoding="utf-8")) for page in sorted((ROOT / "docs").glob("*.md"))}


def test_pages_have_specs() -> None:
    assert "environments.md" in [name for name, blocks in PAGES.items() if blocks]


@pytest.mark.parametrize("page", [name for name, blocks in PAGES.items() if blocks])
def test_the_specs_of_a_page_are_valid(page: str, tmp_path: Path) -> None:
    for name, text in PAGES[page]:
        file = tmp_path / name
        assert not file.exists(), f"{page} has two files {name}"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    names = [name for name, _ in PAGES[page]]
    start = "workspace.yaml" if "workspace.yaml" in names else names[0]
    checked = mlopsctl.check(mlopsctl.load(tmp_path / start))
    assert [diagnostic for diagnostic in checked.diagnostics if diagnostic.severity.word != "note"] == []
