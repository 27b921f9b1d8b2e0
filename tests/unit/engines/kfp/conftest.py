"""What the tests of this target look at: Blueprints on KFP, and objects read back from what is rendered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import on_kfp
import pytest
import yaml

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.engines.kfp import target

Objects = dict[tuple[str, str], dict[str, Any]]


@pytest.fixture
def fraud() -> Blueprint:
    """Give the richest system of the examples, with a schedule, a rollout and training on drift."""
    return on_kfp.example("payments", "prod", "card-fraud")


@pytest.fixture(params=on_kfp.EXAMPLES, ids=lambda param: f"{param[2]}-{param[1]}")
def example(request: pytest.FixtureRequest) -> Blueprint:
    return on_kfp.example(*request.param)


@pytest.fixture
def objects() -> Callable[[Blueprint], Objects]:
    """Render a Blueprint and read every Kubernetes object back, by kind and name."""

    def read(blueprint: Blueprint) -> Objects:
        manifests: Objects = {}
        for file in target.render(blueprint):
            if file.path.startswith("manifests/"):
                for document in yaml.safe_load_all(file.content):
                    key = (document["kind"], document["metadata"]["name"])
                    assert key not in manifests
                    manifests[key] = document
        return manifests

    return read


@pytest.fixture
def versions(objects: Callable[[Blueprint], Objects]) -> Callable[[Blueprint], dict[str, dict[str, Any]]]:
    """Render a Blueprint and read each pipeline's version back, by the pipeline's name."""

    def read(blueprint: Blueprint) -> dict[str, dict[str, Any]]:
        manifests = objects(blueprint).items()
        return {spec["spec"]["pipelineName"]: spec for (kind, _), spec in manifests if kind == "PipelineVersion"}

    return read
