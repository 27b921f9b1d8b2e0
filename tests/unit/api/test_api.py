"""The public API: its exports, its errors, and the examples of docs/api.md as they stand."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import mlopsctl

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")


def test_every_exported_name_exists_and_dir_lists_them() -> None:
    assert dir(mlopsctl) == sorted(mlopsctl.__all__)
    assert all(getattr(mlopsctl, name) for name in mlopsctl.__all__)


def test_functions_keep_their_names_after_the_packages_of_the_same_name_are_imported() -> None:
    code = (
        "import mlopsctl, mlopsctl.plan.model, mlopsctl.blueprint.model\n"
        "print(callable(mlopsctl.plan), callable(mlopsctl.blueprint))\n"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout.split() == ["True", "True"]


def test_importing_the_package_loads_none_of_its_modules() -> None:
    code = "import sys, mlopsctl; print(*(name for name in sys.modules if name.startswith('mlopsctl.')))"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout.split() == []


def test_the_page_names_every_error() -> None:
    errors = {name for name in mlopsctl.__all__ if name.endswith("Error")}
    assert set(re.findall(r"^\| `(\w+Error)`", PAGE, re.MULTILINE)) == errors


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "examples" / "quickstart", tmp_path / "examples" / "quickstart")
    for words in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "-m", "Add the quickstart"]):
        identity = ["-c", "user.name=a", "-c", "user.email=a@example.com"]
        subprocess.run(["git", *identity, *words], cwd=tmp_path, check=True, capture_output=True)
    return tmp_path


def test_the_examples_of_the_page_run(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(repository)
    names: dict[str, object] = {}
    for block in re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL):
        exec(block, names)  # noqa: S102 - the page's own examples
    assert (repository / "generated" / "quickstart" / "local" / "quickstart").is_dir()
    assert names["plan"].changes == ()  # type: ignore[attr-defined]


def test_an_error_in_a_spec_raises_with_all_diagnostics(repository: Path) -> None:
    spec = repository / "examples" / "quickstart" / "mlops.yaml"
    spec.write_text(spec.read_text().replace("task: binary-classification", "task: binary"))
    project = mlopsctl.load(str(spec))
    with pytest.raises(mlopsctl.SpecError, match="the specs have 1 error: MLC105") as raised:
        mlopsctl.render(project)
    assert raised.value.diagnostics == mlopsctl.check(project).diagnostics


def test_what_does_not_exist_is_a_usage_error(repository: Path) -> None:
    project = mlopsctl.load(str(repository / "examples" / "quickstart"))
    with pytest.raises(mlopsctl.UsageError, match="no environment `prod`"):
        mlopsctl.check(project, ["prod"])
    with pytest.raises(mlopsctl.UsageError, match="no system `other`"):
        mlopsctl.blueprint(project, "local", "other")
    with pytest.raises(mlopsctl.UsageError, match="nowhere"):
        mlopsctl.load("nowhere")


def test_a_spec_without_an_image_is_fine_on_one_machine_and_makes_no_tree(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "examples" / "quickstart", tmp_path / "quickstart")
    spec = tmp_path / "quickstart" / "mlops.yaml"
    spec.write_text(spec.read_text().replace("image: ghcr.io/acme/churn:0.3, ", ""))
    project = mlopsctl.load(str(tmp_path / "quickstart"))
    checked = mlopsctl.check(project)
    assert checked.ok and checked.environments[0].systems[0].pipelines
    with pytest.raises(mlopsctl.SpecError) as refused:
        mlopsctl.render(project)
    (error,) = [diagnostic for diagnostic in refused.value.diagnostics if diagnostic.code == "MLC519"]
    assert error.path == "spec.model.code.image"
    assert error.place and error.place.span.line == 44
