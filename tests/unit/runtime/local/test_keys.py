"""What makes a step run again, and what does not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from blueprints import blueprints
from msgspec.structs import replace

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.pipelines import Step
from mlopsctl.runtime.local import keys
from mlopsctl.runtime.local.fingerprints import Fingerprints

AROUND = {"tool": "1", "code": "2", "data": "3", "now": "4", "transforms": "5"}


@pytest.fixture
def quickstart() -> Blueprint:
    return blueprints("quickstart", "local")["quickstart"]


def step(blueprint: Blueprint, verb: str) -> Step:
    return next(step for pipeline in blueprint.pipelines for step in pipeline.steps if step.verb == verb)


def key(blueprint: Blueprint, verb: str, **around: str) -> str:
    return keys.key(blueprint, step(blueprint, verb), {}, {}, {**AROUND, **around})


@pytest.mark.parametrize(
    ("changed", "again"),
    [
        ("data", {"materialize", "build-dataset", "monitor"}),
        ("now", {"materialize", "build-dataset", "monitor"}),
        ("code", {"train", "evaluate", "register", "monitor"}),
        ("transforms", {"build-dataset"}),
    ],
)
def test_a_change_around_a_step_reaches_those_that_depend_on_it(
    quickstart: Blueprint, changed: str, again: set[str]
) -> None:
    verbs = {step.verb for pipeline in quickstart.pipelines for step in pipeline.steps}
    assert {verb for verb in verbs if key(quickstart, verb) != key(quickstart, verb, **{changed: "new"})} == again


def test_another_release_of_the_tool_does_every_step_again(quickstart: Blueprint) -> None:
    verbs = {step.verb for pipeline in quickstart.pipelines for step in pipeline.steps}
    assert all(key(quickstart, verb) != key(quickstart, verb, tool="new") for verb in verbs)


def test_a_changed_gate_is_held_again_and_nothing_is_trained(quickstart: Blueprint) -> None:
    checks = quickstart.checks
    assert checks
    changed = replace(quickstart, checks=replace(checks, gates=(replace(checks.gates[0], max_drop=None),)))
    assert key(changed, "gate") != key(quickstart, "gate")
    assert all(
        key(changed, verb) == key(quickstart, verb) for verb in ("build-dataset", "check-data", "split", "train")
    )


def test_alerts_and_endpoints_are_nothing_to_a_step(quickstart: Blueprint) -> None:
    changed = replace(quickstart, alerts=(), slos=(), monitors=(), endpoints=(), labels={})
    verbs = {step.verb for pipeline in quickstart.pipelines for step in pipeline.steps}
    assert all(key(changed, verb) == key(quickstart, verb) for verb in verbs)


def test_a_commit_changes_nothing_and_the_hash_of_the_spec_only_the_versions_tags(quickstart: Blueprint) -> None:
    def of(verb: str, **parameters: str) -> str:
        return keys.key(quickstart, step(quickstart, verb), parameters, {}, AROUND)

    both = {"git-commit": "abc", "spec-hash": "def"}
    assert of("train", **both) == of("train")
    assert of("register", **both) != of("register")
    assert of("register", **both) == of("register", **{**both, "git-commit": "other"})


def test_code_counts_where_the_spec_names_it(quickstart: Blueprint, tmp_path: Path) -> None:
    (tmp_path / "churn").mkdir()
    train, script = tmp_path / "churn" / "train.py", tmp_path / "make_data.py"
    train.write_text("one")
    script.write_text("one")

    def now() -> str:
        return keys.code(quickstart, tmp_path, Fingerprints(tmp_path / "memory.json"))

    before = now()
    script.write_text("two, of another length")
    assert now() == before
    train.write_text("two, of another length")
    assert now() != before


@pytest.mark.parametrize(
    ("file", "text", "counts"),
    [
        ("churn/train.py", "two, of another length", False),
        ("churn/features.py", "import churn.units # another length", True),
        ("churn/units.py", "two, of another length", True),
        ("churn/__init__.py", "two = 'of another length'", True),
        ("churn/limits.json", "two, of another length", True),
        ("make_data.py", "two, of another length", False),
    ],
)
def test_training_code_is_nothing_to_the_data_set_unless_a_transform_imports_it(
    quickstart: Blueprint, tmp_path: Path, file: str, text: str, counts: bool
) -> None:
    (tmp_path / "churn").mkdir()
    for name in ("__init__.py", "train.py", "units.py", "limits.json"):
        (tmp_path / "churn" / name).write_text("")
    (tmp_path / "churn" / "features.py").write_text("import churn.units")

    def now(of: Callable[..., str]) -> str:
        return of(quickstart, tmp_path, Fingerprints(tmp_path / "memory.json"))

    before = now(keys.transforms)
    (tmp_path / file).write_text(text)
    assert (now(keys.transforms) != before) == counts
    opened = "import importlib; importlib.import_module('churn.' + 'train')"
    (tmp_path / "churn" / "features.py").write_text(opened)
    before = now(keys.transforms)
    (tmp_path / "churn" / "train.py").write_text("three, of yet another length")
    assert now(keys.transforms) != before, "what is imported by a computed name may be any module"


def test_data_that_may_change_unseen_has_no_hash(quickstart: Blueprint, tmp_path: Path) -> None:
    prints = Fingerprints(tmp_path / "memory.json")
    assert keys.data(quickstart, tmp_path, prints)
    assert keys.data(blueprints("payments", "prod")["card-fraud"], tmp_path, prints) is None
