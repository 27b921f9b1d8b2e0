"""The benchmark's inputs are real: a workspace that validates and renders, and peers that make the same objects."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from benchmarks import peers
from benchmarks.workspace import workspace

COUNT = 5
ROOT = Path(__file__).parents[2]


def run(home: Path, *verb: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "mlopsctl", *verb]
    return subprocess.run(command, cwd=home, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    made = workspace(tmp_path_factory.mktemp("many") / "scale", COUNT)
    rendered = run(made, "render")
    assert rendered.returncode == 0, rendered.stderr
    yield made


@pytest.fixture(scope="module")
def tree(home: Path) -> Path:
    return home / "generated" / "payments" / "prod"


def objects(folder: Path) -> list[object]:
    files = sorted(folder.rglob("manifests/*.yaml"))
    return [one for file in files for one in yaml.safe_load_all(file.read_text()) if one]


def test_the_workspace_of_many_systems_has_no_mistake(home: Path) -> None:
    checked = run(home, "validate")
    assert (checked.returncode, checked.stdout) == (0, f"{COUNT} systems in prod: fine\n"), checked.stderr


def test_every_system_is_rendered_and_a_second_render_finds_nothing_to_do(home: Path, tree: Path) -> None:
    units = {path.name for path in tree.iterdir() if path.is_dir()}
    assert units == {"shared", "merchants", *(f"fraud-{number:04}" for number in range(COUNT - 1))}
    assert run(home, "render", "--check").returncode == 0


def test_kustomize_is_given_every_manifest_of_the_systems_it_makes(tree: Path, tmp_path: Path) -> None:
    folder = peers.kustomization(tree, tmp_path / "kustomize", 2)
    units = json.loads((folder / "kustomization.yaml").read_text())["resources"]
    assert units == ["fraud-0000", "fraud-0001"]
    for unit in units:
        listed = json.loads((folder / unit / "kustomization.yaml").read_text())["resources"]
        given = [one for name in listed for one in yaml.safe_load_all((folder / unit / name).read_text()) if one]
        assert given == objects(tree / unit)


def test_jsonnet_makes_the_same_objects_as_the_render(tree: Path, tmp_path: Path) -> None:
    rjsonnet = pytest.importorskip("rjsonnet", reason="rjsonnet is not installed")
    made = json.loads(rjsonnet.evaluate_file(str(peers.jsonnet(tree, tmp_path / "jsonnet", 1))))
    assert made == {"fraud-0000": objects(tree / "fraud-0000")}
