"""Who is told: routes, receivers, and credentials that are only referred to."""

from __future__ import annotations

from typing import Any

import pytest
from blueprints import card_fraud
from msgspec.structs import replace
from unit.engines.prometheus.sample import documents, files, plain

from mlopsctl.blueprint.model.alerts import Route
from mlopsctl.blueprint.model.blueprint import Blueprint


def config(blueprint: Blueprint) -> Any:
    return documents(blueprint, "manifests/alertmanager.yaml")[0]["spec"]


def receivers(*routes: Route) -> list[dict[str, Any]]:
    receivers: list[dict[str, Any]] = config(replace(card_fraud(), routes=routes))["receivers"]
    return receivers


def test_only_alerts_of_this_system_and_environment_are_routed() -> None:
    matchers = config(card_fraud())["route"]["matchers"]

    assert {(matcher["name"], matcher["value"]) for matcher in matchers} == {
        ("system", "card-fraud"),
        ("environment", "prod"),
    }


def test_each_severity_goes_to_its_own_receiver() -> None:
    spec = config(card_fraud())

    for route, receiver in zip(spec["route"]["routes"], spec["receivers"], strict=True):
        assert route["receiver"] == receiver["name"] == route["matchers"][0]["value"]


@pytest.mark.parametrize(
    ("kind", "configs", "key"),
    [
        ("pagerduty", "pagerdutyConfigs", "routingKey"),
        ("slack", "slackConfigs", "apiURL"),
        ("opsgenie", "opsgenieConfigs", "apiKey"),
        ("webhook", "webhookConfigs", "urlSecret"),
    ],
)
def test_credentials_are_a_key_of_the_system_s_secret(kind: str, configs: str, key: str) -> None:
    (receiver,) = receivers(Route("ticket", kind, "team"))

    assert receiver[configs][0][key] == {"name": "card-fraud-notifications", "key": "ticket"}


def test_mail_needs_no_credentials_of_ours() -> None:
    (receiver,) = receivers(Route("ticket", "email", "ml@acme.example"))

    assert receiver["emailConfigs"] == [{"to": "ml@acme.example", "sendResolved": True}]


def test_a_page_silences_only_the_ticket_of_the_same_objective() -> None:
    (rule,) = config(card_fraud())["inhibitRules"]

    assert rule["equal"] == ["slo_id"]
    for side in ("sourceMatch", "targetMatch"):
        # Without this, two alerts that both lack the label would count as equal.
        assert {"name": "slo_id", "value": ".+", "matchType": "=~"} in rule[side]


def test_without_the_operator_credentials_are_files() -> None:
    shared = plain(card_fraud(), Route("page", "pagerduty", "x"), Route("ticket", "slack", "y"))
    config = documents(shared, "alertmanager/alertmanager.yaml")[0]
    page, ticket = config["receivers"][1:]

    assert page["pagerduty_configs"][0]["routing_key_file"] == "/etc/alertmanager/secrets/card-fraud-notifications/page"
    assert ticket["slack_configs"][0]["channel"] == "#y"


def test_receivers_of_all_systems_can_stand_in_one_file() -> None:
    config = documents(plain(card_fraud()), "alertmanager/alertmanager.yaml")[0]

    assert [receiver["name"] for receiver in config["receivers"]] == ["nobody", "card-fraud.page", "card-fraud.ticket"]


def test_nobody_to_tell_is_no_file() -> None:
    assert "manifests/alertmanager.yaml" not in files(replace(card_fraud(), routes=()))
