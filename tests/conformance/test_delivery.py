"""What delivers the tree, held to the released definitions of Argo CD and External Secrets."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from environments import DELIVERED, rendered


@pytest.mark.parametrize("environment", DELIVERED, ids="-".join)
def test_every_object_fits_the_released_schemas(environment: tuple[str, str], tmp_path: Path, oracles: Path) -> None:
    written = 0
    for path, file in rendered(*environment).files():
        if "/argocd/" in path or "/secrets/" in path:
            place = tmp_path / "tree" / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(file.content, encoding="utf-8")
            written += 1
    command = [sys.executable, oracles / "check_manifests.py", tmp_path / "tree", "--pods", "restricted"]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert written >= 5
