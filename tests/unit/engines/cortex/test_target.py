"""Cortex's list of APIs: what answers, what splits, how it scales, and what is refused before it is written."""

from __future__ import annotations

from copy import deepcopy
from decimal import Decimal
from typing import Any

import pytest
import yaml
from engine_rules import cortex as rules
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from served import ROLLOUTS, endpoint, engine, put, serving, variations
from unit.emit.hostile_text import KNOWN

from mlopsctl.blueprint.model.blueprint import SCHEMA, Blueprint, Shared
from mlopsctl.blueprint.model.pipelines import Resources
from mlopsctl.blueprint.model.serving import Autoscale, ServedVersion
from mlopsctl.diagnostics.model import Severity
from mlopsctl.engines.cortex import target

IMAGE = "ghcr.io/acme/model-server:1.4"
CORTEX = engine("cortex", "0.42", {"image": IMAGE, "nodeGroups": ()})
ALL = ("direct", "canary", "shadow")


def apis(blueprint: Blueprint) -> list[dict[str, Any]]:
    """Read the list back."""
    (file,) = target.render(blueprint)
    document: list[dict[str, Any]] = yaml.safe_load(file.content)
    return document


def endpoint_blueprint(**changes: Any) -> Blueprint:
    return serving(CORTEX, **{"kind": "service", "autoscale": None, **changes})


def test_no_combination_is_refused() -> None:
    for blueprint in variations(CORTEX, ("concurrency",), ALL, "service"):
        assert rules.refusals(apis(blueprint)) == []


def test_a_direct_endpoint_is_one_api_of_its_own_name() -> None:
    (api,) = apis(endpoint_blueprint(rollout=ROLLOUTS["direct"], candidate=None))
    assert (api["name"], api["kind"]) == ("card-fraud-fraud-scorer", "RealtimeAPI")
    assert api["networking"] == {"endpoint": "/card-fraud-fraud-scorer"}
    (container,) = api["pod"]["containers"]
    assert container["image"] == IMAGE
    assert container["env"]["MODEL_URI"] == endpoint().stable.version.uri
    assert container["env"]["MODEL_NAME"] == "card-fraud-fraud-scorer"
    assert container["compute"] == {"cpu": endpoint().resources.cpu, "mem": endpoint().resources.memory}


def test_a_canary_is_two_versions_and_the_splitter_that_clients_call() -> None:
    stable, candidate, splitter = apis(endpoint_blueprint(rollout=ROLLOUTS["canary"]))
    assert splitter["kind"] == "TrafficSplitter"
    assert splitter["networking"] == {"endpoint": "/card-fraud-fraud-scorer"}
    assert splitter["apis"] == [{"name": stable["name"], "weight": 75}, {"name": candidate["name"], "weight": 25}]


def test_a_shadow_gets_a_copy_and_takes_nothing_away() -> None:
    stable, candidate, splitter = apis(endpoint_blueprint(rollout=ROLLOUTS["shadow"]))
    assert splitter["apis"] == [
        {"name": stable["name"], "weight": 100},
        {"name": candidate["name"], "weight": 30, "shadow": True},
    ]


@pytest.mark.parametrize("strategy", ["canary", "shadow"])
def test_a_candidate_that_is_promoted_stays_the_api_it_was(strategy: str) -> None:
    before = apis(endpoint_blueprint(rollout=ROLLOUTS[strategy]))
    candidate = endpoint().candidate
    assert candidate
    after = apis(endpoint_blueprint(rollout=ROLLOUTS[strategy], stable=candidate, candidate=None))
    assert [api["name"] for api in after] == [before[1]["name"], before[2]["name"]]
    assert after[0] == before[1]
    assert after[1]["apis"] == [{"name": before[1]["name"], "weight": 100}]


@pytest.mark.parametrize(
    ("low", "high", "target_", "autoscaling", "concurrency"),
    [
        (2, 8, None, {"min_replicas": 2, "max_replicas": 2}, 100),
        (2, 8, "8", {"min_replicas": 2, "max_replicas": 8, "target_in_flight": 8}, 100),
        (2, 8, "250.5", {"min_replicas": 2, "max_replicas": 8, "target_in_flight": 250.5}, 251),
        (0, 8, None, {"min_replicas": 0, "max_replicas": 8}, 100),
        (0, 0, None, {"min_replicas": 0, "max_replicas": 1}, 100),
    ],
)
def test_copies_follow_the_requests_in_flight(
    low: int, high: int, target_: str | None, autoscaling: dict[str, Any], concurrency: int
) -> None:
    scale = Autoscale("concurrency", Decimal(target_), None) if target_ else None
    blueprint = endpoint_blueprint(
        min_replicas=low, max_replicas=high, autoscale=scale, rollout=ROLLOUTS["direct"], candidate=None
    )
    (api,) = apis(blueprint)
    assert api["autoscaling"] == autoscaling
    assert api["pod"]["max_concurrency"] == concurrency
    assert rules.refusals([api]) == []


@pytest.mark.parametrize(("resource", "word"), [("nvidia.com/gpu", "gpu"), ("aws.amazon.com/neuron", "inf")])
def test_an_accelerator_has_cortex_s_own_word(resource: str, word: str) -> None:
    blueprint = endpoint_blueprint(resources=Resources("2", "4Gi", 1, resource))
    assert all(api["pod"]["containers"][0]["compute"][word] == 1 for api in apis(blueprint)[:2])
    assert "MLC841" not in [limit.code for limit in target.limits(blueprint)]


def test_node_groups_are_named_where_the_workspace_has_some() -> None:
    blueprint = serving(engine("cortex", "0.42", {"image": IMAGE, "nodeGroups": ("cpu", "spot")}))
    assert apis(blueprint)[0]["node_groups"] == ["cpu", "spot"]
    assert "node_groups" not in apis(endpoint_blueprint())[0]


def test_a_system_without_a_locked_version_renders_nothing() -> None:
    assert not list(target.render(replace(endpoint_blueprint(), endpoints=())))


def test_two_renders_are_the_same_bytes() -> None:
    assert [file.content for file in target.render(endpoint_blueprint())] == [
        file.content for file in target.render(endpoint_blueprint())
    ]


@given(st.sampled_from(KNOWN) | st.text())
@settings(deadline=None)
def test_an_address_reaches_its_own_place_and_no_other(text: str) -> None:
    version = replace(endpoint().stable.version, uri=text)
    blueprint = endpoint_blueprint(
        stable=ServedVersion("scorer-v1", version), candidate=None, rollout=ROLLOUTS["direct"]
    )
    try:
        (api,) = apis(blueprint)
    except ValueError:  # a text that no YAML can hold, which the emitter refuses
        return
    assert api["pod"]["containers"][0]["env"]["MODEL_URI"] == text
    assert set(api) == set(apis(endpoint_blueprint(candidate=None, rollout=ROLLOUTS["direct"]))[0])


@pytest.mark.parametrize(
    ("refusal", "path", "value"),
    [
        ("bad name", "0.name", "b-fraud"),
        ("bad name", "0.name", "Fraud_Scorer"),
        ("bad name", "0.name", "f" * 43),
        ("unknown kind", "0.kind", "RealTimeAPI"),
        ("unknown key max_replica of autoscaling", "0.autoscaling.max_replica", 3),
        ("unknown key pods", "0.pods", {}),
        ("bad port", "0.pod.port", 15000),
        ("bad concurrency", "0.pod.max_concurrency", 0),
        ("a target that no copy holds", "0.autoscaling.target_in_flight", 8000),
        ("replicas outside their bounds", "0.autoscaling.min_replicas", 99),
        ("bad window", "0.autoscaling.window", "65s"),
        ("bad cpu", "0.pod.containers.0.compute.cpu", "2x"),
        ("bad memory", "0.pod.containers.0.compute.mem", "10Mi"),
        ("two kinds of accelerators", "0.pod.containers.0.compute", {"gpu": 1, "inf": 1}),
        ("bad variable", "0.pod.containers.0.env.CORTEX_URI", "x"),
        ("bad image", "0.pod.containers.0.image", "Not An Image"),
        ("neither surge nor unavailable", "0.update_strategy", {"max_surge": 0, "max_unavailable": "0%"}),
        ("weights that do not make 100", "2.apis.0.weight", 85),
        ("a weight outside 0 to 100", "2.apis.0.weight", 175),
        ("an API is repeated", "2.apis.1.name", "card-fraud-fraud-scorer-v41"),
        ("nowhere is no RealtimeAPI", "2.apis.1.name", "nowhere"),
        ("bad endpoint", "2.networking.endpoint", "/a b"),
        ("two APIs at one endpoint", "2.networking.endpoint", "/card-fraud-fraud-scorer-v41"),
    ],
)
def test_the_rules_find_what_is_wrong(refusal: str, path: str, value: object) -> None:
    wrong = deepcopy(apis(endpoint_blueprint(rollout=ROLLOUTS["canary"])))
    assert rules.refusals(wrong) == []

    put(wrong, path, value)

    assert refusal in " ".join(rules.refusals(wrong))


def codes(blueprint: Blueprint) -> list[tuple[str, str]]:
    return [(limit.code, limit.path.removeprefix("spec.serving.endpoints.")) for limit in target.limits(blueprint)]


def test_a_direct_endpoint_brings_up_nothing() -> None:
    assert codes(endpoint_blueprint(rollout=ROLLOUTS["direct"], candidate=None)) == []


@pytest.mark.parametrize(
    ("changes", "limits"),
    [
        ({"rollout": ROLLOUTS["canary"]}, [("MLC842", "fraud-scorer.rollout.steps")]),
        ({"rollout": ROLLOUTS["shadow"]}, []),
        ({"name": "f" * 43}, [("MLC839", "fraud-scorer")]),
        ({"name": "b-fraud"}, [("MLC839", "fraud-scorer")]),
        ({"resources": Resources("10m", "1Gi")}, [("MLC841", "fraud-scorer.resources.cpu")]),
        ({"resources": Resources("1", "10Mi")}, [("MLC841", "fraud-scorer.resources.memory")]),
        ({"resources": Resources("1", "1Gi", 1, "amd.com/gpu")}, [("MLC841", "fraud-scorer.resources.gpu")]),
        ({"autoscale": Autoscale("concurrency", Decimal(0), None)}, [("MLC831", "fraud-scorer.autoscale.target")]),
        ({"autoscale": Autoscale("concurrency", Decimal(40000), None)}, [("MLC831", "fraud-scorer.autoscale.target")]),
    ],
)
def test_what_cortex_refuses_is_said_at_the_specs_field(changes: dict[str, Any], limits: list[tuple[str, str]]) -> None:
    assert codes(endpoint_blueprint(**{"rollout": ROLLOUTS["direct"], "candidate": None, **changes})) == limits


def test_a_candidate_of_the_served_version_is_an_error() -> None:
    blueprint = endpoint_blueprint(candidate=endpoint().stable, rollout=ROLLOUTS["shadow"])
    assert codes(blueprint) == [("MLC840", "fraud-scorer.model")]


def shared(*systems: Blueprint) -> Shared:
    first = systems[0]
    where = (first.identity.workspace, first.identity.environment, first.place, first.engines, first.labels)
    return Shared(SCHEMA, *where, (), "project", (), systems, ("features",))


def test_an_endpoint_needs_an_image_of_a_server() -> None:
    without = serving(engine("cortex", "0.42", {"image": None}))
    (diagnostic,) = target.limits_shared(shared(without))
    assert (diagnostic.code, diagnostic.severity, diagnostic.path) == (
        "MLC838",
        Severity.ERROR,
        "spec.stack.serving",
    )
    assert target.limits_shared(shared(replace(without, endpoints=()))) == ()
    assert target.limits_shared(shared(endpoint_blueprint())) == ()


def test_two_systems_cannot_have_an_api_of_one_name() -> None:
    other = replace(endpoint_blueprint(), identity=replace(endpoint_blueprint().identity, system="other"))
    limits = target.limits_shared(shared(endpoint_blueprint(), other))
    assert {each.code for each in limits} == {"MLC839"}
    assert all(each.path == "other:spec.serving.endpoints.fraud-scorer" for each in limits)
