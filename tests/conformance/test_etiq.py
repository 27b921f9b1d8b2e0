"""The real Etiq, where its user has it: `MLOPSCTL_ETIQ_PYTHON` names an interpreter. It is proprietary, and never
installed by these tests.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
from scans import blueprint

from mlopsctl.engines.etiq.scans import SCANS
from mlopsctl.engines.etiq.target import render

PYTHON = os.environ.get("MLOPSCTL_ETIQ_PYTHON", "")
pytestmark = [
    pytest.mark.oracle,
    pytest.mark.skipif(
        not PYTHON or subprocess.run([PYTHON, "-c", "import etiq"], capture_output=True, check=False).returncode != 0,
        reason="Etiq is proprietary: MLOPSCTL_ETIQ_PYTHON has to name an interpreter of yours that has it",
    ),
]
DRIVER = """
import inspect, json
import numpy as np, pandas as pd
import run

random = np.random.default_rng(7)
def rows(shift):
    return pd.DataFrame({
        "txn_count_1h": random.normal(shift, 1.0, 2000),
        "amount": random.normal(0.0, 1.0, 2000),
        "country": random.integers(0, 3, 2000),
        "is_fraud": random.integers(0, 2, 2000),
    })
found = run.split(rows(0.0), rows(1.5))
issues = found["scan_drift_metrics"][1]
snapshot = run.open_project().snapshots.create(name="keys", dataset=run.dataset(rows(0.0)))
scans = [name for name in dir(snapshot) if name.startswith("scan_")]
print(json.dumps({
    "issues": issues.astype(str).to_dict("records"),
    "keys": {name: list(inspect.signature(getattr(snapshot, name)).parameters) for name in scans},
}))
"""


def test_the_runner_reports_the_feature_that_drifted_and_no_other(tmp_path: Path) -> None:
    for file in render(blueprint()):
        (tmp_path / file.path).write_text(file.content)
    ran = subprocess.run([PYTHON, "-c", DRIVER], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr[-2000:]
    said = json.loads(ran.stdout.splitlines()[-1])
    text = json.dumps(said["issues"])
    assert "txn_count_1h" in text
    assert "amount" not in text
    for name, scan in SCANS.items():
        assert set(scan.params) <= set(said["keys"][name])
