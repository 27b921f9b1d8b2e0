"""The hash that says whether a training run would be another one."""

# ruff: noqa: E501 - a row of a table is read as one line

from __future__ import annotations

import pytest
from projects import LOCK, SPEC, WORKSPACE, checked, edited, spec

from mlopsctl.blueprint.model import Blueprint

SLOW = [("      latency: {endpoint: scorer, threshold: 100ms, objective: 99%, window: 30d}\n", "")]
PLAIN = [("        features: inputs\n        replicas", "        replicas"), *SLOW]
STILL = [
    ("        autoscale: {metric: rps, target: 50}\n", ""),
    ("        rollout: {strategy: canary, steps: [10, 50, 100], pause: 30m, abortOn: [availability]}\n", ""),
    ("    slos:\n      availability: {endpoint: scorer, objective: 99.9%, window: 30d}\n", ""),
]


def made(text: str = SPEC, **around: str | None) -> Blueprint:
    return checked(text, only="prod", **around).shared[0].systems[0]


def run(text: str = SPEC, **around: str | None) -> str:
    (pipeline,) = [one for one in made(text, **around).pipelines if one.purpose == "train"]
    assert pipeline.on_change
    return pipeline.on_change.name


def test_a_run_is_named_by_what_it_depends_on() -> None:
    assert run().startswith("card-fraud-train-")
    assert run() == run()


SAME = [
    [("        type: parquet\n        path: data/card_stats.parquet\n", "        path: data/card_stats.parquet\n        type: parquet\n")],
    [("txn_count_1h: {type: int64}", "txn_count_1h: {type: int64, description: Payments in the last hour.}")],
    [("      card: {key: card_id, type: string}", "      card: {key: card_id, type: string, description: A card.}")],
    [("metadata: {name: card-fraud,", "metadata: {description: It scores., name: card-fraud,")],
    [("99.9%", "99.5%")],
    [("replicas: {min: 2, max: 8}", "replicas: {min: 3, max: 9}")],
    [("        ttl: 2h\n        materialize: {every: 30m}\n", "        materialize: {every: 30m}\n        ttl: 2h\n")],
    [("window: 1d", "window: 2d")],
    [('cron: "0 3 * * 1"', 'cron: "0 4 * * 1"')],
    [("materialize: {every: 30m}", "materialize: {every: 20m}")],
    [("cadence: 15m", "cadence: 20m")],
]  # fmt: skip


@pytest.mark.parametrize("changes", SAME, ids=lambda changes: changes[0][1].strip()[:40])
def test_what_a_run_does_not_depend_on_changes_nothing(changes: list[tuple[str, str]]) -> None:
    assert run(spec(*changes)) == run()


OTHER = [
    [("{amount: float64}\n", "{amount: float32}\n"), ("amount: {type: float64}", "amount: {type: float32}")],
    [("ttl: 2h", "ttl: 3h")],
    [("label: is_fraud", "seed: 7\n    label: is_fraud")],
    [("holdout: 14d", "holdout: 15d")],
    [("{min: 0.8}", "{min: 0.81}")],
    [("path: data/card_stats.parquet", "path: data/card_stats_v2.parquet")],
    [("suite: data_integrity", "checks: {IsSingleValue: {}}")],
    [("task: binary-classification", "task: multiclass-classification"), ("average_precision: {min: 0.8}", "accuracy: {min: 0.8}"), ("metric: average_precision", "metric: accuracy")],
    [("@sha256:5f", "@sha256:6f")],
    [("card_fraud.train:train", "card_fraud.train:train_again")],
]  # fmt: skip


@pytest.mark.parametrize("changes", OTHER, ids=lambda changes: changes[0][1].strip()[:40])
def test_what_a_run_depends_on_makes_it_another(changes: list[tuple[str, str]]) -> None:
    assert run(spec(*changes)) != run()


def stack(words: str) -> str:
    return edited(WORKSPACE, ("  environments:", f"  stack: {{{words}}}\n  environments:"))


def test_what_a_package_is_made_for_makes_a_run_another() -> None:
    assert run(spec(*PLAIN)) != run(spec(*SLOW)), "an endpoint with features, and one that is sent every input"
    elsewhere = stack("features: {engine: feast, server: features.example.com:80}")
    assert run(workspace=elsewhere) != run(), "the package asks another feature server"
    bare = spec(*PLAIN, *STILL)
    assert run(bare, workspace=stack("serving: {engine: kserve}")) != run(bare), "KServe's own server reads a bare file"


def test_what_requests_carry_is_known_before_a_version_is_locked() -> None:
    for changes, looks_up in ((SLOW, True), (PLAIN, False)):
        for lock in (LOCK, None):
            model = made(spec(*changes), lock=lock).model
            assert model
            assert model.looks_up is looks_up
        assert run(spec(*changes)) == run(spec(*changes), lock=None)
