"""Derived names: told when they grow too long or meet, once, where they come from."""

from __future__ import annotations

from projects import SPEC, checked, edited, spec

from mlopsctl.blueprint.names import camel, join

LONG = "customer-lifetime-value-prediction-emea"


def test_a_part_is_not_said_twice() -> None:
    assert join("card-fraud", "card-fraud-scorer") == "card-fraud-scorer"
    assert join("card-fraud", "card-fraud") == "card-fraud"
    assert join("card-fraud", "scorer", "rollout") == "card-fraud-scorer-rollout"
    assert camel("card-fraud", "slow_burn") == "CardFraudSlowBurn"


def test_a_name_that_grew_too_long_is_told_once_a_place() -> None:
    text = spec(("name: card-fraud, owner", f"name: {LONG}, owner"), ("      scorer:\n", "      realtime-scoring:\n"))
    text = text.replace("endpoint: scorer", "endpoint: realtime-scoring")
    found = checked(text)
    assert set(found.codes) == {"MLC701"}
    assert len({one.path for one in found.found}) == len(found.found)
    assert all("characters, and 52 fit" in one.message for one in found.found)


def test_a_name_that_just_fits_is_fine() -> None:
    text = spec(("name: card-fraud, owner", "name: card-fraud-of-europe-and-of-asia, owner"))
    assert checked(text).codes == []


def test_two_systems_cannot_define_one_view() -> None:
    other = edited(SPEC, ("name: card-fraud, owner", "name: wire-fraud, owner"))
    for name in ("card_stats", "payments", "inputs"):
        other = other.replace(name, f"wire_{name}")
    found = checked(SPEC, other)
    told = [one for one in found.found if one.code == "MLC702"]
    assert [one.path for one in told] == ["spec.features.views.card_activity"]


def test_no_system_can_have_the_name_of_the_shared_folder() -> None:
    finding = checked(spec(("name: card-fraud, owner", "name: shared, owner"))).found[0]
    assert (finding.code, finding.help) == ("MLC702", "choose another name")
