"""CONTRIBUTING.md: the files it names exist; its recipe for a rule works in a copy with three files and no other."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
PLACEHOLDER = re.compile(r"<[a-zA-Z]+>")
NAMED = sorted(set(re.findall(r"`((?:mlopsctl|tests|docs)/[^`\s]*)`", PAGE)))
RECIPE = PAGE.split("## Add a rule")[1].split("\n## ")[0]


@pytest.mark.parametrize("name", NAMED)
def test_a_file_that_the_page_names_exists(name: str) -> None:
    pattern = PLACEHOLDER.sub("*", name).rstrip("/")
    assert list(ROOT.glob(pattern)), f"nothing matches {pattern}"


def test_the_recipe_for_a_rule_names_three_places() -> None:
    assert re.findall(r"^\d\. `([^`]+)`", RECIPE, re.MULTILINE) == [
        "mlopsctl/diagnostics/codes/<hundred>.py",
        "mlopsctl/rules/<concern>.py",
        "tests/errors/<CODE>-<case>/",
    ]


CODE = """

SHORT_OWNER = Code(
    "MLC799",
    "the owner has a short name",
    Severity.ERROR,
    "Nobody finds a team by two letters.",
    "name the team",
    "metadata: {name: card-fraud, owner: ds}\\n",
    "metadata: {name: card-fraud, owner: team-risk}\\n",
)
CODES = (*CODES, SHORT_OWNER)
"""
RULE = '''

def short_owner(system: System) -> Iterator[Diagnostic]:
    """Report an owner of fewer than three letters."""
    owner = system.metadata.owner
    if system.origin and len(owner) < 3:
        yield codes.SHORT_OWNER.at(system.origin.value("metadata", "owner"), f"the owner `{owner}` is short")


RULES = (*RULES, short_owner)
'''


def test_a_rule_takes_a_code_a_function_and_a_case(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "mlopsctl", tmp_path / "mlopsctl", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "tests" / "errors" / "MLC301-ttl", tmp_path / "case")
    append(tmp_path / "mlopsctl" / "diagnostics" / "codes" / "policy.py", CODE)
    append(tmp_path / "mlopsctl" / "rules" / "policy.py", RULE)
    case = tmp_path / "case" / "mlops.yaml"
    case.write_text(case.read_text().replace("team-risk", "ds").replace("ttl: 40m", "ttl: 2h"))
    environ = {**os.environ, "PYTHONPATH": str(tmp_path)}
    words = [sys.executable, "-m", "mlopsctl"]
    ended = subprocess.run(
        [*words, "validate", case], env=environ, cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (ended.returncode, "MLC799" in ended.stderr, "case/mlops.yaml:3:" in ended.stderr) == (1, True, True), ended
    explained = subprocess.run(
        [*words, "explain", "MLC799"], env=environ, cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert "Nobody finds a team by two letters." in explained.stdout


def append(file: Path, text: str) -> None:
    file.write_text(file.read_text(encoding="utf-8") + text, encoding="utf-8")
