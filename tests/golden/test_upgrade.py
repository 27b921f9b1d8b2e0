"""An upgrade changes nothing that is not said: fingerprints of the examples are frozen, and a new field is silent."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from golden.examples import EXAMPLES, ROOT, mlopsctl

from mlopsctl.compiler import check
from mlopsctl.project.discovery import load

FROZEN = Path(__file__).parent / "fingerprints.json"


def fingerprints(example: str) -> dict[str, str]:
    shared, _ = check(load(str(ROOT / "examples" / example)).documents)
    return {
        f"{example}/{environment.environment}/{pipeline.name}": pipeline.hash
        for environment in shared
        for system in environment.systems
        for pipeline in system.pipelines
    }


def test_the_fingerprints_of_the_examples_are_those_of_the_last_version() -> None:
    """Frozen: another hash starts a run for every user. If the example itself changed, so may its hash in the file;

    if the code changed, the change needs a line in CHANGELOG.md that says who is retrained and why.
    """
    frozen = json.loads(FROZEN.read_text(encoding="utf-8"))
    assert {key: value for example in EXAMPLES for key, value in fingerprints(example).items()} == frozen


def test_a_new_field_with_a_default_changes_no_fingerprint_and_no_byte(rendered: Path, tmp_path: Path) -> None:
    """The oracle is the tree rendered without it. The field is added to each type of the language and the Blueprint."""
    shutil.copytree(rendered, tmp_path, dirs_exist_ok=True)
    for example in EXAMPLES:
        entry = (str(ROOT / "tests/golden/grown.py"),)
        done = mlopsctl("render", "--check", f"examples/{example}", cwd=tmp_path, entry=entry)
        assert done.returncode == 0, f"{done.stdout}{done.stderr}\na field with an empty default must not be rendered"
        assert int(done.stderr.rpartition("grown ")[2]) > 100, "the field was not added"
