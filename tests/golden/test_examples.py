"""The committed tree is what the examples render to, byte for byte, on every machine and with every Python."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted(path.name for path in (ROOT / "examples").iterdir() if path.is_dir())
SETTINGS = [
    {"PYTHONHASHSEED": "1"},
    {"PYTHONHASHSEED": "4242", "LC_ALL": "C", "TZ": "Pacific/Kiritimati"},
    {"PYTHONHASHSEED": "random", "LC_ALL": "tr_TR.UTF-8", "TZ": "America/New_York", "PYTHONOPTIMIZE": "1"},
]


def mlopsctl(*words: str, cwd: Path = ROOT, python: str = sys.executable, **environment: str):
    """Run the command line in a process of its own, with nothing but `environment` and the path around it."""
    surroundings = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "HOME": str(cwd), **environment}
    call = [python, "-c", "from mlopsctl.cli import main; main()", *words]
    return subprocess.run(call, cwd=cwd, env=surroundings, capture_output=True, text=True, check=False)


def tree(folder: Path) -> dict[str, str]:
    """Return the hash of every file below a folder."""
    return {
        str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A repository with the examples and nothing rendered."""
    shutil.copytree(ROOT / "examples", tmp_path / "examples", ignore=shutil.ignore_patterns(".mlops", "__pycache__"))
    (tmp_path / ".git").mkdir()
    return tmp_path


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_committed_tree_is_what_the_example_renders_to(example):
    done = mlopsctl("render", "--check", f"examples/{example}")
    assert done.returncode == 0, f"{done.stdout}{done.stderr}\nrun `make golden` and look at what changed"


@pytest.mark.parametrize("settings", SETTINGS)
@pytest.mark.parametrize("example", EXAMPLES)
def test_the_same_bytes_come_out_whatever_the_surroundings(copy, example, settings):
    elsewhere = copy / "elsewhere"
    elsewhere.mkdir()
    previous = os.umask(0o077)
    try:
        done = mlopsctl("render", str(copy / "examples" / example), cwd=elsewhere, **settings)
    finally:
        os.umask(previous)
    assert done.returncode == 0, done.stderr
    assert tree(copy / "generated" / example) == tree(ROOT / "generated" / example)


def test_other_pythons_write_the_same_bytes(copy, pythons):
    for python in pythons.values():
        shutil.rmtree(copy / "generated", ignore_errors=True)
        for example in EXAMPLES:
            done = mlopsctl("render", f"examples/{example}", cwd=copy, python=str(python))
            assert done.returncode == 0, done.stderr
            assert tree(copy / "generated" / example) == tree(ROOT / "generated" / example)


def test_rendering_twice_changes_nothing(copy):
    for example in EXAMPLES:
        assert mlopsctl("render", f"examples/{example}", cwd=copy).returncode == 0
    before = {path: path.stat().st_mtime_ns for path in (copy / "generated").rglob("*") if path.is_file()}
    for example in EXAMPLES:
        done = mlopsctl("render", f"examples/{example}", cwd=copy)
        assert "written" not in done.stdout
    assert {path: path.stat().st_mtime_ns for path in (copy / "generated").rglob("*") if path.is_file()} == before


def test_a_hand_edit_and_a_stale_file_are_told_apart(copy):
    assert mlopsctl("render", "examples/quickstart", cwd=copy).returncode == 0
    edited = next((copy / "generated/quickstart").rglob("rules.yaml"))
    edited.write_text(edited.read_text() + "\n")
    spec = copy / "examples/quickstart/mlops.yaml"
    spec.write_text(spec.read_text().replace("objective: 99.5%", "objective: 99.9%"))
    done = mlopsctl("render", "--check", "examples/quickstart", cwd=copy)
    assert done.returncode == 3
    assert f"edited by hand: {edited.relative_to(copy)}" in done.stdout
    assert "stale: generated/quickstart/local/quickstart/prometheus/manifests/prometheus-rule.yaml" in done.stdout


def test_what_no_longer_belongs_is_pruned(copy):
    assert mlopsctl("render", "examples/payments", cwd=copy).returncode == 0
    workspace = copy / "examples/payments/workspace.yaml"
    workspace.write_text(workspace.read_text().replace("systems/*/mlops.yaml", "systems/merchants/mlops.yaml"))
    done = mlopsctl("render", "examples/payments", cwd=copy)
    assert done.returncode == 0, done.stderr
    assert not (copy / "generated/payments/prod/card-fraud").exists()
    assert (copy / "generated/payments/prod/merchants").is_dir()


def test_nothing_is_written_when_a_spec_is_wrong(copy):
    spec = copy / "examples/quickstart/mlops.yaml"
    spec.write_text(re.sub(r"ttl: \w+", "ttl: 1d", spec.read_text()))
    done = mlopsctl("render", "examples/quickstart", cwd=copy)
    assert done.returncode == 1
    assert "MLC301" in done.stderr
    assert not (copy / "generated").exists()


def test_output_outside_the_repository_is_refused(copy):
    done = mlopsctl("render", "examples/quickstart", "--output", str(copy.parent / "out"), cwd=copy)
    assert done.returncode == 2
    assert not (copy.parent / "out").exists()
