"""Derived names: told when they grow too long or meet, once, where they come from."""

from __future__ import annotations

from projects import SPEC, checked, edited, spec, underlined

from mlopsctl.blueprint.decide.names import camel, join

LONG = "customer-lifetime-value-prediction-emea"


def test_a_part_is_not_said_twice() -> None:
    assert join("card-fraud", "card-fraud-scorer") == "card-fraud-scorer"
    assert join("card-fraud", "card-fraud") == "card-fraud"
    assert join("card-fraud", "scorer", "rollout") == "card-fraud-scorer-rollout"
    assert camel("card-fraud", "slow_burn") == "CardFraudSlowBurn"


def test_a_name_that_grew_too_long_is_told_once_a_place() -> None:
    text = spec(("name: card-fraud, owner", f"name: {LONG}, owner"), ("      scorer:\n", "      realtime-scoring:\n"))
    text = text.replace("endpoint: scorer", "endpoint: realtime-scoring")
    result = checked(text)
    assert set(result.codes) == {"MLC701"}
    assert len({finding.path for finding in result.diagnostics}) == len(result.diagnostics)
    assert all("characters; the maximum is 52" in finding.message for finding in result.diagnostics)


def test_a_name_that_just_fits_is_fine() -> None:
    text = spec(("name: card-fraud, owner", "name: card-fraud-of-europe-and-of-asia, owner"))
    assert checked(text).codes == []


def test_two_systems_cannot_define_one_view() -> None:
    other = edited(SPEC, ("name: card-fraud, owner", "name: wire-fraud, owner"))
    for name in ("card_stats", "payments", "inputs"):
        other = other.replace(name, f"wire_{name}")
    result = checked(SPEC, other)
    diagnostics = [finding for finding in result.diagnostics if finding.code == "MLC702"]
    assert [diagnostic.path for diagnostic in diagnostics] == ["spec.features.views.card_activity"]


def test_no_system_can_have_the_name_of_the_shared_folder() -> None:
    finding = checked(spec(("name: card-fraud, owner", "name: shared, owner"))).diagnostics[0]
    assert (finding.code, finding.help) == ("MLC702", "choose another name")


def alert_names(text: str) -> list[str]:
    """Return the names of the alerts that are derived of a spec."""
    (shared,) = checked(text, only="prod").shared
    return [alert.name for alert in shared.systems[0].alerts if alert.group != "own"]


def test_a_rule_cannot_have_the_name_of_any_derived_alert() -> None:
    names = alert_names(SPEC)
    assert len(names) == len(set(names)) > 8
    for name in names:
        text = spec(("      ScorerDown:\n", f"      {name}:\n"))
        (finding,) = checked(text, only="prod").diagnostics
        assert (finding.code, finding.path, finding.help) == ("MLC702", f"spec.alerts.rules.{name}", "rename the rule")
        assert underlined(text, finding) == name
        assert len(finding.related) == 1, "the other side"
    assert checked(spec(("      ScorerDown:\n", f"      {names[0]}2:\n"))).codes == []


def test_two_derived_alerts_cannot_have_one_name() -> None:
    view = SPEC.partition("    views:\n")[2].partition("    sets:\n")[0]
    text = spec((view, view + view.replace("card_activity", "card__activity")))
    diagnostics = [finding for finding in checked(text, only="prod").diagnostics if finding.code == "MLC702"]
    assert [finding.help for finding in diagnostics] == ["rename one of the two"]
    assert "`CardFraudCardActivityStale`" in diagnostics[0].message
