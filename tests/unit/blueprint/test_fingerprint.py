"""The hash that says whether a training run would be another one."""

# ruff: noqa: E501 - a row of a table is read as one line

from __future__ import annotations

import pytest
from projects import SPEC, checked, spec

from mlopsctl.blueprint.model import Blueprint


def made(text: str = SPEC) -> Blueprint:
    return checked(text, only="prod").shared[0].systems[0]


def run(text: str = SPEC) -> str:
    (pipeline,) = [one for one in made(text).pipelines if one.purpose == "train"]
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
