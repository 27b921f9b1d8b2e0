"""Specs in the documentation are valid: a snippet put into a project, and the whole documents of a page as one project.

A whole document begins with a comment that names its file, as `# workspace.yaml`.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from projects import SPEC, WORKSPACE, documents

import mlopsctl
from mlopsctl.compiler import check
from mlopsctl.diagnostics.model import Severity

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES = ("patches.md", "extra-manifests.md")
SNIPPET = re.compile(r"```yaml\n# (mlops|workspace)\.yaml\nspec:\n(.*?)```", re.DOTALL)
DOCUMENT = re.compile(r"^```yaml\n# (\S+\.ya?ml)\n(apiVersion: .*?)^```$", re.MULTILINE | re.DOTALL)
PROJECTS = {page.name: DOCUMENT.findall(page.read_text(encoding="utf-8")) for page in sorted(DOCS.glob("*.md"))}
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


def test_a_page_has_a_whole_project() -> None:
    assert "environments.md" in [name for name, blocks in PROJECTS.items() if blocks]


@pytest.mark.parametrize("page", [name for name, blocks in PROJECTS.items() if blocks])
def test_the_whole_documents_of_a_page_are_valid(page: str, tmp_path: Path) -> None:
    for name, text in PROJECTS[page]:
        file = tmp_path / name
        assert not file.exists(), f"{page} has two files {name}"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    names = [name for name, _ in PROJECTS[page]]
    start = "workspace.yaml" if "workspace.yaml" in names else names[0]
    checked = mlopsctl.check(mlopsctl.load(tmp_path / start))
    assert [diagnostic for diagnostic in checked.diagnostics if diagnostic.severity.word != "note"] == []
