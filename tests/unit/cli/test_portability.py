"""The portability report: what another engine would mean for the specs as they are, in three formats."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
import pytest
from blueprints import EXAMPLES
from click.testing import CliRunner
from jsonschema import Draft202012Validator
from projects import LOCK, SPEC, WORKSPACE, edited

from mlopsctl.cli.commands.portability import portability
from mlopsctl.cli.group import Verb
from mlopsctl.portability.views.schema import FILE, portability_schema, schema_text
from mlopsctl.project import discovery as projects


@click.command(cls=Verb)
@click.argument("path")
@click.option("--stack", multiple=True)
@click.option("--env", multiple=True)
@click.option("-o", "output_format", default="json")
@click.pass_context
def command(
    context: click.Context, path: str, stack: tuple[str, ...], env: tuple[str, ...], output_format: str
) -> None:
    """Call what `mlopsctl plan --stack` calls."""
    context.exit(portability(projects.load(path), stack, env, output_format))


def ran(path: Path, *arguments: str) -> Any:
    return CliRunner().invoke(command, [str(path), *arguments], catch_exceptions=False)


def reported(path: Path, *arguments: str) -> Any:
    done = ran(path, *arguments)
    assert done.exit_code in (0, 1), done.output
    document = json.loads(done.output)
    Draft202012Validator(portability_schema()).validate(document)
    assert document["refused"] is (done.exit_code == 1)
    return document


def test_the_published_schema_is_the_one_that_holds() -> None:
    assert (EXAMPLES.parent / "schemas" / FILE).read_text(encoding="utf-8") == schema_text()


PAYMENTS, QUICKSTART, DEMAND = (EXAMPLES / name for name in ("payments", "quickstart", "demand-forecast"))


def only(path: Path, *arguments: str) -> Any:
    """Return the report of the one environment that is asked for."""
    (environment,) = reported(path, *arguments)["environments"]
    return environment


def test_what_the_other_engine_cannot_do_is_told_by_system_and_field() -> None:
    report = only(PAYMENTS, "--stack", "serving=kserve", "--env", "prod")
    losses = {(loss["system"], loss["path"]): (loss["severity"], loss["code"]) for loss in report["losses"]}
    endpoint = "spec.serving.endpoints.fraud-scorer"
    assert losses["card-fraud", f"{endpoint}.autoscale.metric"] == ("error", "MLC507")
    assert losses["card-fraud", "spec.alerts.slos.latency"] == ("error", "MLC601")
    assert report["uncounted"] == ["card-fraud"]


def test_settings_come_from_the_environment_that_has_the_engine_else_from_the_defaults() -> None:
    swap = only(PAYMENTS, "--stack", "serving=kserve", "--env", "prod")["swaps"][0]
    assert (swap["before"], swap["after"]) == ("seldon 2", "kserve 0.20")
    assert swap["settings_of"] == "environment `dev`"
    assert swap["left"] == ["secret"]
    assert only(QUICKSTART, "--stack", "serving=kserve@0.19")["swaps"][0]["after"] == "kserve 0.19"
    assert only(QUICKSTART, "--stack", "serving=kserve@0.19")["swaps"][0]["settings_of"] == "defaults"


def test_alerts_that_would_read_other_series_or_be_gone_are_told() -> None:
    readings = {
        reading["alert"]: reading
        for reading in only(PAYMENTS, "--stack", "serving=kserve", "--env", "prod")["readings"]
    }
    fast = readings["CardFraudAvailabilityFastBurn"]
    assert fast["before"] == ["seldon_pipeline_infer_total"]
    assert "model_infer_request_failure_total" in fast["after"]
    assert readings["CardFraudLatencyFastBurn"]["after"] == []


def test_abilities_that_differ_without_a_finding_are_told_with_the_fields_that_ask_for_them() -> None:
    report = only(PAYMENTS, "--stack", "pipelines=kfp", "--env", "prod")
    lost = {difference["ability"]: difference for difference in report["differences"] if difference["kind"] == "lost"}
    assert {"mutex", "restricted-pods", "read-only-root"} <= set(lost)
    assert "card-fraud: spec.model.retrain" in lost["mutex"]["fields"]
    assert lost["mutex"]["why"] == "KFP runs cannot exclude each other"
    assert "pipelines: on-change" in report["same"]


def test_the_way_back_is_a_gain() -> None:
    report = only(PAYMENTS, "--stack", "pipelines=argo-workflows", "--env", "dev")
    assert {difference["kind"] for difference in report["differences"]} == {"gained"}
    assert not [loss for loss in report["losses"] if loss["severity"] == "error"]
    argo = next(file for file in report["files"] if file["target"] == "argo-workflows")
    assert argo["come"] > 0 and argo["go"] == 0


def test_the_engine_that_is_there_changes_nothing() -> None:
    report = only(DEMAND, "--stack", "serving=seldon@1")
    assert (report["losses"], report["differences"], report["readings"]) == ([], [], [])
    assert all(file["come"] == file["go"] == file["change"] == 0 for file in report["files"])


def test_several_stages_and_all_environments_are_one_report() -> None:
    reports = reported(PAYMENTS, "--stack", "serving=kserve", "--stack", "monitoring=prometheus")
    assert [environment["environment"] for environment in reports["environments"]] == ["dev", "prod"]
    assert [swap["stage"] for swap in reports["environments"][0]["swaps"]] == ["serving", "monitoring"]
    prometheus = next(file for file in reports["environments"][0]["files"] if file["target"] == "prometheus")
    assert prometheus["go"] > 0 and prometheus["stay"] > 0


def test_a_spec_that_names_its_engine_itself_is_told_so() -> None:
    report = only(PAYMENTS, "--stack", "checks=great-expectations", "--env", "prod")
    assert report["swaps"][0]["pinned"] == ["card-fraud"]
    assert ("card-fraud", "spec.checks.split") in {(loss["system"], loss["path"]) for loss in report["losses"]}


def test_a_setting_without_a_default_is_named(tmp_path: Path) -> None:
    report = only(QUICKSTART, "--stack", "secrets=external-secrets")
    assert report["swaps"][0]["needs"] == ["store"]
    assert [(loss["code"], loss["path"]) for loss in report["losses"]] == [("MLC980", "spec.stack.secrets.store")]


def test_an_unmaintained_engine_brings_its_notice_once() -> None:
    report = only(QUICKSTART, "--stack", "serving=cortex")
    assert report["swaps"][0]["state"] == "unmaintained"
    assert sum("September 2022" in note for note in report["swaps"][0]["notes"]) == 1
    assert "MLC517" not in {loss["code"] for loss in report["losses"]}


def test_a_version_that_was_never_checked_is_a_finding(tmp_path: Path) -> None:
    (tmp_path / "systems" / "one").mkdir(parents=True)
    (tmp_path / "systems" / "one" / "mlops.yaml").write_text(SPEC)
    (tmp_path / "workspace.yaml").write_text(WORKSPACE)
    (tmp_path / "mlops.lock").write_text(LOCK)
    report = only(tmp_path, "--stack", "serving=kserve@0.1", "--env", "prod")
    assert "MLC511" in {loss["code"] for loss in report["losses"]}


def test_so_it_is_without_a_workspace_file() -> None:
    report = only(QUICKSTART, "--stack", "pipelines=kale@9")
    assert [loss["path"] for loss in report["losses"] if loss["code"] == "MLC511"] == ["spec.stack.pipelines.version"]


def test_a_note_that_is_not_told_beside_an_error_is_not_said_to_go() -> None:
    reports = reported(QUICKSTART, "--stack", "serving=cortex")
    assert reports["refused"]
    assert reports["environments"][0]["relieved"] == []


def test_a_stage_is_given_once() -> None:
    done = ran(QUICKSTART, "--stack", "features=hopsworks", "--stack", "features=feast")
    assert done.exit_code == 2
    assert "stage features is given twice" in done.output


@pytest.mark.parametrize("example", [PAYMENTS, QUICKSTART, DEMAND], ids=lambda path: path.name)
@pytest.mark.parametrize("word", ["text", "markdown"])
def test_text_and_markdown_say_what_the_document_says(example: Path, word: str) -> None:
    choice = ("--stack", "serving=kserve", "--stack", "pipelines=kfp")
    document, shown = reported(example, *choice), ran(example, *choice, "-o", word).output
    for environment in document["environments"]:
        for loss in environment["losses"]:
            assert loss["code"] in shown
        for difference in environment["differences"]:
            assert difference["why"] in shown
        for reading in environment["readings"]:
            assert reading["alert"] in shown
        for file in environment["files"]:
            assert file["target"] in shown


def test_every_engine_of_every_stage_can_be_asked_for() -> None:
    from mlopsctl.resolve.engine_override import STAGES, known_engines

    for stage in STAGES:
        for engine in known_engines(stage):
            assert ran(PAYMENTS, "--stack", f"{stage}={engine}", "--env", "prod").exit_code in (0, 1), (stage, engine)


@pytest.mark.parametrize(
    ("choice", "words"),
    [
        ("serving", "must be STAGE=ENGINE"),
        ("servin=kserve", "did you mean `serving`?"),
        ("serving=kserv", "did you mean `kserve`?"),
        ("serving=", "must be STAGE=ENGINE"),
    ],
)
def test_a_choice_that_is_none_is_wrong_usage(choice: str, words: str) -> None:
    done = ran(QUICKSTART, "--stack", choice)
    assert done.exit_code == 2
    assert words in done.output


def test_an_environment_that_is_not_there_is_wrong_usage() -> None:
    assert ran(PAYMENTS, "--stack", "serving=kserve", "--env", "produ").exit_code == 2


def test_specs_with_errors_are_not_compared(tmp_path: Path) -> None:
    (tmp_path / "mlops.yaml").write_text(edited(SPEC, ("ttl: 2h", "ttl: 1m")))
    done = ran(tmp_path, "--stack", "serving=kserve")
    assert done.exit_code == 1
    assert "cannot compare stacks" in done.output


def test_a_plan_that_names_another_stack_is_this_report(run: Any) -> None:
    shown = run("plan", str(PAYMENTS), "--stack", "serving=kserve", "--env", "prod")
    assert shown.code == 1
    assert shown.out == ran(PAYMENTS, "--stack", "serving=kserve", "--env", "prod", "-o", "text").output
    assert shown.out.startswith("prod: cannot be rendered: 3 errors")


def test_the_same_question_has_the_same_answer() -> None:
    arguments = (PAYMENTS, "--stack", "serving=kserve", "-o", "text")
    assert ran(*arguments).output == ran(*arguments).output
