"""`mlopsctl validate`: what is printed where, in each format, for the part that a person named."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from projects import SPEC, edited, spec

ROOT = Path(__file__).resolve().parents[3]
BROKEN = spec(("ttl: 2h", "ttl: 40m"), ("{min: 2, max: 8}", "{min: 8, max: 8}"))


@pytest.fixture
def broken(project: Path) -> Path:
    (project / "systems" / "card-fraud" / "mlops.yaml").write_text(BROKEN)
    return project


def test_a_sound_project_is_called_fine_in_one_line(project: Path, run: Any) -> None:
    assert run("validate") == (0, "1 system in dev, prod: no errors\n", "")


def test_findings_for_a_person_go_to_the_error_stream_without_colour(broken: Path, run: Any) -> None:
    ran = run("validate")
    assert (ran.code, ran.out) == (1, "")
    assert "\x1b" not in ran.err
    assert ran.err.startswith("error[MLC301]: feature view `card_activity` goes stale before it is refreshed\n")
    assert " --> systems/card-fraud/mlops.yaml:32:14\n" in ran.err
    assert ran.err.endswith("1 error, 1 warning in 1 file\n")


@pytest.mark.parametrize("verb", ["validate", "render", "blueprint"])
def test_a_workspace_that_lists_no_systems_is_told_so_by_every_verb(
    verb: str, tmp_path: Path, run: Any, monkeypatch: Any
) -> None:
    monkeypatch.chdir(tmp_path)
    head = "apiVersion: mlopsctl.dev/v1alpha1\nkind: Workspace\nmetadata: {name: w}\n"
    (tmp_path / "workspace.yaml").write_text(f"{head}spec: {{environments: {{prod: {{}}}}}}\n")
    ran = run(verb)
    assert (ran.code, "error[MLC102]: `systems` is missing in `spec`" in ran.err) == (1, True)


def test_files_are_named_from_where_the_person_stands(broken: Path, run: Any, monkeypatch: Any) -> None:
    monkeypatch.chdir(broken / "systems")
    assert " --> card-fraud/mlops.yaml:32:14\n" in run("validate").err


def test_json_is_what_its_schema_says(broken: Path, run: Any) -> None:
    ran = run("validate", "-o", "json")
    document = json.loads(ran.out)
    Draft202012Validator(json.loads((ROOT / "schemas/diagnostics.v1.json").read_text())).validate(document)
    assert (ran.code, ran.err) == (1, "")
    assert document["environments"] == ["dev", "prod"]
    assert document["summary"] == {"errors": 1, "warnings": 1, "notes": 0, "files": 1}
    assert document["diagnostics"][0]["path"] == "spec.features.views.card_activity.ttl"


def test_json_of_a_sound_project_is_a_document_without_findings(project: Path, run: Any) -> None:
    ran = run("validate", "-o", "json")
    assert (ran.code, json.loads(ran.out)["diagnostics"]) == (0, [])


def test_sarif_names_rules_places_and_levels(broken: Path, run: Any) -> None:
    ran = run("validate", "-o", "sarif")
    (log,) = json.loads(ran.out)["runs"]
    assert ran.code == 1
    assert [(result["ruleId"], result["level"]) for result in log["results"]] == [
        ("MLC301", "error"),
        ("MLC510", "warning"),
    ]
    assert [rule["id"] for rule in log["tool"]["driver"]["rules"]] == ["MLC301", "MLC510"]
    place = log["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "systems/card-fraud/mlops.yaml"
    assert place["region"] == {"startLine": 32, "startColumn": 14, "endLine": 32, "endColumn": 17}


def test_github_annotations_are_one_line_each(broken: Path, run: Any) -> None:
    ran = run("validate", "-o", "github")
    lines = ran.out.splitlines()
    assert ran.code == 1
    assert [line.partition(" ")[0] for line in lines] == ["::error", "::warning"]
    assert "file=systems/card-fraud/mlops.yaml,line=32,endLine=32,col=14,endColumn=16," in lines[0]


def test_markdown_is_a_table_with_a_row_a_finding(broken: Path, run: Any) -> None:
    ran = run("validate", "-o", "markdown")
    assert ran.code == 1
    assert len(re.findall(r"^\| .*MLC\d+ \|", ran.out, re.MULTILINE)) == 2
    assert run("validate", "-o", "markdown", "--env", "dev").code == 1


@pytest.mark.parametrize("form", ["text", "json", "sarif", "github", "markdown"])
def test_no_format_shows_a_secret(form: str, project: Path, run: Any) -> None:
    secret = "ghp_16C7e42F292c6912E7710c838347Ae178B4a"  # noqa: S105 - made up
    text = spec(("summary: The scorer is away", f"summary: see {secret}"), ("ttl: 2h", f"ttl: {secret}"))
    (project / "systems" / "card-fraud" / "mlops.yaml").write_text(text)
    ran = run("validate", "-o", form)
    assert ran.code == 1
    assert "MLC704" in ran.out + ran.err
    assert secret not in ran.out + ran.err
    assert secret[:12] not in ran.out + ran.err


def test_one_environment_may_be_asked_for(project: Path, run: Any) -> None:
    text = SPEC + "  overrides: {dev: {serving.endpoints.scorer.replicas: {min: 9, max: 1}}}\n"
    (project / "systems" / "card-fraud" / "mlops.yaml").write_text(text)
    assert run("validate", "--env", "prod") == (0, "1 system in prod: no errors\n", "")
    assert run("validate", "--env", "dev").code == 1


def test_an_environment_that_does_not_exist_is_a_wrong_use(project: Path, run: Any) -> None:
    ran = run("validate", "--env", "prd")
    assert ran.code == 2
    assert "there is no environment `prd`; did you mean `prod`?" in ran.err


def test_a_spec_named_in_a_workspace_is_reported_without_its_neighbours(broken: Path, run: Any) -> None:
    other = edited(SPEC, ("name: card-fraud, owner", "name: wire-fraud, owner"))
    for name in ("card_stats", "payments", "card_activity", "inputs"):
        other = other.replace(name, f"wire_{name}")
    (broken / "systems" / "wire-fraud").mkdir()
    (broken / "systems" / "wire-fraud" / "mlops.yaml").write_text(other)
    assert run("validate", "systems/wire-fraud/mlops.yaml").code == 0
    assert run("validate", "systems/card-fraud").code == 1
    assert run("validate").code == 1


def test_a_folder_or_a_file_or_nothing_may_be_named(project: Path, run: Any, monkeypatch: Any) -> None:
    for arguments in ([], ["."], ["workspace.yaml"], ["systems/card-fraud"], ["systems/card-fraud/mlops.yaml"]):
        assert run("validate", *arguments).code == 0
    monkeypatch.chdir(project / "systems" / "card-fraud")
    assert run("validate").code == 0


def test_nothing_is_looked_for_above_the_repository(project: Path, run: Any, monkeypatch: Any) -> None:
    inner = project / "other"
    (inner / ".git").mkdir(parents=True)
    monkeypatch.chdir(inner)
    ran = run("validate")
    assert ran.code == 2
    assert "there is no workspace.yaml or mlops.yaml in this folder or above it" in ran.err


def test_a_pattern_cannot_lead_out_of_the_repository(project: Path, run: Any) -> None:
    outside = project.parent / f"{project.name}-outside"
    outside.mkdir()
    (outside / "mlops.yaml").write_text(spec(("name: card-fraud, owner", "name: outside, owner")))
    (project / "systems" / "link").symlink_to(outside)
    ran = run("validate")
    assert ran.code == 1
    assert "cannot read `systems/link/mlops.yaml`: a link leads out of the project" in ran.err


def test_validating_writes_nothing(project: Path, run: Any) -> None:
    before = sorted(str(path) for path in project.rglob("*"))
    run("validate")
    assert sorted(str(path) for path in project.rglob("*")) == before
