"""What the tests of this target look at: the examples' Blueprints, and objects read back from what is rendered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import yaml
from blueprints import blueprints, card_fraud

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.engines.argo_workflows import target

Objects = dict[tuple[str, str], dict[str, Any]]


@pytest.fixture
def fraud() -> Blueprint:
    return card_fraud()


@pytest.fixture(
    params=[
        ("payments", "prod", "card-fraud"),
        ("payments", "prod", "merchants"),
        ("quickstart", "local", "quickstart"),
        ("demand-forecast", "prod", "demand-forecast"),
    ],
    ids=lambda param: param[2],
)
def example(request: pytest.FixtureRequest) -> Blueprint:
    name, environment, system = request.param
    return blueprints(name, environment)[system]


@pytest.fixture
def objects() -> Callable[[Blueprint], Objects]:
    """Render a Blueprint and read every object back, by kind and name."""

    def read(blueprint: Blueprint) -> Objects:
        manifests: Objects = {}
        for file in target.render(blueprint):
            for document in yaml.safe_load_all(file.content):
                key = (document["kind"], document["metadata"]["name"])
                assert key not in manifests
                manifests[key] = document
        return manifests

    return read
