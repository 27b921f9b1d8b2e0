"""CONTRIBUTING.md's recipe for a field of the language: the files that it names are needed, and no other is.

The oracle is the build of a scratch copy: the tests that hold the language, the Blueprint and the plan together.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from recipes import Copy, covers, places

PLACES = places("Add a field to the language")
EDITS = {
    "spec": (
        "    tags: dict[Label, LabelValue] = {}\n",
        '    precision: Literal["", "single", "double"] = ""\n    """The precision of the model\'s numbers."""\n',
    ),
    "mark": ("task flavor features label params seed", "precision "),
    "blueprint": ("    requirements: tuple[str, ...] = ()\n", '    precision: str = ""\n'),
    "decide": ("        requirements=spec.code.requirements,\n", "        precision=spec.precision,\n"),
    "fingerprint": ("task flavor features label image", "precision "),
    "plan": (
        '    row("model/requirements"',
        '    row("model/precision", "model.precision", Effect.RETRAINS, node="model"),\n',
    ),
}
"""What the field needs: a text of the file that it is written to, and what is written before that."""
SCHEMA = "schemas/mlsystem.v1alpha1.json"
TEST = "tests/unit/blueprint/test_precision.py"
TEXT = '''"""The precision of a model's numbers."""

from projects import checked, spec


def test_the_precision_is_decided() -> None:
    changed = spec(("    label: is_fraud\\n", "    label: is_fraud\\n    precision: double\\n"))
    (system,) = checked(changed, only="prod").shared[0].systems
    assert system.model.precision == "double"
'''
MARKS = "tests/unit/catalogue/test_field_marks.py"
READ = "tests/unit/spec/test_fields_read.py"
FINGERPRINT = "tests/unit/blueprint/test_fingerprint.py"
FROZEN = "tests/golden/test_upgrade.py"
PLAN = "tests/unit/plan/test_classification.py"
EXPORT = "tests/unit/spec/test_export.py"
BUILD = (MARKS, READ, FINGERPRINT, FROZEN, PLAN, EXPORT, "tests/unit/spec/test_published.py", TEST)
MISSED = {
    "spec": (MARKS, "model.precision"),
    "mark": (MARKS, "`model.precision` has no mark. Say what a change of it can start, in mlopsctl/catalogue"),
    "blueprint": (FINGERPRINT, "mlopsctl/blueprint/fingerprint.py lists fields that Model does not have: precision"),
    "decide": (READ, "nothing reads `precision` of Model in mlopsctl/spec"),
    "fingerprint": (FINGERPRINT, "list precision of Model in mlopsctl/blueprint/fingerprint.py"),
    "plan": (PLAN, "no row of mlopsctl/plan/classification/ says what a difference at model/precision means"),
    "schema": (EXPORT, "run `make schemas`"),
}
"""Which test misses a part that is left out, and what it says."""


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """A copy of the repository with one more field of the language."""
    return Copy(tmp_path_factory.mktemp("field"))


@pytest.fixture(scope="module")
def files(copy: Copy) -> dict[str, str]:
    """Follow the recipe; give the file that each part is written to."""
    written = {part: copy.insert(PLACES, before, text) for part, (before, text) in EDITS.items()}
    (copy.root / SCHEMA).write_text(copy.mlopsctl("schema", "mlsystem").stdout, encoding="utf-8")
    (copy.root / TEST).write_text(TEXT, encoding="utf-8")
    return {**written, "schema": SCHEMA, "test": TEST}


def test_the_build_passes_with_the_files_of_the_recipe_and_no_other(copy: Copy, files: dict[str, str]) -> None:
    assert copy.changed() == set(files.values())
    assert covers(PLACES, copy.changed()), f"the recipe names {PLACES}"
    assert copy.check(*BUILD) == ""
    for example in sorted((copy.root / "examples").iterdir()):
        checked = copy.mlopsctl("render", "--check", f"examples/{example.name}")
        assert checked.returncode == 0, checked.stdout + checked.stderr


def test_a_spec_may_use_the_field_and_its_change_is_planned(copy: Copy, files: dict[str, str], tmp_path: Path) -> None:
    shutil.copytree(copy.root / "examples" / "quickstart", tmp_path, dirs_exist_ok=True)
    for words in (("init", "-q"), ("add", "-A"), ("commit", "-q", "-m", "Before")):
        identity = ("-c", "user.name=a", "-c", "user.email=a@example.com")
        subprocess.run(["git", *identity, *words], cwd=tmp_path, check=True)
    spec = tmp_path / "mlops.yaml"
    assert "    task: " in spec.read_text()
    spec.write_text(spec.read_text().replace("    task: ", "    precision: double\n    task: "))
    validated = copy.mlopsctl("validate", str(tmp_path))
    assert validated.returncode == 0, validated.stderr
    planned = copy.mlopsctl("plan", "--against", "HEAD", str(tmp_path)).stdout
    assert "model.precision" in planned
    assert "retrains" in planned


@pytest.mark.parametrize("part", MISSED)
def test_a_file_that_is_left_out_is_missed(copy: Copy, files: dict[str, str], part: str) -> None:
    test, message = MISSED[part]
    held = copy.without(files[part])
    try:
        printed = copy.check(test)
        assert message in printed, printed
    finally:
        copy.put_back(files[part], held)
    assert set(MISSED) | {"test"} == set(files)
