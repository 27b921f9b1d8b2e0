"""Specs in the documentation: each snippet, put into a project, is valid."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from projects import SPEC, WORKSPACE, documents

from mlopsctl.compiler import check
from mlopsctl.diagnostics.model import Severity

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES = ("patches.md", "extra-manifests.md")
SNIPPET = re.compile(r"```yaml\n# (mlops|workspace)\.yaml\nspec:\n(.*?)```", re.DOTALL)
BUDGET = "apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: scorer}\nspec: {minAvailable: 1}\n"
NETWORK = "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: scorer}\nspec: {podSelector: {}}\n"
READERS = "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: readers}\nrules: []\n"
FILES = {
    "systems/0/extra/budget.yaml": BUDGET,
    "systems/0/extra/network.yaml": NETWORK,
    "extra/readers.yaml": READERS,
}


@pytest.mark.parametrize("page", PAGES)
def test_every_spec_of_a_page_is_valid(page: str) -> None:
    text = (DOCS / page).read_text(encoding="utf-8")
    snippets = SNIPPET.findall(text)
    assert len(snippets) == text.count("```yaml") > 0
    for file, section in snippets:
        spec = SPEC + section if file == "mlops" else SPEC
        workspace = WORKSPACE + section if file == "workspace" else WORKSPACE
        environments, diagnostics = check(documents(spec, workspace=workspace, extra=FILES))
        assert [each.message for each in diagnostics if each.severity is Severity.ERROR] == []
        owners = [owner for shared in environments for owner in (shared, *shared.systems)]
        assert any(owner.patches or owner.extra for owner in owners)
