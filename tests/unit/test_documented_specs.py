"""Specs in the documentation: each snippet, put into a project, is valid."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from projects import SPEC, WORKSPACE, checked

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES = ("patches.md",)
SNIPPET = re.compile(r"```yaml\n# (mlops|workspace)\.yaml\nspec:\n(.*?)```", re.DOTALL)


@pytest.mark.parametrize("page", PAGES)
def test_every_spec_of_a_page_is_valid(page: str) -> None:
    text = (DOCS / page).read_text(encoding="utf-8")
    snippets = SNIPPET.findall(text)
    assert len(snippets) == text.count("```yaml") > 0
    for file, section in snippets:
        spec = SPEC + section if file == "mlops" else SPEC
        workspace = WORKSPACE + section if file == "workspace" else WORKSPACE
        result = checked(spec, workspace=workspace)
        assert [
            (diagnostic.code, diagnostic.message)
            for diagnostic in result.diagnostics
            if diagnostic.severity.value == "error"
        ] == []
        assert any(environment.patches or environment.systems[0].patches for environment in result.shared)
