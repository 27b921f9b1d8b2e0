"""Defaults of an environment replace the workspace's, key by key.

The oracle is a workspace that has no defaults of an environment: its own defaults are merged by hand in the test.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from projects import SPEC, WORKSPACE, checked, edited, resolved, spec

DIGEST = "@sha256:" + "a" * 64
IMAGES = st.sampled_from([f"ghcr.io/acme/steps{DIGEST}", f"ghcr.io/acme/other{DIGEST}"])
RESOURCES = st.fixed_dictionaries(
    {}, optional={"cpu": st.sampled_from(["250m", "2"]), "memory": st.sampled_from(["512Mi", "4Gi"])}
)
ROUTES = st.fixed_dictionaries(
    {}, optional={"page": st.sampled_from(["pagerduty/a", "pagerduty/b"]), "ticket": st.sampled_from(["slack/a"])}
)
DEFAULTS = st.fixed_dictionaries(
    {},
    optional={
        "image": IMAGES,
        "resources": RESOURCES,
        "retries": st.integers(0, 10),
        "timeout": st.sampled_from(["30m", "4h", "2d"]),
        "routes": ROUTES,
        "runbook": st.sampled_from(["https://wiki.example.com/a", "https://wiki.example.com/b"]),
    },
)


def workspace(shared: dict[str, Any], dev: dict[str, Any] | None = None) -> str:
    """Return a workspace with its defaults, and those of its environment `dev`."""
    own = "" if dev is None else f", defaults: {json.dumps(dev)}"
    return edited(
        WORKSPACE,
        ("{namespace: ml-dev}", f"{{namespace: ml-dev{own}}}"),
        ("  environments:\n", f"  defaults: {json.dumps(shared)}\n  environments:\n"),
    )


def merged(shared: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """Return what stands in `own`, else in `shared`, at every leaf."""
    keys = dict.fromkeys((*shared, *own))
    return {
        key: merged(shared.get(key, {}), own[key]) if isinstance(own.get(key), dict) else own.get(key, shared.get(key))
        for key in keys
    }


@given(shared=DEFAULTS, dev=DEFAULTS)
def test_an_environment_with_defaults_is_that_of_a_workspace_with_these_defaults(
    shared: dict[str, Any], dev: dict[str, Any]
) -> None:
    both = checked(SPEC, workspace=workspace(shared, dev))
    expected_dev = checked(SPEC, workspace=workspace(merged(shared, dev)), only="dev")
    expected_prod = checked(SPEC, workspace=workspace(shared), only="prod")
    assert both.shared == (*expected_dev.shared, *expected_prod.shared)


def test_a_default_of_one_environment_is_named_where_an_engine_drops_it() -> None:
    text = edited(
        workspace({"retries": 3}, {"retries": 1}), ("  defaults:", "  stack: {pipelines: {engine: kale}}\n  defaults:")
    )
    paths = {
        diagnostic.environments: diagnostic.path
        for diagnostic in checked(spec(), workspace=text).diagnostics
        if diagnostic.path.endswith("defaults.retries")
    }
    assert paths == {("dev",): "spec.environments.dev.defaults.retries", ("prod",): "spec.defaults.retries"}


def test_the_image_of_an_environment_is_found_where_it_stands() -> None:
    text = workspace({"image": f"ghcr.io/acme/steps{DIGEST}"}, {"image": f"ghcr.io/acme/dev{DIGEST}"})
    modelless = SPEC[: SPEC.index("  model:")]
    for environment, name in (("dev", "dev"), ("prod", "steps")):
        system = resolved(modelless, environment, workspace=text, lock=None)
        assert str(system.image) == f"ghcr.io/acme/{name}{DIGEST}"
    system = resolved(modelless, "dev", workspace=text, lock=None)
    assert [image.path for image in system.images] == [("spec", "environments", "dev", "defaults", "image")]


@pytest.mark.parametrize("where", ["defaults", "environments.dev.defaults"])
def test_a_default_gpu_is_reported_because_no_step_requests_it(where: str) -> None:
    gpu: dict[str, Any] = {"resources": {"gpu": {"count": 1}}}
    text = workspace(gpu) if where == "defaults" else workspace({}, gpu)
    paths = [finding.path for finding in checked(SPEC, workspace=text).diagnostics if finding.code == "MLC221"]
    assert paths == [f"spec.{where}.resources.gpu"]
