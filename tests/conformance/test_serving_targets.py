"""What is rendered for the serving engines, held to the released schemas of their kinds, in every combination."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from blueprints import blueprints
from schema_defaults import left_out
from served import engine, objects, variations

from mlopsctl.engines.kserve import target as kserve
from mlopsctl.engines.seldon1 import target as seldon1
from mlopsctl.engines.seldon2 import target as seldon2
from mlopsctl.tree.fileset import FileSet

ALL = ("direct", "canary", "shadow")
STANDARD = {"mode": "Standard", "serviceAccount": "reader"}
IMAGE = {"image": "ghcr.io/acme/model-server@sha256:" + "0" * 64}
EXAMPLES = {
    "payments-prod": lambda: seldon2.render(blueprints("payments", "prod")["card-fraud"]),
    "payments-dev": lambda: kserve.render(blueprints("payments", "dev")["card-fraud"]),
    "quickstart": lambda: seldon2.render(blueprints("quickstart", "local")["quickstart"]),
    "demand-forecast": lambda: seldon1.render(blueprints("demand-forecast", "prod")["demand-forecast"]),
}


def combinations() -> Iterator[FileSet]:
    """Yield what every engine renders of what its rules let through."""
    for kind in ("pipeline", "model"):
        yield from map(seldon2.render, variations(engine("seldon", "2"), ("rps", "lag"), ALL, kind))
    yield from map(seldon1.render, variations(engine("seldon", "1"), ("rps", "cpu", "memory"), ALL, "deployment"))
    of_mode = ((STANDARD, ("cpu", "memory")), ({"mode": "Knative"}, ("rps", "concurrency")))
    for settings, metrics in (*of_mode, ({**STANDARD, **IMAGE}, ("cpu",))):
        chosen = engine("kserve", "0.20", settings)
        yield from map(kserve.render, variations(chosen, metrics, ALL[:2], "service"))


def write(files: FileSet, folder: Path) -> None:
    for file in files:
        path = folder / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(file.content, encoding="utf-8")


def check(folder: Path, oracles: Path) -> None:
    command = [sys.executable, oracles / "check_manifests.py", folder, "--pods", "restricted"]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)

    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_fits_the_released_schemas(example: str, tmp_path: Path, oracles: Path) -> None:
    write(EXAMPLES[example](), tmp_path)

    check(tmp_path, oracles)


def test_every_combination_fits_the_released_schemas(tmp_path: Path, oracles: Path) -> None:
    for number, files in enumerate(combinations()):
        write(files, tmp_path / str(number))

    check(tmp_path, oracles)


def test_no_combination_leaves_out_a_default_inside_a_list(oracles: Path) -> None:
    defaults = {
        default
        for files in combinations()
        for manifest in objects(files)
        for default in left_out(manifest, oracles / "crds")
    }
    assert defaults == set()
