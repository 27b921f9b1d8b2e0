"""The labels of a user's own rule: added to those that routes go by, never instead of them."""

from __future__ import annotations

from pathlib import Path

from blueprints import EXAMPLES

from mlopsctl.blueprint.decide import build
from mlopsctl.diagnostics.model import has_errors
from mlopsctl.project.discovery import load
from mlopsctl.resolve.landscape import resolve

RULE = """\
    metrics: {score: {type: gauge}}
    rules:
      Low:
        expr: score < 1
        severity: page
        summary: scores are low
        labels: {severity: none, system: other, name: n, team: risk}
    routes:"""


def test_a_rule_s_own_labels_are_added_and_cannot_replace_those_that_routes_go_by(tmp_path: Path) -> None:
    spec = (EXAMPLES / "quickstart" / "mlops.yaml").read_text(encoding="utf-8")
    (tmp_path / "mlops.yaml").write_text(spec.replace("    routes:", RULE, 1), encoding="utf-8")
    landscapes, diagnostics = resolve(load(str(tmp_path)).documents)
    assert not has_errors(diagnostics), diagnostics

    blueprint, _ = build.blueprint(next(iter(landscapes[0].systems.values())))
    (alert,) = (alert for alert in blueprint.alerts if alert.name == "Low")

    assert alert.labels["severity"] == "page"
    assert alert.labels["system"] == "quickstart"
    assert alert.labels["team"] == "risk"
    assert alert.labels["name"] == "n"
