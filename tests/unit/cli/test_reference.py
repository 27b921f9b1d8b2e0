"""The reference of the language: with a lock and the system it reads from, it has no error."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from projects import DIGEST

SHARED = Path(__file__).resolve().parents[4] / "shared" / "specs"
MERCHANTS = """\
apiVersion: mlopsctl.dev/v1alpha1
kind: MLSystem
metadata: {name: merchants, owner: team-risk}
spec:
  data:
    sources:
      merchant_stats:
        type: parquet
        path: data/merchants.parquet
        eventTime: ts
        cadence: 1h
        columns: {merchant_id: {type: string}, score: {type: float64}}
  features:
    entities: {merchant: {key: merchant_id, type: string}}
    views:
      merchant_risk: {entity: merchant, source: merchant_stats, ttl: 1d, materialize: {every: 1h}, fields: [score]}
"""
LOCK = f"""\
apiVersion: mlopsctl.dev/v1alpha1
kind: Lock
metadata: {{name: acme-ml}}
environments:
  prod: {{images: {{"ghcr.io/acme/card-fraud:1.4": "{DIGEST}"}}}}
"""


@pytest.mark.shared
def test_the_reference_has_no_error_and_only_the_warnings_that_it_deserves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Any
) -> None:
    if not SHARED.is_dir():
        pytest.skip("the reference specs are not beside this checkout (../shared/specs)")
    for name, text in (("card-fraud", None), ("merchants", MERCHANTS)):
        file = tmp_path / "systems" / name / "mlops.yaml"
        file.parent.mkdir(parents=True)
        file.write_text(text or (SHARED / "mlops.yaml").read_text(encoding="utf-8"))
    shutil.copy(SHARED / "workspace.yaml", tmp_path / "workspace.yaml")
    (tmp_path / "mlops.lock").write_text(LOCK)
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    ran = run("validate", "-o", "json")
    diagnostics = json.loads(ran.out)["diagnostics"]
    assert [diagnostic for diagnostic in diagnostics if diagnostic["severity"] == "error"] == []
    assert ran.code == 0
    # Its files do not fit its store, merchants' key is not among the labels' columns, KFP exports no gauges, ...
    expected = {"MLC220", "MLC403", "MLC409", "MLC514", "MLC604", "MLC703", "MLC801", "MLC820"}
    assert {diagnostic["code"] for diagnostic in diagnostics if diagnostic["severity"] == "warning"} <= expected
    assert any(
        "fraud_score_mean" in diagnostic["message"] for diagnostic in diagnostics if diagnostic["code"] == "MLC604"
    )
