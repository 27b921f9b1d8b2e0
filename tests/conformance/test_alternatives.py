"""The committed files of `generated/alternatives`, each read by the library or the program that it is for.

The tests beside this one hold what the targets can render; here it is what users are shown.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from engine_rules import cortex as cortex_rules
from libraries import environment
from neptune_offline import kept, start

HERE = Path(__file__).parent
COMMITTED = HERE.parents[1] / "generated" / "alternatives"
RESEARCH, OPERATIONS = COMMITTED / "research", COMMITTED / "operations"
pytestmark = pytest.mark.oracle


def said(python: Path, program: str, *arguments: object, cwd: Path) -> Any:
    """Run a program of this folder in a library's environment, and return what it prints."""
    command = [str(argument) for argument in (python, HERE / program, *arguments)]
    variables = environment(GX_ANALYTICS_ENABLED="false", TQDM_DISABLE="1")
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd, env=variables)
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


def test_polyaxon_reads_every_component_and_schedule(polyaxon: Path, tmp_path: Path) -> None:
    home = RESEARCH / "claims" / "polyaxon"
    files = sorted([*home.glob("components/*"), *home.glob("schedules/*")])
    results = said(polyaxon, "polyaxon_pods.py", *files, cwd=tmp_path)
    assert {path: result["refused"] for path, result in results.items() if "refused" in result} == {}
    crons = {Path(path).stem: result["schedule"]["cron"] for path, result in results.items() if result["schedule"]}
    assert crons == {"claims-materialize": "0 */12 * * *", "claims-train": "0 3 * * 1"}
    assert results[str(home / "components" / "claims-train.yaml")]["order"][-1] == "register"


def test_kale_compiles_every_notebook_with_its_secrets(kale: Path, tmp_path: Path) -> None:
    results = said(kale, "kale_ir.py", tmp_path, *sorted(OPERATIONS.glob("claims/kale/notebooks/*")), cwd=tmp_path)
    assert {path: result["refused"] for path, result in results.items() if "refused" in result} == {}
    assert {result["ir"]["pipelineInfo"]["name"] for result in results.values()} == {
        "claims-materialize",
        "claims-train",
    }
    train = results[str(OPERATIONS / "claims/kale/notebooks/claims-train.ipynb")]
    assert len(train["ir"]["deploymentSpec"]["executors"]) == 10
    (secret,) = train["platform"]["exec-train-step"]["secretAsEnv"]
    assert [key["envVar"] for key in secret["keyToEnv"]] == ["NEPTUNE_API_TOKEN"]


def test_cortex_takes_the_list_and_its_splitter_shadows_the_candidate(cortex_lint: Path) -> None:
    path = RESEARCH / "claims" / "cortex" / "cortex.yaml"
    done = subprocess.run([cortex_lint, path], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    listed = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert cortex_rules.refusals(listed) == []
    assert [api["kind"] for api in listed] == ["RealtimeAPI", "RealtimeAPI", "TrafficSplitter"]
    assert listed[-1]["apis"][-1] == {"name": "claims-reviewer-v1984023377610358", "weight": 25, "shadow": True}


@pytest.mark.parametrize(("amount", "holds"), [(10.5, True), (-1.0, False)])
def test_great_expectations_loads_the_context_and_runs_it(
    great_expectations: Path, tmp_path: Path, amount: float, holds: bool
) -> None:
    import pandas as pd

    home = RESEARCH / "claims" / "great-expectations"
    shutil.copytree(home / "gx", tmp_path / "gx")
    (tmp_path / "dataset").mkdir()
    whole = {"claim_id": "c1", "event_timestamp": pd.Timestamp("2026-01-01", tz="UTC")}
    rows = pd.DataFrame([{**whole, "amount": amount, "reports_1y": 2.0, "reviewed": 1}] * 1000)
    rows.to_parquet(tmp_path / "dataset" / "rows.parquet")
    report = said(great_expectations, "great_expectations_context.py", tmp_path, "claims-data", "run", cwd=tmp_path)
    suite = json.loads((home / "gx/expectations/claims-data.json").read_text(encoding="utf-8"))
    assert report["expectations"] == [
        [expectation["type"], expectation["id"], expectation["severity"]] for expectation in suite["expectations"]
    ]
    assert report["success"] is holds


def test_hopsworks_makes_the_groups_and_the_view_of_the_project(hopsworks: Path, tmp_path: Path) -> None:
    shutil.copytree(RESEARCH / "shared" / "hopsworks" / "repo", tmp_path / "repo")
    posted = said(hopsworks, "hopsworks_project.py", tmp_path / "repo", tmp_path / "server", cwd=tmp_path)
    assert [(kind, body["name"]) for kind, body in posted] == [
        ("featuregroups", "claim_history"),
        ("featuregroups", "claim_inputs_rows"),
        ("featureview", "claim_inputs"),
    ]


def test_neptune_keeps_the_run_of_the_settings(neptune: tuple[str, Path], tmp_path: Path) -> None:
    generation, python = neptune
    home = (OPERATIONS if generation == "2" else RESEARCH) / "claims" / "neptune"
    shutil.copytree(home, tmp_path, dirs_exist_ok=True)
    start(python, tmp_path, "init_run.py")
    settings = json.loads((home / "run.json").read_text(encoding="utf-8"))
    records = kept(tmp_path / ".neptune")
    assert all(word in records for word in ("registered_name", "max_depth", settings["fields"]["system"]["spec_hash"]))
