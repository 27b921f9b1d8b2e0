"""`mlopsctl set`: one value of a spec changes, and nothing else of the file; a mistake changes nothing."""

from __future__ import annotations

import shutil
from difflib import unified_diff
from pathlib import Path
from typing import Any

import pytest
from projects import SPEC, WORKSPACE

ROOT = Path(__file__).resolve().parents[3]
FILE = Path("systems/card-fraud/mlops.yaml")


def lines(before: str, after: str) -> list[str]:
    diff = unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
    return [line for line in list(diff)[2:] if not line.startswith("@@")]


@pytest.mark.parametrize(
    ("setting", "old", "new"),
    [
        ("spec.features.views.card_activity.ttl=3h", "        ttl: 2h", "        ttl: 3h"),
        ("features.views.card_activity.ttl=3h", "        ttl: 2h", "        ttl: 3h"),
        ("metadata.tier=2", "tier: 1}", "tier: 2}"),
        ("serving.endpoints.scorer.rollout.steps=[5, 50, 100]", "steps: [10, 50, 100]", "steps: [5, 50, 100]"),
        ("serving.endpoints.scorer.rollout.steps.0=5", "steps: [10, 50, 100]", "steps: [5, 50, 100]"),
        ("alerts.rules.ScorerDown.severity=ticket", "        severity: page", "        severity: ticket"),
        ("model.params={max_iter: 50}", "", "    params: {max_iter: 50}"),
        ("model.params.max_iter=50", "", "    params: {max_iter: 50}"),
        ("model.params.note='two: parts'", "", "    params: {note: 'two: parts'}"),
        ("checks.gates.roc_auc={min: 0.7}", "", "      roc_auc: {min: 0.7}"),
        ("overrides.dev.serving.endpoints.scorer.replicas={min: 1, max: 1}", "", "serving.endpoints.scorer.replicas: "),
        ("features.views.card_activity.fields=[txn_count_1h, txn_count_1h]", None, None),
    ],
)
def test_a_value_changes_and_its_line_alone(
    setting: str, old: str | None, new: str | None, project: Path, run: Any
) -> None:
    ran = run("set", setting)
    after = FILE.read_text()
    if old is None:
        assert (ran.code != 0, after) == (True, SPEC), ran
        return
    assert ran.code == 0, ran.err
    changed = lines(SPEC, after)
    assert [line for line in changed if line[0] == "-" and (not old or old not in line)] == []
    assert not old or len(changed) == 2
    assert any(str(new) in line for line in changed if line[0] == "+")
    assert run("validate").code == 0


def test_what_changed_is_shown_with_its_line(project: Path, run: Any) -> None:
    ran = run("set", "spec.features.views.card_activity.ttl=3h", "metadata.tier=2", str(FILE))
    assert ran.code == 0
    assert ran.out == (
        "systems/card-fraud/mlops.yaml:3: - metadata: {name: card-fraud, owner: team-risk, tier: 1}\n"
        "systems/card-fraud/mlops.yaml:3: + metadata: {name: card-fraud, owner: team-risk, tier: 2}\n"
        "systems/card-fraud/mlops.yaml:32: - ttl: 2h\n"
        "systems/card-fraud/mlops.yaml:32: + ttl: 3h\n"
    )


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("spec.features.views.card_activty.ttl", "did you mean `card_activity`?"),
        ("features.view.card_activity.ttl", "did you mean `views`?"),
        ("featurs.views.card_activity.ttl", "did you mean `features`?"),
        ("features.views.card_activity.ttll", "did you mean `ttl`?"),
        ("features.views.card_activity.ttl.seconds", "is a single value without keys"),
        ("serving.endpoints.scorer.rollout.steps.3", "use an index from 0 to 2"),
        ("serving.endpoints.scorer.rollout.steps.first", "use an index from 0 to 2"),
        ("features..ttl", "`spec.features` has no ``"),
        ("features.views.other.ttl", "`spec.features.views` has no `other`"),
    ],
)
def test_a_path_that_leads_nowhere_is_told_with_its_place_and_what_was_meant(
    path: str, said: str, project: Path, run: Any
) -> None:
    ran = run("set", f"{path}=3h")
    assert ran.code == 1
    assert "error[MLC930]" in ran.err
    assert "systems/card-fraud/mlops.yaml:" in ran.err
    assert said in ran.err
    assert FILE.read_text() == SPEC


def test_a_change_that_brings_an_error_is_shown_as_it_would_be_and_not_written(project: Path, run: Any) -> None:
    ran = run("set", "features.views.card_activity.ttl=30m")
    assert ran.code == 1
    assert "error[MLC301]" in ran.err
    assert "32 |         ttl: 30m" in ran.err
    assert "nothing is written" in ran.err
    assert FILE.read_text() == SPEC


def test_an_error_that_was_there_before_does_not_stand_in_the_way(project: Path, run: Any) -> None:
    FILE.write_text(SPEC.replace("ttl: 2h", "ttl: 30m"))
    assert run("set", "metadata.tier=2").code == 0
    assert "tier: 2" in FILE.read_text()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["ttl"], "write PATH=VALUE"),
        (["a=1", "x", "y"], "at most one SPEC"),
        (["metadata.tier=[1"], "cannot be read"),
        (["metadata.tier=1\n2"], "cannot be read"),
        (["metadata.tier=!!int 1"], "cannot be read"),
        (["model.params.note=two: parts"], "put it in quotes"),
        (["metadata.tier=1", "nowhere"], "`nowhere` does not exist"),
    ],
)
def test_wrong_use_is_told(arguments: list[str], said: str, project: Path, run: Any) -> None:
    ran = run("set", *arguments)
    assert ran.code == 2
    assert said in ran.err
    assert FILE.read_text() == SPEC


def test_of_several_specs_one_is_named_and_the_workspace_can_be(project: Path, run: Any) -> None:
    shutil.copytree("systems/card-fraud", "systems/second")
    second = Path("systems/second/mlops.yaml")
    second.write_text(SPEC.replace("name: card-fraud, owner", "name: second, owner"))
    assert "choose one spec" in run("set", "metadata.tier=2").err
    assert run("set", "spec.environments.dev.namespace=ml-trial", "workspace.yaml").code == 0
    assert lines(WORKSPACE, Path("workspace.yaml").read_text()) == [
        "-    dev: {namespace: ml-dev}",
        "+    dev: {namespace: ml-trial}",
    ]


def test_what_stands_for_two_values_is_left_to_a_person(project: Path, run: Any) -> None:
    text = SPEC.replace("ttl: 2h", "ttl: &long 2h").replace("window: 1d", "window: *long")
    FILE.write_text(text)
    ran = run("set", "features.views.card_activity.ttl=3h")
    assert ran.code == 1
    assert "error[MLC931]" in ran.err
    assert FILE.read_text() == text


def test_line_ends_of_another_system_stay(project: Path, run: Any) -> None:
    FILE.write_bytes(SPEC.replace("\n", "\r\n").encode())
    assert run("set", "checks.gates.roc_auc={min: 0.7}", "features.views.card_activity.ttl=3h").code == 0
    content = FILE.read_bytes()
    assert content.count(b"\n") == content.count(b"\r\n") == SPEC.count("\n") + 1


def test_a_value_that_is_there_already_changes_nothing(project: Path, run: Any) -> None:
    ran = run("set", "features.views.card_activity.ttl=2h")
    assert (ran.code, ran.out) == (0, "systems/card-fraud/mlops.yaml: nothing to change\n")
