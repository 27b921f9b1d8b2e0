"""The run's settings and the program that reads them, and what Neptune cannot do."""

from __future__ import annotations

import ast
import json
from typing import Any

import pytest
from hypothesis import given
from msgspec.structs import replace
from unit.emit.hostile_text import texts as hostile
from unit.engines.feast.sample import texts
from unit.engines.neptune.sample import blueprint, shared

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.training import Model
from mlopsctl.diagnostics.model import Severity
from mlopsctl.engines.neptune import codes, target


def settings(blueprint: Blueprint) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(texts(target.render(blueprint))["run.json"])
    return document


def model(**changes: Any) -> Model:
    known = blueprint().model
    assert known
    return replace(known, **changes)


def test_a_run_has_what_is_registered_and_whose_it_is() -> None:
    written = settings(blueprint())
    train = next(pipeline for pipeline in blueprint().pipelines if pipeline.purpose == "train")

    assert written["project"] == "acme/card-fraud"
    assert written["run_id"] == f"card-fraud-prod-{train.hash}"
    assert written["fields"]["model"]["registered_name"] == "card-fraud"
    assert written["fields"]["model"]["alias"] == "champion"
    assert written["fields"]["system"]["owner"] == "team-risk"
    assert written["fields"]["params"]["max_depth"] == 6


def test_a_long_name_is_left_out_of_the_id_that_generation_2_takes() -> None:
    system = blueprint()
    long = replace(system, identity=replace(system.identity, system="a-system-with-a-rather-long-name"))
    train = next(each for each in system.pipelines if each.purpose == "train")

    assert settings(long)["run_id"] == train.hash


def test_a_parameter_that_no_field_holds_is_written_as_json() -> None:
    written = settings(blueprint(model=model(params={"layers": [64, 32], "dropout": None, "bias": True})))

    assert written["fields"]["params"] == {"layers": "[64,32]", "dropout": "null", "bias": True, "seed": model().seed}


@pytest.mark.parametrize(("generation", "client"), [("2", "neptune"), ("2.5", "neptune"), ("3", "neptune_scale")])
def test_the_program_is_of_the_installations_generation(generation: str, client: str) -> None:
    program = texts(target.render(blueprint(generation)))["init_run.py"]

    assert client in {
        name.name for line in ast.parse(program).body if isinstance(line, ast.Import) for name in line.names
    }


def test_a_system_without_a_model_has_no_run() -> None:
    assert texts(target.render(blueprint(model=None))) == {}


@given(hostile)
def test_a_hostile_text_is_in_the_settings_and_nowhere_else(text: str) -> None:
    system = blueprint()
    changed = replace(system, identity=replace(system.identity, description=text), model=model(tags={text: text}))
    contents = texts(target.render(changed))

    assert json.loads(contents["run.json"])["fields"]["tags"] == {text: text}
    assert json.loads(contents["run.json"])["fields"]["system"]["description"] == text
    assert contents["init_run.py"] == texts(target.render(system))["init_run.py"]


def together(**settings: Any) -> list[tuple[str, str]]:
    return [(d.code, d.path) for d in target.limits_shared(shared(**settings))]


def test_an_installation_of_ones_own_is_fine() -> None:
    assert together() == []


def test_the_hosted_neptune_is_an_error_that_names_mlflow() -> None:
    (diagnostic,) = target.limits_shared(shared(uri=None))

    assert (diagnostic.code, diagnostic.severity) == (codes.HOSTED.code, Severity.ERROR)
    assert "shut down on 5 March 2026" in diagnostic.message
    assert "mlflow" in diagnostic.help


@pytest.mark.parametrize("uri", ["https://app.neptune.ai", "https://APP.Neptune.ai/acme", "https://neptune.ai:443"])
def test_its_address_is_the_hosted_one_too(uri: str) -> None:
    assert together(uri=uri) == [(codes.HOSTED.code, "spec.stack.registry.uri")]
    assert together(uri="https://neptune.ai.acme.example") == []


@pytest.mark.parametrize(
    "project", [None, "", "card-fraud", "acme/", "/card-fraud", "acme/card/fraud", "acme/card fraud"]
)
def test_a_name_that_is_no_project_is_named(project: str | None) -> None:
    assert together(project=project) == [(codes.PROJECT.code, "spec.stack.registry.project")]


def limits_of(blueprint: Blueprint) -> list[tuple[str, str, Severity]]:
    diagnostics = target.limits(blueprint)
    assert all(d.place is None and d.help for d in diagnostics)
    return [(d.code, d.path, d.severity) for d in diagnostics]


ALIAS = (codes.REGISTRY.code, "spec.model.registry.alias", Severity.WARNING)


def test_an_alias_is_no_single_versions() -> None:
    assert limits_of(blueprint(endpoints=(), checks=None)) == [ALIAS]


def test_what_is_watched_needs_the_served_version_locked() -> None:
    assert limits_of(blueprint(endpoints=(), model=model(served=None))) == [
        ALIAS,
        (codes.REGISTRY.code, "spec.checks.live", Severity.WARNING),
    ]


@pytest.mark.parametrize(("snapshot", "more"), [(None, ["spec.checks.live.drift"]), ("s3://acme/rows.parquet", [])])
def test_drift_needs_rows_that_the_lock_says_the_place_of(snapshot: str | None, more: list[str]) -> None:
    served = model().served
    assert served
    system = blueprint(endpoints=(), model=model(served=replace(served, snapshot=snapshot)))

    assert [path for _, path, _ in limits_of(system)] == ["spec.model.registry.alias", *more]


@pytest.mark.parametrize(
    ("uri", "severity"),
    [("s3://acme/models/7", Severity.WARNING), ("mlflow-artifacts://mlflow.mlops/7", Severity.ERROR)],
)
def test_a_model_that_no_step_puts_where_it_is_served_from_is_named(uri: str, severity: Severity) -> None:
    endpoint = blueprint().endpoints[0]
    stable = replace(endpoint.stable, version=replace(endpoint.stable.version, uri=uri))
    system = blueprint(endpoints=(replace(endpoint, stable=stable, candidate=None),), checks=None)

    path = f"spec.serving.endpoints.{endpoint.spec_name}.model"
    assert limits_of(system) == [ALIAS, (codes.ARTIFACT.code, path, severity)]
