"""The set-up is two commands: what they install is pinned, agrees with itself and names no index."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from importlib import import_module
from itertools import combinations
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
FILES = ("core", "test", "run", "clients", "serve", "hopsworks", "neptune-2", "neptune-3")
PIN = re.compile(r"([a-z0-9]+(?:-[a-z0-9]+)*)==([0-9][0-9a-z.!+]*)")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
# What each extra is installed with: `serve` has an environment of its own, the others share one.
PINNED_BY = {
    "core": ("core",),
    "test": ("core", "test"),
    "run": ("core", "run"),
    "dev": ("core", "test", "run"),
    "serve": ("serve",),
    "great-expectations": ("great-expectations",),
}


def lines(name: str) -> list[str]:
    text = (ROOT / "constraints" / f"{name}.txt").read_text()
    return [line for line in text.splitlines() if not line.startswith("#")]


def pins(name: str) -> dict[str, str]:
    return dict(match.groups() for line in lines(name) if (match := PIN.fullmatch(line)))


@pytest.mark.parametrize("name", FILES)
def test_a_constraint_file_holds_exact_versions_in_order_and_no_address(name: str) -> None:
    pins = lines(name)
    assert [line for line in pins if not PIN.fullmatch(line)] == []
    names = [line.partition("==")[0] for line in pins]
    assert names == sorted(set(names))


@pytest.mark.parametrize(("first", "second"), [*combinations(("core", "test", "run", "clients"), 2)])
def test_files_installed_together_agree_on_what_they_share(first: str, second: str) -> None:
    left, right = pins(first), pins(second)
    assert {name: (left[name], right[name]) for name in left.keys() & right.keys() if left[name] != right[name]} == {}


def test_a_model_is_served_by_the_versions_that_trained_it() -> None:
    shared = ("scikit-learn", "numpy", "pandas", "mlflow", "skops", "cloudpickle")
    assert {name: pins("run")[name] for name in shared} == {name: pins("serve")[name] for name in shared}


@pytest.mark.parametrize("extra", PINNED_BY)
def test_each_requirement_of_the_package_is_pinned_within_its_range(extra: str) -> None:
    listed = PROJECT["dependencies"] if extra == "core" else PROJECT["optional-dependencies"][extra]
    known: dict[str, str] = {}
    for name in PINNED_BY[extra]:
        known |= pins(name)
    for requirement in map(Requirement, listed):
        if requirement.name != PROJECT["name"]:
            assert known.get(canonicalize_name(requirement.name), "none") in requirement.specifier, requirement


def test_the_engines_that_run_in_the_image_of_the_steps_are_pinned_as_their_tests_have_them() -> None:
    tried, image = pins("great-expectations"), {**pins("core"), **pins("run"), **pins("clients")}
    assert {name: image.get(name) for name in tried} == tried


@pytest.mark.parametrize(("version", "name"), [((3, 10, 4), "3.10"), ((3, 14, 0), "3.14")])
def test_a_python_that_is_not_supported_is_refused_with_the_way_out(
    tmp_path: Path, version: tuple[int, ...], name: str
) -> None:
    (tmp_path / "sitecustomize.py").write_text(f"import sys\nsys.version_info = (*{version}, 'final', 0)\n")
    shutil.copyfile(ROOT / "Makefile", tmp_path / "Makefile")
    done = subprocess.run(
        ["make", "demo", f"PYTHON=env PYTHONPATH={tmp_path} {sys.executable}"],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "mlopsctl needs Python 3.11, 3.12 or 3.13" in done.stderr
    assert f"is {name}. Name another: make PYTHON=python3.12 demo" in done.stderr
    assert not (tmp_path / ".venv").exists()


def test_the_package_is_for_the_pythons_that_make_accepts() -> None:
    accepted = SpecifierSet(PROJECT["requires-python"])
    assert [minor for minor in range(9, 17) if f"3.{minor}.0" in accepted] == [11, 12, 13]


def test_make_schemas_writes_every_published_schema() -> None:
    recipe = (ROOT / "Makefile").read_text().partition("\nschemas:")[2].partition("\n\n")[0]
    kinds, rooms = (words.split() for words in re.findall(r"for \w+ in ([^;]+);", recipe))
    written = {f"{kind}.v1alpha1.json" for kind in kinds}
    written |= {import_module(f"mlopsctl.{room}").FILE for room in rooms}
    assert written == {path.name for path in (ROOT / "schemas").glob("*.json")}


def test_golden_texts_are_never_rewritten_in_continuous_integration(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "--golden", "--collect-only", "-q", __file__],
        cwd=ROOT,
        env={**os.environ, "CI": "true"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == pytest.ExitCode.USAGE_ERROR
    assert "not in continuous integration" in ran.stderr + ran.stdout


def test_a_required_tool_that_is_missing_fails_instead_of_skipping(tmp_path: Path) -> None:
    for name in ("conftest.py", "interpreters.py", "libraries.py"):
        shutil.copyfile(ROOT / "tests" / name, tmp_path / name)
    (tmp_path / "test_one.py").write_text("def test_one(promtool): pass\n")
    outcomes = {}
    for required in ("", "1"):
        ran = subprocess.run(
            [
                sys.executable,
                "-m",
                "pytest",
                "-q",
                "-p",
                "no:cacheprovider",
                "-rs",
                str(tmp_path / "test_one.py"),
            ],
            cwd=tmp_path,
            env={"PATH": "/nowhere", "MLOPSCTL_REQUIRE_TOOLS": required},
            capture_output=True,
            text=True,
            check=False,
        )
        outcomes[required] = (ran.returncode, "promtool is not here: run `make tools`" in ran.stdout)
    assert outcomes == {"": (0, True), "1": (1, True)}
