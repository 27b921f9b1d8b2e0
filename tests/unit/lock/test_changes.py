"""What the lock becomes: entries put in, rolled out, finished, dropped; the order of what is there is kept."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from mlopsctl.lock.changes import drop, finish, settled, update
from mlopsctl.lock.digest import digest, sealed
from mlopsctl.lock.promotion import _problem, order_violation
from mlopsctl.lock.uses import Use
from mlopsctl.spec.checks import Gate

OLD = {"version": "1", "uri": "s3://m/1", "run": "r1", "snapshot": "s3://m/1/s"}
NEW = {"version": "2", "uri": "s3://m/2", "run": "r2", "signature": {"inputs": {}, "outputs": {}}}
NEXT = {"version": "3", "uri": "s3://m/3"}


def use(kind: str = "models", key: str = "m@champion", rollout: str = "direct") -> Use:
    return Use("prod", kind, key, ("s",), True, rollout, None, "mlops.yaml", "mlflow", None)


@pytest.mark.parametrize(
    ("old", "registered", "rollout", "new", "words"),
    [
        (None, OLD, "canary", OLD, "is version 1"),
        (OLD, NEW, "direct", NEW, "changes from version 1 to 2"),
        (OLD, NEW, "canary", {**OLD, "candidate": NEW}, "stays version 1; 2 becomes the candidate (canary)"),
        (OLD, NEW, "shadow", {**OLD, "candidate": NEW}, "stays version 1; 2 becomes the candidate (shadow)"),
        ({**OLD, "candidate": NEW}, NEXT, "canary", {**OLD, "candidate": NEXT},
         "stays version 1; 3 becomes the candidate instead of 2 (canary)"),
        ({**OLD, "candidate": NEW}, NEXT, "direct", NEXT, "changes from version 1 to 3"),
        ({**OLD, "candidate": NEW}, OLD, "canary", OLD, "stays version 1; candidate 2 is removed"),
        ({**OLD, "run": "other"}, OLD, "direct", OLD, "stays version 1, with new metadata"),
    ],
)  # fmt: skip
def test_a_new_version_takes_the_way_of_the_rollout(
    old: Any, registered: Any, rollout: str, new: Any, words: str
) -> None:
    before = deepcopy(old)
    assert settled(old, dict(registered), rollout) == (new, words)
    assert old == before


def test_facts_keep_the_order_that_a_person_gave_them() -> None:
    old = {"uri": "s3://m/1", "version": "1", "run": "r1"}
    entry, _ = settled(old, dict(NEW), "direct")
    assert list(entry) == ["uri", "version", "run", "signature"]


def test_putting_what_is_there_changes_nothing() -> None:
    data: Any = {"environments": {"prod": {"models": {"m@champion": sealed(OLD, None)}}}}
    assert update(data, use(), dict(OLD)) is None


def test_an_entry_of_an_older_lock_gets_its_digest() -> None:
    data: Any = {"environments": {"prod": {"models": {"m@champion": dict(OLD)}}}}
    assert str(update(data, use(), dict(OLD))) == "prod: model m@champion gets the digest of version 1"
    assert data["environments"]["prod"]["models"]["m@champion"] == {**OLD, "digest": digest(OLD)}
    assert update(data, use(rollout="canary"), dict(OLD)) is None


def test_an_environment_is_made_when_it_is_needed() -> None:
    data: Any = {"environments": None}
    change = update(data, use("images", "a:1"), "sha256:" + "1" * 64)
    assert str(change) == "prod: image a:1 is sha256:111111111111…"
    change = update(data, use("images", "a:1"), "sha256:" + "2" * 64)
    assert str(change) == "prod: image a:1 changes from sha256:111111111111… to sha256:222222222222…"
    assert data == {"environments": {"prod": {"images": {"a:1": "sha256:" + "2" * 64}}}}


def test_a_candidate_that_held_becomes_the_version() -> None:
    data: Any = {"environments": {"prod": {"models": {"m@champion": {**OLD, "candidate": NEW}}}}}
    assert str(finish(data, "prod", "m@champion")) == "prod: model m@champion changes from version 1 to 2"
    assert data["environments"]["prod"]["models"]["m@champion"] == sealed(NEW, None)
    assert finish(data, "prod", "m@champion") is None
    assert finish(data, "dev", "m@champion") is None


def test_what_is_empty_goes_with_its_last_entry() -> None:
    data: Any = {"environments": {"prod": {"images": {"a:1": "x"}, "models": {"m@champion": OLD}}, "dev": {}}}
    drop(data, "prod", "images", "a:1")
    assert data == {"environments": {"prod": {"models": {"m@champion": OLD}}, "dev": {}}}
    drop(data, "prod", "models", "m@champion")
    assert data == {"environments": {"dev": {}}}


ORDER = {"dev": None, "staging": "dev", "prod": "staging", "demo": None}


@pytest.mark.parametrize(
    ("source", "target", "said"),
    [
        ("dev", "staging", ""),
        ("staging", "prod", ""),
        ("dev", "prod", "`prod` is promoted from `staging`, not from `dev`: the order is dev -> staging -> prod"),
        ("prod", "dev", "`prod` comes after `dev`: the order is dev -> staging -> prod"),
        ("prod", "staging", "`prod` comes after `staging`: the order is dev -> staging -> prod"),
        ("dev", "demo", "`demo` has no `promoteFrom` in the workspace"),
        ("dev", "dev", "`dev` comes after `dev`: the order is dev"),
    ],
)
def test_the_order_of_environments_is_followed(source: str, target: str, said: str) -> None:
    assert order_violation(ORDER, source, target) == said


def gate(**bounds: Any) -> Any:
    return Gate.model_validate(bounds)


@pytest.mark.parametrize(
    ("bounds", "reached", "said"),
    [
        ({"min": 0.8}, {"f1": 0.8}, ""),
        ({"min": 0.8}, {"f1": 0.79999}, "has `f1` = 0.79999, below the minimum of 0.8"),
        ({"min": 0.7}, {"f1": 0.7}, ""),
        ({"max": 0.1}, {"f1": 0.2}, "has `f1` = 0.2, above the maximum of 0.1"),
        ({"max": 1}, {"f1": 1}, ""),
        ({"maxDrop": 0.1}, {"f1": 0.0}, ""),
        ({"min": 0.8}, {}, "has no recorded `f1`"),
        ({"min": 0.8}, {"f1": "0.9"}, "has no recorded `f1`"),
        ({"min": 0.8}, {"f1": True}, "has no recorded `f1`"),
        ({"min": 0.8}, {"f1": float("nan")}, "has `f1` = nan, below the minimum of 0.8"),
        ({"min": 0.8}, None, "has no recorded gates"),
    ],
)
def test_recorded_values_are_held_to_the_gates(bounds: Any, reached: Any, said: str) -> None:
    assert _problem("f1", gate(**bounds), reached) == said
