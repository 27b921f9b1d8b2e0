"""The published schemas: what an editor accepts is what the tool accepts."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from mlopsctl.spec import export

ROOT = Path(__file__).parents[3]
EXAMPLES = sorted(
    path
    for name in ("mlops.yaml", "workspace.yaml", "mlops.lock")
    for path in (ROOT / "examples").rglob(name)
    if not any(part.startswith(".") for part in path.relative_to(ROOT).parts)
)
KINDS = {"MLSystem": "mlsystem", "Workspace": "workspace", "Lock": "lock"}


def complaints(document: dict[str, Any]) -> list[str]:
    validator = Draft202012Validator(export.schema(KINDS[document["kind"]]))
    return [error.message for error in validator.iter_errors(document)]


def fraud() -> dict[str, Any]:
    document = yaml.safe_load((ROOT / "examples/payments/systems/card-fraud/mlops.yaml").read_text(encoding="utf-8"))
    assert isinstance(document, dict)
    return document


@pytest.mark.parametrize("kind", export.FILES)
def test_the_published_schema_is_the_one_the_models_give(kind: str) -> None:
    published = ROOT / "schemas" / export.FILES[kind]

    assert published.read_text(encoding="utf-8") == export.text(kind), "run `make schemas`"


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_example_fits(path: Path) -> None:
    document = yaml.safe_load(path.read_text(encoding="utf-8"))

    assert document["kind"] in KINDS
    assert complaints(document) == []


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("data", "sources", "payments", "table"), "${vars.warehouse}.payments"),
        (("data", "sources", "payments", "cadence"), "${vars.cadence}"),
        (("model", "code", "image"), "${vars.registry}/card-fraud:1.4"),
        (("alerts", "slos", "latency", "threshold"), "${vars.threshold}"),
    ],
)
def test_a_text_may_hold_a_variable(place: tuple[str, ...], value: str) -> None:
    document = fraud()
    owner = document["spec"]
    for key in place[:-1]:
        owner = owner[key]
    owner[place[-1]] = value

    assert complaints(document) == []


@pytest.mark.parametrize(
    ("path", "value", "fits"),
    [
        ("serving.endpoints.fraud-scorer.replicas.min", 1, True),
        ("model.retrain.schedule", None, True),
        ("alerts.slos.latency.threshold", "250ms", True),
        ("alerts.slos.latency.threshold", "${vars.threshold}", True),
        ("alerts.slos.latency.threshold", "250 ms", False),
        ("serving.endpoints.fraud-scorer.replica", {"min": 1}, False),
        ("serving.endpoints.fraud-scorer.replicas", {"mn": 1}, False),
        ("spec.model.seed", 1, False),
    ],
)
def test_an_override_is_a_path_of_the_spec_and_what_may_stand_there(path: str, value: object, fits: bool) -> None:
    document = fraud()
    document["spec"]["overrides"] = {"dev": {path: value}}

    assert (complaints(document) == []) is fits


@pytest.mark.parametrize(
    ("place", "name"),
    [
        (("data", "sources"), "card stats"),
        (("data", "sources", "payments", "columns"), "a-b"),
        (("model",), "cod"),
        (("overrides",), "De v"),
    ],
)
def test_a_map_takes_no_name_that_the_language_refuses(place: tuple[str, ...], name: str) -> None:
    document = fraud()
    owner = document["spec"]
    for key in place:
        owner = owner[key]
    owner[name] = deepcopy(next(iter(owner.values())))

    assert complaints(document)
