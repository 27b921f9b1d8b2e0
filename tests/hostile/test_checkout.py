"""What CI installs with is never a module of the checkout: each line is run in a folder of decoys that leave a mark."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
DECOYS = ("pip", "venv", "ensurepip", "mlopsctl", "site", "sitecustomize", "json", "logging", "encodings", "click")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    folder = tmp_path / "checkout"
    folder.mkdir()
    for name in DECOYS:
        (folder / f"{name}.py").write_text(f"open({str(tmp_path / 'mark')!r}, 'a').write({name!r})\n")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/python").symlink_to(sys.executable)
    return folder


def run(script: str, checkout: Path, **more: str) -> None:
    path = f"{checkout.parent / 'bin'}:/usr/bin:/bin"
    # No index and no package: what matters is which code runs before that shows.
    environment = {"PATH": path, "PIP_NO_INDEX": "1", "HOME": str(checkout.parent), **more}
    subprocess.run(["bash", "-c", script], cwd=checkout, env=environment, capture_output=True, check=False, timeout=120)


def installs() -> list[str]:
    """Return every line of the rendered pipelines that installs something."""
    lines = []
    for file in sorted((ROOT / "tests/golden/ci").glob("*.yml")):
        lines += [line for line in file.read_text().splitlines() if "pip install" in line]
    return sorted({line.partition("python ")[1] + line.partition("python ")[2] for line in lines})


def test_the_decoys_would_be_run_by_a_python_that_is_not_isolated(checkout: Path) -> None:
    run("python -m pip --version", checkout)
    assert (checkout.parent / "mark").exists()


@pytest.mark.parametrize("line", installs())
def test_a_rendered_pipeline_runs_no_module_of_the_checkout(line: str, checkout: Path) -> None:
    run(line, checkout)
    assert not (checkout.parent / "mark").exists()


def test_the_action_runs_no_module_of_the_checkout(checkout: Path) -> None:
    steps = yaml.safe_load((ROOT / "action.yml").read_text())["runs"]["steps"]
    install = next(step for step in steps if step["name"] == "Install")
    assert install["working-directory"] == "${{ runner.temp }}"
    package = checkout.parent / "action"
    package.mkdir()
    run(install["run"], checkout, RUNNER_TEMP=str(checkout.parent), GITHUB_ACTION_PATH=str(package))
    assert not (checkout.parent / "mark").exists()
