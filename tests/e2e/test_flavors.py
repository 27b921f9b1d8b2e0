"""Boosted trees of other libraries than scikit-learn: trained, registered, scored and served as their own flavor.

PyTorch is not among them: its wheel on PyPI brings gigabytes for graphics cards along.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from e2e.examples import ROOT, Example, Said, address, example, request, response, serving

from mlopsctl.catalogue.flavors import FLAVORS

pytestmark = [pytest.mark.e2e, pytest.mark.oracle, pytest.mark.filterwarnings("ignore")]
XGBOOST = """\
from xgboost import XGBRegressor


def train(features, label, params):
    return XGBRegressor(n_estimators=50, max_depth=1, learning_rate=0.1, random_state=0).fit(features, label)
"""
LIGHTGBM = """\
from lightgbm import LGBMClassifier


def train(features, label, params):
    trees = LGBMClassifier(n_estimators=40, num_leaves=5, learning_rate=0.08, random_state=0, verbose=-1)
    return trees.fit(features, label)
"""
SYSTEMS: Mapping[str, tuple[str, str, str]] = {
    "xgboost": ("diabetes", "progression/train.py", XGBOOST),
    "lightgbm": ("quickstart", "churn/train.py", LIGHTGBM),
}


def trained(folder: Path, flavor: str) -> tuple[Example, Said]:
    """Run an example with another library's model in it."""
    name, code, text = SYSTEMS[flavor]
    project = example(name, folder)
    (project.home / code).write_text(text)
    project.edited("flavor: sklearn", f"flavor: {flavor}")
    if name == "quickstart":  # these trees take no text; the lock still has a version with it, of another registry
        project.edited("        request: {plan: string}\n", "")
        project.edited("      suite: data_integrity\n", "")  # without plans, customers that are alike leave and stay
    else:  # a first run: there is nothing to lock yet
        (project.home / "mlops.lock").unlink()
    return project, project.verb("run")


def package(example: Example) -> Path:
    """Find the one registered package."""
    (path,) = (example.state / "artifacts").glob("*/artifacts/model")
    return path


@pytest.mark.parametrize("flavor", SYSTEMS)
def test_a_model_of_another_library_goes_from_data_to_answers(tmp_path: Path, flavor: str) -> None:
    import pandas as pd
    from mlflow.models import Model

    project, said = trained(tmp_path, flavor)
    assert said.code == 0, said.out + said.err
    assert project.result()["version"] == "1"
    folder = package(project)
    assert set(Model.load(str(folder)).flavors) == {"python_function", flavor}
    assert all((folder / file).is_file() for file in FLAVORS[flavor].files)

    with serving(project, "--venv", str(ROOT / f".venv-serve-{flavor}")) as service:
        body = request(service)
        status, answer = response(address(service, "predict"), body)
        assert status == 200, answer
        wrong = {"inputs": body["inputs"][1:]}
        assert response(address(service, "predict"), wrong)[0] == 422

    rows = tmp_path / "rows.jsonl"
    rows.write_text(json.dumps({name: values[0] for name, values in _columns(body).items()}) + "\n")
    scored = project.verb("predict", "--input", str(rows), "--output-file", str(tmp_path / "scored.csv"))
    assert scored.code == 0, scored.err
    label = answer["outputs"][0]["name"]
    scores = pd.read_csv(tmp_path / "scored.csv")[label].tolist()
    assert scores == pytest.approx(answer["outputs"][0]["data"], abs=1e-6)


def _columns(body: Mapping[str, Any]) -> dict[str, list[Any]]:
    return {each["name"]: each["data"] for each in body["inputs"]}
