"""`mlopsctl plan` and `affected` as a person runs them, in a repository."""

from __future__ import annotations

import html
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from jsonschema import Draft202012Validator
from repository import CARD_FRAUD, MERCHANTS, commit, edit, git, payments

from mlopsctl.cli.group import mlopsctl
from mlopsctl.plan.views.schema import FILE, plan_schema, schema_text

PUBLISHED = Path(__file__).resolve().parents[3] / "schemas" / FILE
INT = "txn_count_1h: {type: int64, min: 0}"
FLOAT = "txn_count_1h: {type: float64, min: 0}"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    blueprint = payments(tmp_path)
    monkeypatch.chdir(blueprint)
    return blueprint


def run(*arguments: str) -> Result:
    return CliRunner().invoke(mlopsctl, list(arguments), standalone_mode=False)


def plan(*arguments: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(run("plan", "-o", "json", *arguments).stdout)
    Draft202012Validator(plan_schema()).validate(document)
    return document


def codes(document: dict[str, Any]) -> list[str]:
    return [f"{guard['severity']} {guard['code']}" for guard in document["guards"]]


def test_the_published_schema_is_the_one_that_holds() -> None:
    assert PUBLISHED.read_text(encoding="utf-8") == schema_text()


def test_without_a_change_nothing_happens(root: Path) -> None:
    done = run("plan")

    assert done.return_value == 0
    assert done.stdout.splitlines()[0] == "This change has no effect on the running systems."


def test_a_change_of_type_stops_and_names_who_uses_it(root: Path) -> None:
    edit(root, CARD_FRAUD, INT, FLOAT)

    done = run("plan")

    assert done.return_value == 1
    assert done.stdout.startswith("This change breaks endpoint fraud-scorer of card-fraud; retrains model card-fraud")
    assert "reviewers: team-risk" in done.stdout
    assert "version 41 was trained on int64 `txn_count_1h`, which is now float64: it cannot be served" in done.stdout
    assert "error[MLC920]" in done.stderr
    assert f"--> {CARD_FRAUD}:20:32" in done.stderr


def test_the_markdown_has_the_path_and_fits_a_comment(root: Path) -> None:
    edit(root, CARD_FRAUD, INT, FLOAT)

    page = run("plan", "-o", "markdown").stdout

    assert len(page) < 65_536
    assert "→ sets.fraud\\_inputs → model → gates → endpoint fraud-scorer (tier 1, team-risk)" in page
    assert "🛑 card-fraud" in page
    assert page.count("<details>") == page.count("</details>") == 1


def test_a_change_across_systems_asks_both_owners(root: Path) -> None:
    edit(root, MERCHANTS, "score: {type: float64, min: 0, max: 1}", "score: {type: float32, min: 0, max: 1}")

    document = plan()

    assert document["reviewers"] == ["team-merchants", "team-risk"]
    assert document["endpoints"] == ["endpoint fraud-scorer (tier 1, team-risk)"]
    assert [system["system"] for system in document["systems"]] == ["card-fraud", "merchants"]


def test_a_reason_in_the_spec_lifts_a_guard_and_is_told(root: Path) -> None:
    edit(root, CARD_FRAUD, "country: {type: string,", "country: {description: Where it is paid., type: string,")
    edit(root, CARD_FRAUD, "      average_precision: {min: 0.82, maxDrop: 0.01}", "      roc_auc: {min: 0.9}")
    assert codes(plan()) == ["error MLC920"]
    edit(root, CARD_FRAUD, "  tier: 1\n", "  tier: 1\n  accepts: {MLC920: we watch the other metric now}\n")

    document = plan()

    assert codes(document) == ["note MLC920"]
    assert document["guards"][0]["message"].endswith("accepted: we watch the other metric now")
    assert run("plan").return_value == 0


def test_a_guard_that_is_lifted_for_nothing_is_told(root: Path) -> None:
    edit(root, CARD_FRAUD, "  tier: 1\n", "  tier: 1\n  accepts: {MLC921: was meant in May}\n")

    document = plan()

    assert codes(document) == ["note MLC924"]
    assert document["guards"][0]["place"]["line"] == 8


def test_a_type_can_change_on_purpose_so_that_the_new_training_is_rendered(root: Path) -> None:
    edit(root, CARD_FRAUD, INT, FLOAT)
    why = "the endpoint is idle until version 43 is locked"
    edit(root, CARD_FRAUD, "  tier: 1\n", f"  tier: 1\n  accepts: {{MLC512: {why}, MLC920: {why}}}\n")

    assert run("plan").return_value == 0
    assert run("render").return_value == 0
    assert f"accepted: {why}" in run("validate").stderr


def test_a_guard_that_does_not_exist_cannot_be_lifted(root: Path) -> None:
    edit(root, CARD_FRAUD, "  tier: 1\n", "  tier: 1\n  accepts: {MLC301: never}\n")

    assert "error[MLC112]: `MLC301` is not a guard" in run("validate").stderr


def test_a_view_that_goes_is_one_that_feast_deletes_in_silence(root: Path) -> None:
    view = (
        "      recent:\n        entity: card\n        source: card_stats\n        ttl: 2h\n"
        "        materialize: {every: 30m}\n        fields: [txn_count_1h]\n"
    )
    edit(root, CARD_FRAUD, "    transforms:\n", f"{view}    transforms:\n")
    commit(root)
    edit(root, CARD_FRAUD, view, "")

    document = plan()

    assert codes(document) == ["error MLC921"]
    assert document["changes"][0]["effect"] == "destroys"
    assert document["changes"][0]["consequences"][0]["applied"].startswith("the next `feast apply` deletes it")


def test_a_view_that_was_renamed_on_purpose_is_no_deletion(root: Path) -> None:
    edit(root, CARD_FRAUD, "      card_activity:\n", "      card_use:\n        renamedFrom: card_activity\n")
    edit(root, CARD_FRAUD, "card_activity.amount_avg_7d", "card_use.amount_avg_7d")
    edit(root, CARD_FRAUD, "card_activity.txn_count_1h", "card_use.txn_count_1h")

    document = plan()

    (change,) = document["changes"]
    assert (change["action"], change["path"], change["old"]) == ("renamed", "features.views.card_use", "card_activity")
    assert {consequence["effect"] for consequence in change["consequences"]} == {"rematerialises", "breaks", "retrains"}
    assert "error MLC921" not in codes(document)


def test_a_system_that_goes_names_who_reads_it(root: Path) -> None:
    shutil.rmtree(root / "systems" / "merchants")

    done = run("plan")

    assert done.return_value == 1
    assert "destroys" in done.stdout
    assert "system card-fraud uses" in done.stderr
    assert "error[MLC211]" in done.stderr


def test_an_environment_that_moves_is_stopped(root: Path) -> None:
    edit(root, "workspace.yaml", "namespace: ml-prod", "namespace: ml")

    document = plan()

    assert codes(document) == ["error MLC923"]
    assert document["guards"][0]["environments"] == ["prod"]


def test_a_field_that_a_live_object_keeps_is_stopped(root: Path) -> None:
    edit(root, "workspace.yaml", '          version: "0.20"\n', '          version: "0.20"\n          mode: Knative\n')

    assert codes(plan()) == ["error MLC922"]


def test_earlier_versions_that_could_not_be_served_again_are_told(root: Path) -> None:
    edit(root, "mlops.lock", '        version: "41"', '        version: "40"')
    commit(root, "Go back")
    edit(root, "mlops.lock", '        version: "40"', '        version: "41"')
    commit(root, "Go on")
    edit(root, CARD_FRAUD, INT, FLOAT)

    answers = [
        (answer["environment"], answer["version"], answer["role"], answer["servable"]) for answer in plan()["contract"]
    ]

    assert ("prod", "40", "rollback", False) in answers
    assert ("prod", "41", "serves", False) in answers
    edit(root, CARD_FRAUD, FLOAT, INT)
    edit(root, CARD_FRAUD, "max_depth: 6", "max_depth: 7")
    assert ("prod", "40", "rollback", True) in [
        (answer["environment"], answer["version"], answer["role"], answer["servable"]) for answer in plan()["contract"]
    ]


def test_what_a_change_costs_is_a_table(root: Path) -> None:
    edit(root, CARD_FRAUD, "replicas: {min: 2, max: 20}", "replicas: {min: 4, max: 20}")

    assert plan()["costs"] == [
        {
            "environment": "prod",
            "system": "card-fraud",
            "name": "endpoint fraud-scorer",
            "before": "2 to 20 x 2 cpu, 4Gi",
            "after": "4 to 20 x 2 cpu, 4Gi",
        }
    ]


def test_what_another_version_of_the_tool_writes_is_told_apart(root: Path) -> None:
    run("render")
    index = root / "generated/payments/prod/.mlopsctl.json"
    old = json.loads(index.read_text())
    old["version"] = "0.0.9"
    old["units"]["card-fraud"]["prometheus/rules/rules.yaml"] = "0" * 64
    index.write_text(json.dumps(old))
    commit(root, "As an older tool rendered it")
    edit(root, CARD_FRAUD, "max_depth: 6", "max_depth: 7")

    document = plan()

    assert document["tool"]["before"] == "0.0.9"
    assert document["tool"]["files"] == ["prod/card-fraud/prometheus/rules/rules.yaml"]


def test_two_folders_can_be_compared(root: Path, tmp_path: Path) -> None:
    shutil.copytree(root, tmp_path / "before", ignore=shutil.ignore_patterns(".git"))
    edit(root, CARD_FRAUD, "max_depth: 6", "max_depth: 7")

    assert [change["path"] for change in plan("--against", str(tmp_path / "before"))["changes"]] == [
        "model.params.max_depth"
    ]


def test_a_spec_that_is_not_understood_is_named_and_the_others_are_planned(root: Path) -> None:
    edit(root, CARD_FRAUD, "metric: rps", "metric: rbs")
    edit(root, MERCHANTS, "holdout: 20%", "holdout: 25%")

    done = run("plan")

    assert done.return_value == 1
    assert "merchants: model.split.holdout: 0.2 -> 0.25" in done.stdout
    assert "MLC1" in done.stderr


def test_another_engine_is_reported_before_anyone_moves(root: Path) -> None:
    done = run("plan", "--env", "prod", "--stack", "serving=kserve@0.20")

    assert done.return_value == 1
    assert "fraud-scorer" in done.stdout
    assert "autoscale.metric" in done.stdout
    assert "excludes --against" in str(run("plan", "--stack", "serving=kserve", "--against", "HEAD").exception)


def test_an_unknown_ref_is_a_wrong_usage(root: Path) -> None:
    assert "not a commit, branch or tag" in str(run("plan", "--against", "nowhere").exception)


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        (CARD_FRAUD, INT, FLOAT),
        (MERCHANTS, "score: {type: float64, min: 0, max: 1}", "score: {type: float32, min: 0, max: 1}"),
        (MERCHANTS, "holdout: 20%", "holdout: 25%"),
        ("mlops.lock", '        version: "41"', '        version: "40"'),
        ("workspace.yaml", "retries: 2", "retries: 3"),
    ],
)
def test_reading_only_what_a_change_can_reach_gives_the_same_plan(
    root: Path, monkeypatch: pytest.MonkeyPatch, file: str, old: str, new: str
) -> None:
    text = (root / MERCHANTS).read_text()
    for number in range(3):
        other = text.replace("acme/merchants", "IMAGE").replace("merchants.train", "TRAIN")
        other = other.replace("merchants", f"shops-{number}").replace("merchant", f"shop{number}")
        other = other.replace("IMAGE", "acme/merchants").replace("TRAIN", "merchants.train")
        other = other.replace("reviews", f"reviews{number}").replace("outcome", f"outcome{number}")
        other = other.replace("review_inputs", f"inputs{number}")
        (root / f"systems/shops-{number}").mkdir()
        (root / f"systems/shops-{number}/mlops.yaml").write_text(other)
    commit(root)
    edit(root, file, old, new)
    some = plan()
    monkeypatch.setattr("mlopsctl.project.affected_specs.narrowed", lambda *_: None)

    assert plan() == some


def test_affected_lists_the_systems_that_are_reached(root: Path) -> None:
    edit(root, MERCHANTS, "score: {type: float64, min: 0, max: 1}", "score: {type: float32, min: 0, max: 1}")

    assert run("affected").stdout == "card-fraud\nmerchants\n"
    rows = json.loads(run("affected", "--against", "HEAD", "-o", "json").stdout)
    assert rows[0]["effects"][0] == "breaks"
    assert git(root, "status", "--porcelain") == f"M {MERCHANTS}"


def test_an_environment_that_goes_stops_and_names_what_serves_there(root: Path) -> None:
    text = (root / "workspace.yaml").read_text()
    (root / "workspace.yaml").write_text(text[: text.index("    prod:\n")] + text[text.index("  defaults:") :])

    done = run("plan")

    assert done.return_value == 1
    assert "`environments.prod` is removed, and endpoint fraud-scorer (tier 1, team-risk) uses it" in done.stderr
    assert run("affected").stdout == "card-fraud\nmerchants\n"
    edit(root, "workspace.yaml", "{name: payments,", "{name: payments, accepts: {MLC920: it was a trial},")
    assert run("plan").return_value == 0


def test_a_guard_of_the_workspace_points_at_its_line(root: Path) -> None:
    edit(root, "workspace.yaml", "namespace: ml-prod", "namespace: ml")

    done = run("plan")

    line = (root / "workspace.yaml").read_text().splitlines().index("      namespace: ml") + 1
    assert f"--> workspace.yaml:{line}:18" in done.stderr
    assert done.stdout.startswith("This change destroys the whole system of card-fraud, the whole system of merchants.")


def test_of_a_spec_that_is_not_understood_nothing_is_claimed(root: Path) -> None:
    edit(root, CARD_FRAUD, "    label: is_fraud\n", "")

    done = run("plan")

    assert done.return_value == 1
    assert done.stdout.startswith("The effects of this change are unknown: the specs of card-fraud have errors.\n")
    assert "nothing was rendered" in done.stdout
    assert plan()["unclear"] == ["card-fraud"]


def test_a_view_that_another_system_takes_over_is_no_deletion(root: Path) -> None:
    text, reader = (root / MERCHANTS).read_text(), (root / CARD_FRAUD).read_text()
    parts = [
        ("      merchant_stats:", "      reviews:"),
        ("      merchant:", "    views:"),
        ("      merchant_risk:", "    sets:"),
    ]
    for (start, end), place in zip(parts, ("      payments:\n", "    views:\n", "    transforms:\n"), strict=True):
        part = text[text.index(start) : text.index(end)]
        text, reader = text.replace(part, ""), reader.replace(place, part + place, 1)
    text = text.replace("    entities:\n    views:\n", "").replace("    freshness: {severity: page}\n", "")
    (root / MERCHANTS).write_text(text.replace("merchant_risk.", "card-fraud:merchant_risk."))
    (root / CARD_FRAUD).write_text(reader.replace("merchants:merchant_risk", "merchant_risk"))

    document = plan()

    assert codes(document) == []
    assert document["effect"] == "retrains"
    (gone,) = [
        change
        for change in document["changes"]
        if change["path"].endswith("views.merchant_risk") and change["action"] == "removed"
    ]
    assert (gone["effect"], gone["old"]) == ("metadata only", "moved to system card-fraud")


def test_without_the_lock_that_is_there_no_plan_is_made(root: Path) -> None:
    (root / "mlops.lock").write_text("{]")

    done = run("plan")

    assert (done.return_value, done.stdout) == (1, "")
    assert "--> mlops.lock:1:2" in done.stderr
    assert "cannot plan: fix the errors above first" in done.stderr


def test_a_project_that_was_somewhere_else_says_that_nothing_was_compared(root: Path) -> None:
    (root / "elsewhere").mkdir()
    for name in ("workspace.yaml", "mlops.lock", "systems"):
        shutil.move(root / name, root / "elsewhere" / name)

    done = run("plan", "elsewhere")

    assert done.stdout.splitlines()[1].partition("; ")[0].endswith(", which does not contain this project")


def test_a_number_of_versions_is_not_below_none(root: Path) -> None:
    assert "-1 is not in the range" in str(run("plan", "--versions", "-1").exception)


@pytest.mark.parametrize("form", ["text", "markdown"])
def test_a_rename_that_much_depends_on_tells_each_reason_once(root: Path, form: str) -> None:
    """The oracle is the JSON plan: every reason that it has is in the text, each once."""
    for old, new in (("txn_count_1h", "txns_1h"), ("card_activity", "card_use")):
        text = (root / CARD_FRAUD).read_text(encoding="utf-8")
        (root / CARD_FRAUD).write_text(text.replace(old, new), encoding="utf-8")
    reasons = {consequence["applied"] for change in plan()["changes"] for consequence in change["consequences"]}
    lines = [line for line in run("plan", "-o", form).stdout.splitlines() if line.strip().startswith("- ")]
    letters = ["".join(filter(str.isalnum, html.unescape(line))) for line in lines]
    for reason in reasons:
        assert any(line.endswith("".join(filter(str.isalnum, reason))) for line in letters), reason
    effects = [line for line in lines if "as above" not in line]
    assert len(set(effects)) == len(effects)
    assert sum("as above: " in line for line in lines) >= 4
