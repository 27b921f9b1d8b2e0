"""CONTRIBUTING.md: its recipe for an engine works in a copy with the engine's folder and one line, and no other file.

The oracle is the copy itself, compared with the repository file by file, and jsonschema for the published language.
"""

from __future__ import annotations

import filecmp
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import jsonschema
import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
RECIPE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").split("## Add an engine")[1].split("\n## ")[0]
FOLDER = {
    "__init__": "",
    "facts": '''"""Facts of the toy."""

from types import MappingProxyType

from mlopsctl.catalogue.capability import YES, no
from mlopsctl.catalogue.flavors import PACKAGED, Served
from mlopsctl.catalogue.platform import ScrapeTarget
from mlopsctl.catalogue.signal import Signal
from mlopsctl.engines.base import IMMEDIATE, Exporter, Facts, KindFacts, Serving
from mlopsctl.engines.registration import REQUIRED

NOT = no("a toy does not", "kserve")
CAPABILITIES = {word: NOT for word in REQUIRED["serving"].split()}
CAPABILITIES |= {"error-ratio.model": YES, "latency.model": YES}
FACTS = (
    Facts(
        "serving",
        "toy",
        ("1",),
        "1",
        capabilities=MappingProxyType(CAPABILITIES),
        folder="toy",
        kinds=MappingProxyType({("toys.example.com", "Toy"): KindFacts(2, IMMEDIATE)}),
        metrics=(Exporter("mlopsctl.engines.toy.exported_metrics"),),
        scrapes=(ScrapeTarget("toy", "pod", MappingProxyType({"app": "toy"}), "metrics"),),
        serving=Serving(
            Served(("toy",), "", "model", PACKAGED),
            signals=MappingProxyType(
                {
                    "model": Signal(
                        "model", requests="toy_requests_total", failures="toy_failures_total", latency="toy_seconds"
                    )
                }
            ),
            endpoint_label="toy/endpoint",
        ),
    ),
)
''',
    "exported_metrics": '''"""What the toy exports."""

from mlopsctl.catalogue.metric import counter, histogram

METRICS = (
    counter("toy_requests_total", "model"),
    counter("toy_failures_total", "model"),
    histogram("toy_seconds", "model"),
)
''',
    "settings": '''"""Settings of the toy."""

from typing import Literal

from mlopsctl.spec.stack.settings import EngineSettings
from mlopsctl.spec.words import Label, Version


class Toy(EngineSettings):
    """A toy serves."""

    engine: Literal["toy"]
    """The engine."""
    version: Version = "1"
    """Its version."""
    colour: Label = "red"
    """The colour of its pods."""


SETTINGS = (Toy,)
''',
    "codes": '''"""Diagnostic codes of the toy."""

from mlopsctl.diagnostics.codes.entry import Code
from mlopsctl.diagnostics.model import Severity

GREEN = Code(
    "MLC899",
    "green toy",
    Severity.ERROR,
    why="There is no green paint.",
    help="choose another colour",
    bad="colour: green",
    good="colour: red",
)
CODES = (GREEN,)
''',
    "limits": '''"""What the toy cannot do."""

from mlopsctl.engines.base import Limits
from mlopsctl.engines.toy import codes


def limits(shared):
    if shared.engines.serving.settings["colour"] == "green":
        return (codes.GREEN.at(None, "the toy cannot be green", path="spec.stack.serving.colour"),)
    return ()


LIMITS = Limits(shared=limits)
''',
    "target": '''"""The objects of the toy."""

from mlopsctl.engines.base import Renderer
from mlopsctl.engines.known import sync_wave
from mlopsctl.engines.shared import kubernetes
from mlopsctl.engines.shared.files import manifest_file
from mlopsctl.tree.fileset import FileSet


def toy(blueprint, endpoint):
    wave = sync_wave("toys.example.com", "Toy")
    metadata = kubernetes.metadata(blueprint, endpoint.name, "toy", wave=wave)
    spec = {"colour": blueprint.engines.serving.settings["colour"]}
    return kubernetes.manifest("toys.example.com/v1", "Toy", metadata, spec=spec)


def render(blueprint):
    return FileSet.of(
        manifest_file(f"{endpoint.spec_name}.yaml", toy(blueprint, endpoint), about=(endpoint,))
        for endpoint in blueprint.endpoints
    )


RENDERER = Renderer(system=render)
''',
}
LINE = '    Registration("serving", "toy", ("toy",)),\n'
WORKSPACE = """apiVersion: mlopsctl.dev/v1alpha1
kind: Workspace
metadata: {name: acme}
spec:
  systems: [mlops.yaml]
  stack:
    serving:
      engine: toy
      colour: blue
  environments:
    dev: {}
"""


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the repository's package with the toy's folder and its line in the list."""
    copy = tmp_path_factory.mktemp("copy")
    shutil.copytree(ROOT / "mlopsctl", copy / "mlopsctl", ignore=shutil.ignore_patterns("__pycache__"))
    toy = copy / "mlopsctl" / "engines" / "toy"
    toy.mkdir()
    for name, text in FOLDER.items():
        (toy / f"{name}.py").write_text(text, encoding="utf-8")
    (toy / "README.md").write_text("# Toy\n", encoding="utf-8")
    registry = copy / "mlopsctl" / "engines" / "__init__.py"
    before, cortex, after = registry.read_text(encoding="utf-8").partition('    Registration("serving", "cortex"')
    registry.write_text(before + LINE + cortex + after, encoding="utf-8")
    return copy


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return the quickstart's system with a workspace that chooses the toy."""
    for file in ("mlops.yaml", "mlops.lock"):
        text = (ROOT / "examples" / "quickstart" / file).read_text(encoding="utf-8")
        text = text.replace("  local:", "  dev:").replace("    output:", "    # output:")
        (tmp_path / file).write_text(text, encoding="utf-8")
    (tmp_path / "workspace.yaml").write_text(WORKSPACE, encoding="utf-8")
    return tmp_path


def run(copy: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, "PYTHONPATH": str(copy), "NO_COLOR": "1"}
    command = [sys.executable, *words]
    ended = subprocess.run(command, env=environ, cwd=copy, capture_output=True, text=True, check=False)
    assert "internal error" not in ended.stderr
    return ended


def mlopsctl(copy: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return run(copy, "-m", "mlopsctl", *words)


def differences(compared: filecmp.dircmp[str], below: str = "") -> Iterator[str]:
    yield from (f"{below}{name}" for name in (*compared.left_only, *compared.right_only, *compared.diff_files))
    for name, inner in compared.subdirs.items():
        yield from differences(inner, f"{below}{name}/")


def test_the_recipe_names_the_folder_the_list_and_the_tests() -> None:
    assert re.findall(r"^\d\. `([^`]+)`", RECIPE, re.MULTILINE) == [
        "mlopsctl/engines/<name>/",
        "mlopsctl/engines/__init__.py",
        "tests/unit/engines/<name>/",
    ]


def test_the_recipe_names_every_module_of_the_folder() -> None:
    named = set(re.findall(r"`(\w+)\.py`", RECIPE))
    assert named - {"backend"} == set(FOLDER) - {"__init__", "exported_metrics"}


def test_an_engine_is_its_folder_and_one_line(copy: Path) -> None:
    compared = filecmp.dircmp(ROOT / "mlopsctl", copy / "mlopsctl", ignore=["__pycache__"])
    assert sorted(differences(compared)) == ["engines/__init__.py", "engines/toy"]
    ours, theirs = (
        (root / "mlopsctl" / "engines" / "__init__.py").read_text(encoding="utf-8").splitlines(keepends=True)
        for root in (ROOT, copy)
    )
    assert [line for line in theirs if line not in ours] == [LINE]
    assert [line for line in theirs if line != LINE] == ours


def test_the_engine_renders_and_is_delivered_and_monitored(copy: Path, project: Path) -> None:
    text = (project / "workspace.yaml").read_text(encoding="utf-8")
    git = "spec:\n  git: {repository: https://git.example.com/acme/ml}\n"
    (project / "workspace.yaml").write_text(text.replace("spec:\n", git, 1), encoding="utf-8")
    for verb in ("validate", "render"):
        ended = mlopsctl(copy, verb, str(project))
        assert (ended.returncode, "error" in ended.stderr) == (0, False), ended
    (file,) = project.rglob("toy/manifests/*.yaml")
    toy = yaml.safe_load(file.read_text(encoding="utf-8"))
    assert (toy["kind"], toy["spec"]["colour"]) == ("Toy", "blue")
    assert toy["metadata"]["annotations"]["argocd.argoproj.io/sync-wave"] == "2"
    rules = "\n".join(rendered.read_text(encoding="utf-8") for rendered in project.rglob("prometheus/**/*.yaml"))
    assert {"toy_failures_total", "toy_seconds_bucket", "toy/endpoint"} <= set(re.findall(r"[\w/]+", rules))
    delivery = "\n".join(rendered.read_text(encoding="utf-8") for rendered in project.rglob("argocd/**/*.yaml"))
    assert "toys.example.com" in delivery


def test_a_change_to_the_engine_is_planned(copy: Path, project: Path) -> None:
    file, toy = project / "workspace.yaml", "engine: toy\n      colour: blue"
    file.write_text(WORKSPACE.replace(toy, "engine: kserve"), encoding="utf-8")
    author = ("-c", "user.name=a", "-c", "user.email=a@example.com")
    for words in (("init", "-q"), ("add", "."), (*author, "commit", "-qm", "KServe serves")):
        subprocess.run(["git", "-C", str(project), *words], check=True)
    file.write_text(WORKSPACE, encoding="utf-8")
    ended = mlopsctl(copy, "plan", "--against", "HEAD", str(project))
    assert ended.returncode in (0, 3), ended
    assert "kserve" in ended.stdout
    assert "toy" in ended.stdout


def test_a_limit_of_the_engine_has_a_place_and_an_explanation(copy: Path, project: Path) -> None:
    file = project / "workspace.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("blue", "green"), encoding="utf-8")
    ended = mlopsctl(copy, "validate", str(project))
    assert ended.returncode == 1
    assert "error[MLC899]: the toy cannot be green" in ended.stderr
    assert "workspace.yaml:9:15" in ended.stderr
    assert "There is no green paint." in mlopsctl(copy, "explain", "MLC899").stdout
    assert "MLC899" in mlopsctl(copy, "explain").stdout


def test_the_engine_is_in_the_lists_and_in_the_schema(copy: Path) -> None:
    listed = json.loads(mlopsctl(copy, "engines", "serving", "-o", "json").stdout)["engines"]
    assert "toy" in {engine["name"] for engine in listed}
    schema = json.loads(mlopsctl(copy, "schema", "workspace").stdout)
    workspace = yaml.safe_load(WORKSPACE)
    jsonschema.validate(workspace, schema)
    workspace["spec"]["stack"]["serving"]["colour"] = 1
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(workspace, schema)


WITHOUT = """
import importlib
from pathlib import Path
from mlopsctl.engines.known import engine
from mlopsctl.engines.registration import problems

toy = engine("serving", "toy")
folder = Path(importlib.import_module(toy.package).__file__).parent
# The metrics are first: a module that is imported is there whatever happens to its file.
for name in ("exported_metrics", "limits", "settings", "target"):
    file = folder / f"{name}.py"
    file.rename(folder / "away")
    importlib.invalidate_caches()
    reasons = problems(toy)
    (folder / "away").rename(file)
    assert [reason for reason in reasons if f"toy.{name}" in reason], (name, reasons)
"""


def test_a_module_that_is_left_out_is_named_and_without_the_line_there_is_no_engine(copy: Path, project: Path) -> None:
    ended = run(copy, "-c", WITHOUT)
    assert ended.returncode == 0, ended.stderr
    assert "MLC104" in mlopsctl(ROOT, "validate", str(project)).stderr


def test_the_tests_of_every_engine_take_the_new_one(copy: Path) -> None:
    tests = ("tests/unit/engines/test_registration.py", "tests/unit/diagnostics/test_codes.py")
    for name in tests:
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, copy / name)
    ended = run(
        copy, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(copy), "-k", "toy or table", *tests
    )
    assert ended.returncode == 0, ended.stdout
    assert "passed" in ended.stdout
