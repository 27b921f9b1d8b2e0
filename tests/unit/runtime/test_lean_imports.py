"""Feast and Deepchecks are imported without work that no step needs, and nothing of it outlives the import."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

FEAST = """\
import typeguard
checked = typeguard.typechecked
from mlopsctl.engines.feast.backend.project import library
feast = library()
assert typeguard.typechecked is checked
names = feast.FeatureView.__init__.__code__.co_names
assert not any("check" in name for name in names), names
@typeguard.typechecked
def length(text: str) -> int:
    return len(text)
try:
    length(3)
except typeguard.TypeCheckError:
    print("checked")
"""
DEEPCHECKS = """\
import sys
from mlopsctl.engines.deepchecks.backend import library
library()
assert "jsonschema" in sys.modules and "lark" not in sys.modules
assert "rfc3987_syntax" not in sys.modules
import rfc3987_syntax
print("there")
"""


def said(folder: Path, code: str) -> str:
    """Run code from a file: typeguard reads the text of what it checks."""
    program = folder / "program.py"
    program.write_text(code)
    done = subprocess.run([sys.executable, "-W", "ignore", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_feast_has_no_type_checks_of_typeguard_and_other_code_keeps_them(tmp_path: Path) -> None:
    pytest.importorskip("feast")
    assert said(tmp_path, FEAST) == "checked"


def test_deepchecks_compiles_no_grammar_and_the_library_that_has_them_can_still_be_imported(tmp_path: Path) -> None:
    pytest.importorskip("deepchecks")
    pytest.importorskip("rfc3987_syntax")
    assert said(tmp_path, DEEPCHECKS) == "there"
