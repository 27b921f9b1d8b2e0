"""The kinds the catalogue names against the strict schemas of the real ones."""

from __future__ import annotations

from pathlib import Path

import pytest
from argocd_health import BUILT_IN_HEALTH

from mlopsctl.engines.known import kinds

pytestmark = pytest.mark.shared


@pytest.mark.parametrize("table", [sorted(kinds()), sorted(BUILT_IN_HEALTH)], ids=["waves", "health"])
def test_custom_kinds_with_a_wave_or_a_health_check_exist(table: object, oracles: Path) -> None:
    groups = {path.name.rpartition("_")[0] for path in (oracles / "crds").glob("*.json")}
    ours = [(group, kind) for group, kind in table if group in groups]  # type: ignore[attr-defined]

    assert ours
    known = {path.stem for path in (oracles / "crds").glob("*.json")}
    absent = {"grafana.integreatly.org_Grafana", "monitoring.coreos.com_Prometheus"}
    absent |= {"external-secrets.io_ClusterExternalSecret", "kubeflow.org_PodDefault"}
    assert {f"{group}_{kind}" for group, kind in ours} - known <= absent
