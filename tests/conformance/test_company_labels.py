"""Labels and annotations of a company, written once in the workspace, are on every object that is rendered."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
METADATA = {
    "labels": {"acme.com/cost-center": "ml-42", "team": "of-the-workspace"},
    "annotations": {"acme.com/contact": "ml@acme.example: ask first"},
}
WORKSPACES = [path.parent.name for path in sorted((ROOT / "examples").glob("*/workspace.yaml"))]


@pytest.fixture(params=WORKSPACES, scope="module")
def generated(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Render an example whose workspace has labels and annotations."""
    root = tmp_path_factory.mktemp(request.param)
    shutil.copytree(ROOT / "examples" / request.param, root / "example")
    (root / ".git").mkdir()
    file = root / "example" / "workspace.yaml"
    workspace = yaml.safe_load(file.read_text(encoding="utf-8"))
    workspace["metadata"] |= METADATA
    file.write_text(yaml.safe_dump(workspace, sort_keys=False), encoding="utf-8")
    command = [sys.executable, "-c", "from mlopsctl.cli import main; main()", "render", "example"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return root / "generated"


def objects(generated: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Yield every document that has the fields of a Kubernetes object.

    The health checks are entries for a ConfigMap of the installation, which stays its own.
    """
    for path in sorted(generated.rglob("*.yaml")):
        if path.parts[-3:-1] == ("argocd", "health"):
            continue
        for each in yaml.safe_load_all(path.read_text(encoding="utf-8")):
            if isinstance(each, dict) and {"apiVersion", "kind", "metadata"} <= each.keys():
                yield path, each


def test_every_object_has_them(generated: Path) -> None:
    seen = list(objects(generated))
    assert len(seen) > 5
    for path, each in seen:
        meta = each["metadata"]
        assert METADATA["labels"].items() <= meta.get("labels", {}).items(), (path, each["kind"])
        assert METADATA["annotations"].items() <= meta.get("annotations", {}).items(), (path, each["kind"])


def test_every_object_still_fits_the_released_schemas(generated: Path, oracles: Path) -> None:
    command = [sys.executable, oracles / "check_manifests.py", generated, "--pods", "restricted"]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr
