"""The recipe for an engine holds for feature stores, model registries and check libraries, which the steps call.

Three toys are added to a copy of the package, each as a folder and one line; the copy's own command line is the oracle.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import toy_engines
import yaml

ROOT = Path(__file__).resolve().parents[2]
BEFORE = '    Registration("serving", "cortex"'
LINES = "".join(
    f'    Registration("{stage}", "{folder}", ("{toy_engines.NAMES[folder]}",)),\n'
    for folder, stage in toy_engines.STAGES.items()
)
WORKSPACE = f"""apiVersion: mlopsctl.dev/v1alpha1
kind: Workspace
metadata: {{name: acme}}
spec:
  systems: [mlops.yaml]
  stack:{toy_engines.STACK}  environments:
    dev: {{}}
"""
SUITE = "      suite: data_integrity\n"
CHECK = "IdentifierLabelCorrelation: {conditions: {add_condition_pps_less_or_equal: {max_pps: 0.05}}}"
pytestmark = pytest.mark.oracle


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the package with the toys' folders and their lines in the list, and nothing else changed."""
    copy = tmp_path_factory.mktemp("copy")
    shutil.copytree(ROOT / "mlopsctl", copy / "mlopsctl", ignore=shutil.ignore_patterns("__pycache__"))
    for folder, modules in toy_engines.folders("mlopsctl.engines.{}".format).items():
        (copy / "mlopsctl" / "engines" / folder).mkdir()
        for name, text in modules.items():
            (copy / "mlopsctl" / "engines" / folder / f"{name}.py").write_text(text, encoding="utf-8")
    registry = copy / "mlopsctl" / "engines" / "__init__.py"
    before, cortex, after = registry.read_text(encoding="utf-8").partition(BEFORE)
    registry.write_text(before + LINES + cortex + after, encoding="utf-8")
    return copy


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return the quickstart's system with a workspace that chooses the toys, and checks of the toy library."""
    for file in ("mlops.yaml", "mlops.lock"):
        text = (ROOT / "examples" / "quickstart" / file).read_text(encoding="utf-8")
        text = text.replace("  local:", "  dev:").replace("    output:", "    # output:")
        text = text.replace(SUITE, "      suite: all_toys\n")
        text = text.replace(CHECK, "Squeaks: {params: {loudness: 3}, conditions: {add_condition: {}}}")
        (tmp_path / file).write_text(text, encoding="utf-8")
    (tmp_path / "workspace.yaml").write_text(WORKSPACE, encoding="utf-8")
    return tmp_path


def run(copy: Path, *words: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, "PYTHONPATH": str(copy), "NO_COLOR": "1"}
    ended = subprocess.run(
        [sys.executable, *words], env=environ, cwd=cwd or copy, capture_output=True, text=True, check=False
    )
    assert "internal error" not in ended.stderr
    return ended


def mlopsctl(copy: Path, *words: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return run(copy, "-m", "mlopsctl", *words, cwd=cwd)


def blueprint(copy: Path, project: Path) -> Path:
    printed = mlopsctl(copy, "blueprint", str(project))
    assert printed.returncode == 0, printed.stderr
    file = project / "blueprint.json"
    file.write_text(printed.stdout, encoding="utf-8")
    return file


def objects(file: Path) -> list[dict[str, Any]]:
    return list(yaml.safe_load_all(file.read_text(encoding="utf-8")))


def edited(project: Path, old: str, new: str) -> None:
    file = project / "mlops.yaml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_the_facts_of_each_toy_are_whole(copy: Path) -> None:
    code = (
        "from mlopsctl.engines.known import by_name\n"
        "from mlopsctl.engines.registration import problems\n"
        f"print([problems(by_name(name)) for name in {list(toy_engines.NAMES.values())}])"
    )
    assert run(copy, "-c", code).stdout == "[(), (), ()]\n"


def test_the_toys_are_rendered_and_planned_against(copy: Path, project: Path) -> None:
    for verb in ("validate", "render"):
        ended = mlopsctl(copy, verb, str(project))
        assert (ended.returncode, "error" in ended.stderr) == (0, False), ended
    (file,) = project.rglob("toy-store/toys.yaml")
    assert yaml.safe_load(file.read_text(encoding="utf-8")) == {"views": ["customer_activity"]}
    (config_map,) = [obj for file in project.rglob("toy-store/manifests/*.yaml") for obj in objects(file)]
    workflows = "\n".join(file.read_text(encoding="utf-8") for file in project.rglob("argo-workflows/**/*.yaml"))
    assert config_map["data"] == {"project.txt": "toys"}
    assert config_map["metadata"]["name"] in workflows
    ended = mlopsctl(copy, "plan", "--stack", "features=feast", str(project))
    assert ended.returncode in (0, 1, 3), ended
    assert "toy-store" in ended.stdout + ended.stderr


@pytest.mark.parametrize(
    ("old", "new", "code", "message"),
    [
        ("Squeaks:", "Squeals:", "MLC411", "Toybox has no toy `Squeals`"),
        ("loudness: 3", "loudness: loud", "MLC411", "parameter `loudness` of `Squeaks` must be number"),
        ("add_condition:", "add_conditions:", "MLC411", "toy `Squeaks` has no condition `add_conditions`"),
        ("suite: all_toys", "suite: all_joys", "MLC411", "Toybox has no suite `all_joys`"),
        (
            "Squeaks: {params: {loudness: 3}, conditions: {add_condition: {}}}",
            "Rolls: {}",
            "MLC412",
            "toy `Rolls` needs inputs that `checks.data` does not have",
        ),
        ("method: ks", "method: wasserstein", "MLC415", "Toybox has no drift method `wasserstein` for numerical"),
    ],
)
def test_a_check_is_judged_by_the_catalogue_of_its_library(
    copy: Path, project: Path, old: str, new: str, code: str, message: str
) -> None:
    edited(project, old, new)
    ended = mlopsctl(copy, "validate", str(project))
    assert ended.returncode == 1
    assert f"error[{code}]: {message}" in ended.stderr


def test_a_step_calls_the_toys(copy: Path, project: Path) -> None:
    file = blueprint(copy, project)
    loaded = mlopsctl(copy, "step", "materialize", "--blueprint", str(file), cwd=project)
    assert loaded.returncode == 0, loaded
    assert "the toy store loads customer_activity" in loaded.stdout + loaded.stderr
    watched = mlopsctl(
        copy, "step", "monitor", "--blueprint", str(file), "--out", f"report={project / 'report'}", cwd=project
    )
    assert "the toy registry serves nothing" in watched.stdout + watched.stderr
    assert watched.returncode == 0, watched


CHECKED = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from mlopsctl.blueprint import codec
from mlopsctl.runtime.backends import chosen
from mlopsctl.runtime.log import Log
from mlopsctl.runtime.step_context import StepContext

here, blueprint = Path("."), codec.loads(Path(sys.argv[1]).read_text())
log = Log(print, lambda: datetime.now(UTC))
library = chosen.checks(StepContext("check-data", blueprint, {}, {}, {}, here, here, here, datetime.now(UTC), {}, log))
live = blueprint.checks.live
print([outcome.name for outcome in library.data(None)], sorted(library.drift(None, None, live.drift)))
"""


def test_a_step_runs_the_checks_of_the_toy_library(copy: Path, project: Path) -> None:
    ended = run(copy, "-c", CHECKED, str(blueprint(copy, project)))
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.startswith("['Squeaks'] ['")


def test_lock_asks_the_client_of_the_toy_registry(copy: Path, project: Path) -> None:
    ended = mlopsctl(copy, "lock", "--upgrade", "churn@champion", "--env", "dev", str(project))
    assert ended.returncode == 0, ended
    assert "version 7 of `churn@champion` has no recorded signature" in ended.stderr
    locked = yaml.safe_load((project / "mlops.lock").read_text(encoding="utf-8"))
    entry = locked["environments"]["dev"]["models"]["churn@champion"]
    assert (entry["version"], entry["uri"]) == ("7", "s3://toys/churn/7")


LOCAL = """
import sys
from pathlib import Path
from mlopsctl.blueprint import codec
from mlopsctl.runtime.local.layout import Layout
from mlopsctl.runtime.local.local_stores import _engines

engines = _engines(codec.loads(Path(sys.argv[1]).read_text()).engines, Layout(Path(".")), True)
print(engines.features.name, engines.registry.name, engines.checks.name)
"""


def test_a_toy_that_needs_a_server_is_replaced_by_the_default_in_a_local_run(copy: Path, project: Path) -> None:
    ended = run(copy, "-c", LOCAL, str(blueprint(copy, project)))
    assert ended.stdout == "feast mlflow toy-checks\n", ended.stderr


def test_the_toys_are_in_the_lists_and_in_the_schema(copy: Path) -> None:
    listed = json.loads(mlopsctl(copy, "engines", "-o", "json").stdout)["engines"]
    assert set(toy_engines.NAMES.values()) <= {engine["name"] for engine in listed}
    schema = mlopsctl(copy, "schema", "workspace").stdout
    assert all(f'"{name}"' in schema for name in toy_engines.NAMES.values())
