"""The committed trees are what the examples render to, byte for byte, on every machine and with every Python.

One test compares with the committed trees, so that an intended change of rendered files fails there and nowhere else.
The others compare renders with each other.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest
from golden.examples import EXAMPLES, ROOT, mlopsctl, tree

SETTINGS = [
    {"PYTHONHASHSEED": "1"},
    {"PYTHONHASHSEED": "4242", "LC_ALL": "C", "TZ": "Pacific/Kiritimati"},
    {"PYTHONHASHSEED": "random", "LC_ALL": "tr_TR.UTF-8", "TZ": "America/New_York", "PYTHONOPTIMIZE": "1"},
]


def test_the_committed_trees_are_what_the_examples_render_to(rendered: Path) -> None:
    assert sorted(path.name for path in (ROOT / "generated").iterdir()) == EXAMPLES
    checks = [mlopsctl("render", "--check", f"examples/{example}") for example in EXAMPLES]
    stale = "".join(f"{done.stdout}{done.stderr}" for done in checks if done.returncode != 0)
    assert not stale, f"{stale}\nrun `make golden` and look at what changed"
    assert tree(rendered / "generated") == tree(ROOT / "generated"), "`render --check` missed a difference"


@pytest.mark.parametrize("settings", SETTINGS)
@pytest.mark.parametrize("example", EXAMPLES)
def test_the_same_bytes_come_out_whatever_the_surroundings(
    copy: Path, rendered: Path, example: str, settings: dict[str, str]
) -> None:
    elsewhere = copy / "elsewhere"
    elsewhere.mkdir()
    previous = os.umask(0o077)
    try:
        done = mlopsctl("render", str(copy / "examples" / example), cwd=elsewhere, **settings)
    finally:
        os.umask(previous)
    assert done.returncode == 0, done.stderr
    assert tree(copy / "generated" / example) == tree(rendered / "generated" / example)


def test_other_pythons_write_the_same_bytes(copy: Path, rendered: Path, pythons: Mapping[str, Path]) -> None:
    for python in pythons.values():
        shutil.rmtree(copy / "generated", ignore_errors=True)
        for example in EXAMPLES:
            done = mlopsctl("render", f"examples/{example}", cwd=copy, python=str(python))
            assert done.returncode == 0, done.stderr
            assert tree(copy / "generated" / example) == tree(rendered / "generated" / example)


def test_rendering_twice_changes_nothing(copy: Path) -> None:
    for example in EXAMPLES:
        assert mlopsctl("render", f"examples/{example}", cwd=copy).returncode == 0
    before = {path: path.stat().st_mtime_ns for path in (copy / "generated").rglob("*") if path.is_file()}
    for example in EXAMPLES:
        done = mlopsctl("render", f"examples/{example}", cwd=copy)
        assert "written" not in done.stdout
    assert {path: path.stat().st_mtime_ns for path in (copy / "generated").rglob("*") if path.is_file()} == before


def test_a_hand_edit_and_a_stale_file_are_told_apart(copy: Path) -> None:
    assert mlopsctl("render", "examples/quickstart", cwd=copy).returncode == 0
    edited = next((copy / "generated/quickstart").rglob("rules.yaml"))
    edited.write_text(edited.read_text() + "\n")
    spec = copy / "examples/quickstart/mlops.yaml"
    spec.write_text(spec.read_text().replace("objective: 99.5%", "objective: 99.9%"))
    done = mlopsctl("render", "--check", "examples/quickstart", cwd=copy)
    assert done.returncode == 3
    assert f"edited by hand: {edited.relative_to(copy)}" in done.stdout
    assert "stale: generated/quickstart/local/quickstart/prometheus/manifests/prometheus-rule.yaml" in done.stdout


def test_what_no_longer_belongs_is_pruned(copy: Path) -> None:
    assert mlopsctl("render", "examples/payments", cwd=copy).returncode == 0
    workspace = copy / "examples/payments/workspace.yaml"
    workspace.write_text(workspace.read_text().replace("systems/*/mlops.yaml", "systems/merchants/mlops.yaml"))
    done = mlopsctl("render", "examples/payments", cwd=copy)
    assert done.returncode == 0, done.stderr
    assert not (copy / "generated/payments/prod/card-fraud").exists()
    assert (copy / "generated/payments/prod/merchants").is_dir()


def test_nothing_is_written_when_a_spec_is_wrong(copy: Path) -> None:
    spec = copy / "examples/quickstart/mlops.yaml"
    spec.write_text(re.sub(r"ttl: \w+", "ttl: 1d", spec.read_text()))
    done = mlopsctl("render", "examples/quickstart", cwd=copy)
    assert done.returncode == 1
    assert "MLC301" in done.stderr
    assert not (copy / "generated").exists()


def test_output_outside_the_repository_is_refused(copy: Path) -> None:
    done = mlopsctl("render", "examples/quickstart", "--output-dir", str(copy.parent / "out"), cwd=copy)
    assert done.returncode == 2
    assert not (copy.parent / "out").exists()
