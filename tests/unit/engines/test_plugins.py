"""Engines of other packages, as pip lays them out: a folder with modules and a `dist-info` on the path.

Every case runs the command line in a process of its own, for the import system and the language are the process's.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
import toy_engines
import yaml

from mlopsctl.catalogue.stages import STAGES

ROOT = Path(__file__).resolve().parents[3]
FACTS = """
from types import MappingProxyType
from mlopsctl.catalogue.capability import YES, no
from mlopsctl.catalogue.flavors import PACKAGED, Served
from mlopsctl.catalogue.platform import ScrapeTarget
from mlopsctl.catalogue.signal import Signal
from mlopsctl.engines.base import Exporter, Facts, Serving
from mlopsctl.engines.registration import REQUIRED

NOT = no("a toy does not", "kserve")
CAPABILITIES = {word: NOT for word in REQUIRED["serving"].split()}
CAPABILITIES |= {"error-ratio.model": YES, "latency.model": YES}
SIGNAL = Signal("model", requests="toy_requests_total", failures="toy_failures_total", latency="toy_seconds")
FACTS = (
    Facts(
        "serving", "toy", ("1",), "1", capabilities=MappingProxyType(CAPABILITIES), folder="toy",
        metrics=(Exporter("toy_serving.metrics"),),
        scrapes=(ScrapeTarget("toy", "pod", MappingProxyType({"app": "toy"}), "metrics"),),
        serving=Serving(
            Served(("toy",), "", "model", PACKAGED),
            signals=MappingProxyType({"model": SIGNAL}),
            endpoint_label="toy/endpoint",
        ),
    ),
)
"""
METRICS = """
from mlopsctl.catalogue.metric import counter, histogram

METRICS = (
    counter("toy_requests_total", "model"), counter("toy_failures_total", "model"), histogram("toy_seconds", "model")
)
"""
SETTINGS = '''
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
'''
TARGET = """
from mlopsctl.engines.base import Renderer
from mlopsctl.engines.shared.files import yaml_file
from mlopsctl.tree.fileset import FileSet


def render(blueprint):
    colour = blueprint.engines.serving.settings["colour"]
    return FileSet.of(
        yaml_file(f"{one.spec_name}.yaml", {"name": one.name, "colour": colour}) for one in blueprint.endpoints
    )


RENDERER = Renderer(system=render)
"""
LIMITS = "from mlopsctl.engines.base import Limits\n\nLIMITS = Limits()\n"
WORKSPACE = """
apiVersion: mlops/v1alpha1
kind: Workspace
metadata: {name: acme}
spec:
  systems: [mlops.yaml]
  stack:
    serving: {engine: toy, colour: blue}
  environments:
    dev: {}
"""


def package(folder: Path, name: str = "toy", distribution: str = "toy-serving", **files: str) -> Path:
    """Lay a package out as pip does."""
    module = distribution.replace("-", "_")
    contents = {"facts": FACTS, "settings": SETTINGS, "metrics": METRICS, "target": TARGET, "limits": LIMITS, **files}
    (folder / module).mkdir(parents=True)
    (folder / module / "__init__.py").write_text("")
    for file, text in contents.items():
        (folder / module / f"{file}.py").write_text(text)
    info = folder / f"{module}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[mlopsctl.engines]\n{name} = {module}\n")
    return folder


def mlopsctl(path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(path), str(ROOT))), "NO_COLOR": "1"}
    command = [sys.executable, "-m", "mlopsctl", *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr
    assert "internal error" not in done.stderr
    return done


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a system with one endpoint, whose workspace chooses the toy."""
    folder = tmp_path / "project"
    folder.mkdir()
    example = ROOT / "examples" / "quickstart"
    for file in ("mlops.yaml", "mlops.lock"):
        text = (example / file).read_text().replace("  local:", "  dev:").replace("    output:", "    # output:")
        (folder / file).write_text(text)
    (folder / "workspace.yaml").write_text(WORKSPACE.replace("mlops/v1alpha1", language(example / "mlops.yaml")))
    return folder


def language(file: Path) -> str:
    return str(yaml.safe_load(file.read_text())["apiVersion"])


def test_an_engine_of_another_package_renders_its_files_with_its_settings(tmp_path: Path, project: Path) -> None:
    path = package(tmp_path / "site")
    done = mlopsctl(path, "render", str(project))
    assert done.returncode == 0, done.stderr
    (file,) = project.rglob("toy/*.yaml")
    assert yaml.safe_load(file.read_text())["colour"] == "blue"
    rules = "\n".join(path.read_text() for path in project.rglob("prometheus/**/*.yaml"))
    assert "toy_failures_total" in rules
    assert "toy_seconds_bucket" in rules
    assert "toy/endpoint" in rules


def test_the_engine_is_listed_and_its_settings_are_in_the_schema(tmp_path: Path, project: Path) -> None:
    path = package(tmp_path / "site")
    listed = json.loads(mlopsctl(path, "engines", "serving", "-o", "json").stdout)["engines"]
    assert [facts["name"] for facts in listed][-1] == "toy"
    schema = json.loads(mlopsctl(path, "schema", "workspace").stdout)
    assert schema["$defs"]["Toy"]["properties"]["colour"]["description"] == "The colour of its pods."
    workspace = yaml.safe_load((project / "workspace.yaml").read_text())
    jsonschema.validate(workspace, schema)
    workspace["spec"]["stack"]["serving"]["colour"] = 1
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(workspace, schema)


def test_a_wrong_setting_has_a_place(tmp_path: Path, project: Path) -> None:
    path = package(tmp_path / "site")
    file = project / "workspace.yaml"
    file.write_text(file.read_text().replace("colour: blue", "color: blue"))
    done = mlopsctl(path, "validate", str(project))
    assert done.returncode == 1
    assert "workspace.yaml:8:28" in done.stderr
    assert "did you mean `colour`?" in done.stderr


def test_without_the_package_the_engine_is_unknown(tmp_path: Path, project: Path) -> None:
    done = mlopsctl(tmp_path, "validate", str(project))
    assert done.returncode == 1
    assert "MLC104" in done.stderr


BROKEN = {
    "import": ({"facts": "import not_there_at_all"}, "ModuleNotFoundError: No module named 'not_there_at_all'"),
    "exit": ({"facts": "raise SystemExit('bye')"}, "SystemExit: bye"),
    "syntax": ({"facts": "def"}, "SyntaxError"),
    "no facts": ({"facts": "FACTS = []"}, "toy_serving.facts:FACTS is no tuple"),
    "other things": ({"facts": "FACTS = (1,)"}, "must hold one or more `Facts` and nothing else"),
    "incomplete": ({"facts": FACTS.replace(".split()}", ".split()[1:]}")}, "does not answer for `canary`"),
    "canary": (
        {"facts": FACTS.replace("FACTS = (", 'CAPABILITIES["canary.shift"] = YES\nFACTS = (')},
        "serving.traffic",
    ),
    "settings import": ({"settings": "import not_there_at_all"}, "No module named 'not_there_at_all'"),
    "settings class": ({"settings": "class Toy: pass\n\n\nSETTINGS = (Toy,)"}, "does not extend EngineSettings"),
    "no settings": ({"settings": "SETTINGS = ()"}, "must hold one or more classes and nothing else"),
    "settings name": (
        {"settings": SETTINGS.replace('["toy"]', '["other"]')},
        'needs the field `engine: Literal["toy"]`',
    ),
    "other name": (
        {"facts": FACTS.replace('"toy", ("1"', '"joy", ("1"')},
        "its facts are of an engine `joy`, not `toy`",
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_package_is_one_finding_where_the_stack_names_it(case: str, tmp_path: Path, project: Path) -> None:
    files, reason = BROKEN[case]
    path = package(tmp_path / "site", **files)
    done = mlopsctl(path, "validate", str(project), "-o", "json")
    (finding,) = json.loads(done.stdout)["diagnostics"]
    assert done.returncode == 1
    assert finding["code"] == "MLC890"
    assert reason in finding["message"]
    assert "toy-serving" in finding["message"]


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_package_does_not_stand_in_the_way_of_the_lists(case: str, tmp_path: Path) -> None:
    path = package(tmp_path / "site", **BROKEN[case][0])
    for arguments in (("engines",), ("schema", "workspace")):
        done = mlopsctl(path, *arguments)
        assert done.returncode == 0
        assert "kserve" in done.stdout
        assert "warning[MLC890]" in done.stderr


def test_a_name_of_mlopsctls_own_stays_its_own(tmp_path: Path, project: Path) -> None:
    path = package(tmp_path / "site", name="seldon")
    file = project / "workspace.yaml"
    file.write_text(file.read_text().replace("{engine: toy, colour: blue}", "{engine: seldon}"))
    assert mlopsctl(path, "validate", str(project)).returncode == 0
    assert "warning[MLC891]" in mlopsctl(path, "engines").stderr


def test_of_two_packages_with_one_name_neither_is_used(tmp_path: Path, project: Path) -> None:
    path = package(tmp_path / "site")
    package(path, distribution="toy-other")
    done = mlopsctl(path, "validate", str(project))
    assert done.returncode == 1
    assert "MLC891" in done.stderr
    assert "toy-other, toy-serving" in done.stderr


@pytest.mark.parametrize(
    ("file", "text", "verb"),
    [
        ("target", TARGET.replace("FileSet.of(", "FileSet.off("), "render"),
        ("target", "RENDERER = 1", "render"),
        ("limits", "import not_there_at_all", "validate"),
        ("limits", LIMITS.replace("Limits()", "Limits(system=lambda blueprint: 1 / 0)"), "validate"),
    ],
)
def test_a_renderer_that_fails_is_named_and_no_bug_of_mlopsctl(
    file: str, text: str, verb: str, tmp_path: Path, project: Path
) -> None:
    done = mlopsctl(package(tmp_path / "site", **{file: text}), verb, str(project))
    assert done.returncode == 1
    assert "the engine `toy` of the package toy_serving failed: " in done.stderr


ANY_STAGE = """
from types import MappingProxyType
from mlopsctl.catalogue.capability import no
from mlopsctl.engines.base import Facts
from mlopsctl.engines.registration import REQUIRED

NOT = {word: no("a toy does not") for word in REQUIRED["STAGE"].split()}
FACTS = (
    Facts(
        "STAGE", "toy", ("1",), "1", capabilities=MappingProxyType(NOT), folder="toy",
        place="toy.yml",
    ),
)
"""
ANY_TARGET = """
from mlopsctl.engines.base import Renderer
from mlopsctl.engines.shared.files import yaml_file
from mlopsctl.tree.fileset import FileSet

RENDERER = Renderer(
    system=lambda blueprint: FileSet.of(yaml_file("toy.yaml", {"name": blueprint.identity.system})),
    delivery=lambda shared, units: {unit: FileSet.of(yaml_file("toy.yaml", {"name": unit})) for unit in units},
    repository=lambda shared, version: FileSet.of(yaml_file("toy.yml", {"name": shared.workspace})),
)
"""


@pytest.mark.parametrize("stage", [stage for stage in STAGES if stage != "serving"])
def test_an_engine_of_another_package_has_a_stage_or_is_refused(stage: str, tmp_path: Path, project: Path) -> None:
    path = package(tmp_path / "site", facts=ANY_STAGE.replace("STAGE", stage), target=ANY_TARGET)
    file = project / "workspace.yaml"
    git = "  git: {repository: https://git.example.com/acme/ml}\n  stack:"
    chosen = file.read_text().replace("serving: {engine: toy, colour: blue}", f"{stage}: {{engine: toy}}")
    file.write_text(chosen.replace("  stack:", git))
    done = mlopsctl(path, "validate", str(project), "-o", "json")
    codes = {
        diagnostic["code"] for diagnostic in json.loads(done.stdout)["diagnostics"] if diagnostic["severity"] == "error"
    }
    assert not codes & {"MLC101", "MLC104", "MLC106"}, done.stdout
    assert ("MLC890" in codes) == (stage in toy_engines.STAGES.values()), done.stdout
    assert stage not in toy_engines.STAGES.values() or f"an engine of stage {stage} needs `{stage}`" in done.stdout


def toys(folder: Path) -> Path:
    """Lay the feature store, the registry and the check library of `toy_engines` out as three packages."""
    for name, modules in toy_engines.folders(lambda folder: folder).items():
        package(folder, toy_engines.NAMES[name], toy_engines.NAMES[name], **modules)
    return folder


def choose_toys(project: Path) -> None:
    file = project / "workspace.yaml"
    chosen = file.read_text().replace("\n    serving: {engine: toy, colour: blue}\n", toy_engines.STACK)
    assert "toy-store" in chosen
    file.write_text(chosen)
    spec = project / "mlops.yaml"
    checks = (
        "IdentifierLabelCorrelation: {conditions: {add_condition_pps_less_or_equal: {max_pps: 0.05}}}",
        "Squeaks:",
    )
    spec.write_text(spec.read_text().replace(*checks).replace("suite: data_integrity", "suite: all_toys"))


def test_the_stages_that_steps_call_are_open_to_other_packages(tmp_path: Path, project: Path) -> None:
    path = toys(tmp_path / "site")
    choose_toys(project)
    rendered = mlopsctl(path, "render", str(project))
    assert rendered.returncode == 0, rendered
    assert list(project.rglob("toy-store/toys.yaml"))
    (project / "blueprint.json").write_text(mlopsctl(path, "blueprint", str(project)).stdout)
    step = mlopsctl(path, "step", "materialize", "--blueprint", str(project / "blueprint.json"))
    assert "the toy store loads customer_activity" in step.stdout + step.stderr
    locked = mlopsctl(path, "lock", "--upgrade", "churn@champion", "--env", "dev", str(project))
    assert "s3://toys/churn/7" in (project / "mlops.lock").read_text(), locked


def test_a_step_names_the_package_that_its_image_lacks(tmp_path: Path, project: Path) -> None:
    path = toys(tmp_path / "site")
    choose_toys(project)
    (project / "blueprint.json").write_text(mlopsctl(path, "blueprint", str(project)).stdout)
    step = mlopsctl(tmp_path, "step", "materialize", "--blueprint", str(project / "blueprint.json"))
    assert step.returncode == 1
    assert "the engine `toy-store` is not installed" in step.stdout + step.stderr


INCOMPLETE = {
    "settings of another stage": (
        "settings",
        ("FeatureStoreSettings", "EngineSettings"),
        "does not extend FeatureStoreSettings",
    ),
    "no field that is read": ("settings", ("project: Label", "colour: Label"), "needs the field `project`"),
    "no back end": (
        "facts",
        ("toy_store.backend:Store", "toy_store.nowhere:Store"),
        "there is no module toy_store.nowhere",
    ),
}


@pytest.mark.parametrize("case", INCOMPLETE)
def test_an_incomplete_feature_store_of_another_package_is_named(case: str, tmp_path: Path, project: Path) -> None:
    path = toys(tmp_path / "site")
    choose_toys(project)
    module, (old, new), reason = INCOMPLETE[case]
    file = path / "toy_store" / f"{module}.py"
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))
    done = mlopsctl(path, "validate", str(project))
    assert done.returncode == 1
    assert "MLC890" in done.stderr
    assert reason in done.stderr


def test_a_back_end_without_a_method_of_its_protocol_ends_the_step(tmp_path: Path, project: Path) -> None:
    path = toys(tmp_path / "site")
    choose_toys(project)
    file = path / "toy_store" / "backend.py"
    file.write_text(file.read_text().replace("def newest", "def oldest"))
    (project / "blueprint.json").write_text(mlopsctl(path, "blueprint", str(project)).stdout)
    step = mlopsctl(path, "step", "materialize", "--blueprint", str(project / "blueprint.json"))
    assert step.returncode == 1
    assert "the back end of toy-store has no method `newest`" in step.stdout + step.stderr
