"""The hash that says whether a training run would be another one."""

# ruff: noqa: E501 - a row of a table is read as one line

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, get_args, get_type_hints

import pytest
from msgspec import Struct
from projects import LOCK, SPEC, WORKSPACE, checked, edited, spec

from mlopsctl.blueprint import model
from mlopsctl.blueprint.fingerprint import HASHED, fingerprint
from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.checks import Check
from mlopsctl.blueprint.model.pipelines import Pipeline
from mlopsctl.blueprint.model.record import Record

SLOW = [("      latency: {endpoint: scorer, threshold: 100ms, objective: 99%, window: 30d}\n", "")]
PLAIN = [("        features: inputs\n        replicas", "        replicas"), *SLOW]
STILL = [
    ("        autoscale: {metric: rps, target: 50}\n", ""),
    ("        rollout: {strategy: canary, steps: [10, 50, 100], pause: 30m, abortOn: [availability]}\n", ""),
    ("    slos:\n      availability: {endpoint: scorer, objective: 99.9%, window: 30d}\n", ""),
]


def blueprint(text: str = SPEC, **around: str | None) -> Blueprint:
    return checked(text, only="prod", **around).shared[0].systems[0]


def run(text: str = SPEC, **around: str | None) -> str:
    (pipeline,) = [pipeline for pipeline in blueprint(text, **around).pipelines if pipeline.purpose == "train"]
    assert pipeline.on_change
    return pipeline.on_change.name


def test_a_run_is_named_by_what_it_depends_on() -> None:
    assert run().startswith("card-fraud-train-")
    assert run() == run()


def rollout(text: str) -> Pipeline:
    lock = LOCK.replace("/3}", "/3, candidate: {version: '4', uri: s3://models/card-fraud/4}}")
    return next(pipeline for pipeline in blueprint(text, lock=lock).pipelines if pipeline.purpose == "rollout")


def test_a_rollout_whose_image_did_not_start_runs_anew_with_another() -> None:
    before, after = rollout(SPEC), rollout(re.sub("sha256:[0-9a-f]{64}", f"sha256:{'0' * 64}", SPEC))
    assert before.image != after.image
    assert before.hash == after.hash
    assert before.on_change
    assert after.on_change
    assert before.on_change.name != after.on_change.name


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
    [("cadence: 15m", "cadence: 15m\n        lateness: 2h")],
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
            model = blueprint(spec(*changes), lock=lock).model
            assert model
            assert model.looks_up is looks_up
        assert run(spec(*changes)) == run(spec(*changes), lock=None)


def with_params(words: str) -> str:
    return spec(("    label: is_fraud\n", f"    label: is_fraud\n    params: {{{words}}}\n"))


@pytest.mark.parametrize("name", ["tags", "description", "served", "help", "cadence"])
def test_a_parameter_counts_whatever_its_name(name: str) -> None:
    runs = [run(with_params(words)) for words in (f"{name}: 3", f"{name}: 500", f"outer: {{{name}: 3}}")]
    runs += [run(with_params(words)) for words in (f'{name}: "3"', f"outer: {{{name}: null}}", "outer: {}")]
    assert len({*runs, run()}) == 7


@pytest.mark.parametrize("name", ["tags", "description", "served"])
def test_a_parameter_of_a_check_and_of_a_condition_counts_whatever_its_name(name: str) -> None:
    checks = [Check("own", {name: value}, {}) for value in (1, 2)]
    checks += [Check("own", {}, {"condition": {name: value}}) for value in (1, 2)]
    assert len({fingerprint(check) for check in checks}) == 4


@pytest.mark.parametrize("kind", HASHED, ids=lambda kind: kind.__name__)
def test_every_field_of_a_hashed_type_is_listed_once(kind: type[Struct]) -> None:
    listed = [*HASHED[kind].keys().values(), *HASHED[kind].ignored.split()]
    absent = sorted(set(kind.__struct_fields__) - set(listed))
    assert not absent, (
        f"list {' '.join(absent)} of {kind.__name__} in mlopsctl/blueprint/fingerprint.py: in `fields` if a change is "
        "another run, otherwise in `ignored`"
    )
    unknown = sorted(set(listed) - set(kind.__struct_fields__))
    assert not unknown, (
        f"mlopsctl/blueprint/fingerprint.py lists fields that {kind.__name__} does not have: {' '.join(unknown)}"
    )
    assert len(listed) == len(set(listed)), f"a field of {kind.__name__} is listed twice"


def structs(annotation: Any) -> Iterator[type[Struct]]:
    if isinstance(annotation, type) and issubclass(annotation, Struct):
        yield annotation
    for inner in get_args(annotation):
        yield from structs(inner)


def test_every_type_that_a_hashed_field_holds_is_listed() -> None:
    held = {
        struct
        for kind, hashed in HASHED.items()
        for name in hashed.keys().values()
        for struct in structs(get_type_hints(kind)[name])
    }
    assert held <= set(HASHED)


def test_every_type_of_the_blueprint_is_a_record() -> None:
    kinds = {kind for kind in CLASSES if issubclass(kind, Struct)}
    assert kinds == {Struct, *RECORDS}


SECTIONS = [import_module(section.name) for section in iter_modules(model.__path__, f"{model.__name__}.")]
CLASSES = dict.fromkeys(kind for section in SECTIONS for _, kind in inspect.getmembers(section, inspect.isclass))
RECORDS = [kind for kind in CLASSES if issubclass(kind, Record)]


@pytest.mark.parametrize("kind", RECORDS, ids=lambda kind: kind.__name__)
def test_a_default_of_the_blueprint_is_empty_so_that_its_json_may_leave_it_out(kind: type[Struct]) -> None:
    assert not [value for value in kind.__struct_defaults__ if not _empty(value)], (
        f"decide the value in blueprint/, and hand it to {kind.__name__}"
    )


def _empty(value: object) -> bool:
    """Tell whether a default holds nothing: no value, the factory of an empty map, or a record of such defaults."""
    if isinstance(value, Record):
        return all(_empty(getattr(value, name)) for name in value.__struct_fields__)
    return not (getattr(value, "factory", lambda: value)())


REORDERED = [
    [
        ("      card_stats:\n        type: parquet\n        path: data/card_stats.parquet\n        eventTime: ts\n        cadence: 15m\n        columns:\n          card_id: {type: string}\n          txn_count_1h: {type: int64}\n", ""),
        ("    labels:\n", "      card_stats:\n        type: parquet\n        path: data/card_stats.parquet\n        eventTime: ts\n        cadence: 15m\n        columns:\n          card_id: {type: string}\n          txn_count_1h: {type: int64}\n    labels:\n"),
    ],
    [("{min: 0.8}", "{min: 0.80}")],
    [("min: 0.7}", "min: 0.75}")],
]  # fmt: skip


@pytest.mark.parametrize("changes", REORDERED, ids=["sources", "a zero", "live"])
def test_the_order_of_named_things_and_the_spelling_of_a_number_change_nothing(changes: list[tuple[str, str]]) -> None:
    assert run(spec(*changes)) == run()


def test_the_order_of_gates_changes_nothing() -> None:
    bounds = ["average_precision: {min: 0.8}", "recall: {min: 1}", "precision: {min: 0.5}"]
    runs = {
        run(spec(("average_precision: {min: 0.8}", "\n      ".join(order))))
        for order in (bounds, bounds[::-1], [bounds[0], "recall: {min: 1.0}", bounds[2]])
    }
    assert len(runs) == 1
