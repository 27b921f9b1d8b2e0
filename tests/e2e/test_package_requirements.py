"""A package's requirements are all that its model needs.

The oracle is an interpreter that refuses every module of a distribution outside the requirements and what these depend
on, by their own metadata.
"""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

import pytest
from e2e.system import SPEC, TRAIN_CODE, Ran, System, blueprint_of, make

from mlopsctl.blueprint import codec

pytestmark = [pytest.mark.e2e, pytest.mark.oracle, pytest.mark.filterwarnings("ignore")]
XGBOOST_INSIDE = TRAIN_CODE.replace(
    "from sklearn.ensemble import RandomForestClassifier", "from xgboost import XGBClassifier"
).replace(
    'RandomForestClassifier(n_estimators=30, max_depth=params["depth"], random_state=0)',
    'XGBClassifier(n_estimators=5, max_depth=params["depth"])',
)
LOAD = """
import sys
from importlib.metadata import packages_distributions
known, allowed = packages_distributions(), set(sys.argv[2].split(","))
class Refuse:
    def find_spec(self, name, path=None, target=None):
        owners = {one.lower().replace("_", "-") for one in known.get(name.partition(".")[0], ())}
        if owners and not owners & allowed:
            raise ModuleNotFoundError(f"refused: {name}", name=name)
sys.meta_path.insert(0, Refuse())
import mlflow.pyfunc, pandas
model = mlflow.pyfunc.load_model(sys.argv[1])._model_impl
print(len(model.predict(pandas.read_parquet(sys.argv[3]))))
"""


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> System:
    return make(tmp_path_factory.mktemp("requirements"))


@pytest.fixture(scope="module")
def split(system: System) -> Ran:
    built = system.step("build-dataset")
    ran = system.step("split", inputs={"dataset": built.outputs["dataset"]})
    assert ran.code == 0, ran.text
    return ran


def train(system: System, split: Ran, run: str, blueprint: Path | None = None) -> Ran:
    inputs = {"train": split.outputs["train"]}
    return system.step("train", run=run, inputs=inputs, settings={"spec-hash": ""}, blueprint=blueprint)


def closure(names: list[str]) -> set[str]:
    """Follow what distributions require, by their metadata."""
    from packaging.requirements import Requirement

    seen: set[str] = set()
    while names:
        name = names.pop().lower().replace("_", "-")
        if name in seen:
            continue
        seen.add(name)
        try:
            lines = requires(name) or []
        except PackageNotFoundError:
            continue
        requirements = [Requirement(line) for line in lines]
        names += [
            requirement.name
            for requirement in requirements
            if not requirement.marker or requirement.marker.evaluate({"extra": ""})
        ]
    return seen


def load(package: Path, allowed: set[str], rows: Path) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-c", LOAD, str(package), ",".join(sorted(allowed)), str(rows)]
    return subprocess.run(
        words, cwd=package.parent, capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": ""}
    )


def test_a_library_inside_another_flavors_model_is_required_as_trained(system: System, split: Ran) -> None:
    from importlib.metadata import version

    (system.folder / "churn" / "train.py").write_text(XGBOOST_INSIDE)
    named = system.folder / "named.json"
    text = 'entrypoint: "churn.train:train"'
    named.write_text(codec.dumps(blueprint_of(SPEC.replace(text, f'{text}, requirements: [lightgbm, "tabulate<1"]'))))
    ran = train(system, split, "xgboost", named)
    assert ran.code == 0, ran.text
    package = ran.outputs["model"]
    lines = (package / "requirements.txt").read_text().split()
    assert f"xgboost-cpu=={version('xgboost-cpu')}" in lines
    assert f"lightgbm=={version('lightgbm')}" in lines
    assert "tabulate<1" in lines
    assert "xgboost-cpu==" in (package / "conda.yaml").read_text()

    rows = split.outputs["holdout"] / "rows.parquet"
    whole = load(package, closure([line.partition("=")[0].partition("<")[0] for line in lines]), rows)
    assert (whole.returncode, int(whole.stdout or 0) > 0) == (0, True), whole.stderr
    lacking = load(package, closure(["mlflow", "cloudpickle", "numpy", "pandas", "scikit-learn", "scipy"]), rows)
    assert "refused: xgboost" in lacking.stderr


def test_a_module_that_no_server_has_breaks_training(system: System, split: Ran) -> None:
    (system.folder / "helper.py").write_text("DEPTH = 2\n")
    (system.folder / "churn" / "train.py").write_text(f"import helper\n{TRAIN_CODE}")
    ran = train(system, split, "helper")
    assert ran.code == 0, "nothing that is served imports it"
    own = "\n\nclass Own(RandomForestClassifier):\n    pass\n"
    code = f"import helper\n{TRAIN_CODE}{own}".replace("forest = RandomForestClassifier(", "forest = Own(")
    (system.folder / "churn" / "train.py").write_text(code)
    broken = train(system, split, "helper")
    assert broken.code == 1, broken.text
    assert "No module named 'helper'" in broken.last
    assert "spec.model.code" in broken.last
