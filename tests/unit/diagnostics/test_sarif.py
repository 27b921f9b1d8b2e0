"""SARIF 2.1.0: what the standard demands, and nothing of the source."""

from __future__ import annotations

import json
from typing import Any

from msgspec.structs import replace
from unit.diagnostics.findings import HOSTILE, bare, document, place, stale

from mlopsctl.diagnostics.model import Severity
from mlopsctl.diagnostics.render import sarif
from mlopsctl.source.reader import read

# What SARIF 2.1.0 allows at each level, as far as this tool uses it.
ALLOWED: dict[str, set[str]] = {
    "log": {"$schema", "version", "runs"},
    "run": {"tool", "columnKind", "results"},
    "driver": {"name", "semanticVersion", "rules"},
    "rule": {"id", "shortDescription", "fullDescription", "help", "defaultConfiguration"},
    "result": {"ruleId", "ruleIndex", "level", "message", "partialFingerprints"}
    | {"locations", "relatedLocations", "properties"},
}


def run(*findings: Any) -> dict[str, Any]:
    log = json.loads(sarif.render(document(*findings), "0.1.0"))
    assert set(log) == ALLOWED["log"]
    assert log["version"] == "2.1.0"
    (only,) = log["runs"]
    assert set(only) == ALLOWED["run"]
    return dict(only)


def test_results_point_at_rules_that_are_there_and_explained() -> None:
    findings = (*read(b"a: 1\na: 2\nb: !!int 1\n", "x.yaml")[1], stale(), bare("x", severity=Severity.NOTE))
    sarif_run = run(*findings)
    driver = sarif_run["tool"]["driver"]
    assert set(driver) == ALLOWED["driver"]
    assert len({rule["id"] for rule in driver["rules"]}) == len(driver["rules"])
    for rule in driver["rules"]:
        assert set(rule) <= ALLOWED["rule"]
    for result in sarif_run["results"]:
        assert set(result) <= ALLOWED["result"]
        assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in ("error", "warning", "note")
        assert result["message"]["text"]
    duplicate = next(rule for rule in driver["rules"] if rule["id"] == "MLC004")
    assert duplicate["defaultConfiguration"] == {"level": "error"}
    assert "keep one of the two" in duplicate["help"]["text"]
    assert "```yaml\nreplicas:" in duplicate["help"]["markdown"]


def test_a_place_is_a_region_of_a_relative_file() -> None:
    sarif_run = run(stale())
    assert sarif_run["columnKind"] == "unicodeCodePoints"
    (location,) = sarif_run["results"][0]["locations"]
    assert location["physicalLocation"] == {
        "artifactLocation": {"uri": "systems/card-fraud/mlops.yaml", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 27, "startColumn": 12, "endLine": 27, "endColumn": 15},
    }
    (related,) = sarif_run["results"][0]["relatedLocations"]
    assert (related["id"], related["message"]["text"]) == (1, "new rows land this often")


def test_a_file_name_becomes_a_uri() -> None:
    assert sarif.artifact("a b/é#?%.yaml") == {"uri": "a%20b/%C3%A9%23%3F%25.yaml", "uriBaseId": "%SRCROOT%"}
    assert sarif.artifact("/tmp/x.yaml") == {"uri": "file:///tmp/x.yaml"}
    assert sarif.artifact("\udcff.yaml") == {"uri": "%FF.yaml", "uriBaseId": "%SRCROOT%"}


def test_a_fingerprint_survives_moved_lines_and_nothing_else() -> None:
    def of(finding: Any) -> str:
        return str(run(finding)["results"][0]["partialFingerprints"]["mlopsctl/v1"])

    assert of(stale()) == of(replace(stale(), place=place(90, 2, 3)))
    assert of(stale()) != of(replace(stale(), path="spec.features.views.other.ttl"))
    assert of(stale()) != of(replace(stale(), place=place(27, 12, 3, file="other.yaml")))


def test_no_value_becomes_a_link() -> None:
    assert "](" not in run(bare(HOSTILE, HOSTILE))["results"][0]["message"]["text"]


def test_no_finding_is_a_run_without_results() -> None:
    assert run()["results"] == []
