"""What a tier demands, what a protected environment does not forgive, and what an override may excuse."""

from __future__ import annotations

import pytest
from projects import DIGEST, LOCK, SPEC, WORKSPACE, checked, edited, spec

from mlopsctl.diagnostics.model import Severity


def demanding(what: str) -> str:
    return WORKSPACE + f"  policies: {{tier-1: {what}}}\n"


LACKS = {
    "slos": "alerts.slos", "slos.availability": "alerts.slos", "slos.latency": "alerts.slos",
    "live": "checks.live", "live.drift": "checks.live.drift", "live.quality": "checks.live.quality",
    "runbook": "alerts.runbook", "routes": "alerts.routes", "gates": "checks.gates", "checks.data": "checks.data",
    "checks.model": "checks.model", "freshness": "alerts.freshness", "training": "alerts.training",
}  # fmt: skip


@pytest.mark.parametrize("demand", LACKS)
def test_a_demand_that_is_not_met_says_what_to_add(demand: str) -> None:
    bare = SPEC.partition("  checks:\n")[0]
    result = checked(bare, workspace=demanding(f"{{require: [{demand}]}}"))
    mine = [finding for finding in result.diagnostics if finding.code == "MLC706"]
    assert [diagnostic.message for diagnostic in mine] == [f"a tier 1 system must have `{demand}`"]
    assert mine[0].help == f"add `{LACKS[demand]}`"
    assert mine[0].related[0].label == "required here"


def test_a_demand_of_another_tier_is_not_this_systems() -> None:
    workspace = WORKSPACE + "  policies: {tier-2: {require: [runbook], replicas.min: 9}}\n"
    assert checked(SPEC, workspace=workspace).codes == []


def test_copies_and_canaries_are_demanded_of_every_endpoint() -> None:
    direct = spec(
        (
            "rollout: {strategy: canary, steps: [10, 50, 100], pause: 30m, abortOn: [availability]}",
            "resources: {cpu: 1}",
        )
    )
    result = checked(direct, workspace=demanding("{require: [canary], replicas.min: 3}"))
    assert sorted(finding.help for finding in result.diagnostics) == [
        "set `replicas.min` to 3 or more",
        "set `rollout: {strategy: canary, steps: [10, 50, 100], pause: 30m}`",
    ]


def test_an_override_that_says_so_excuses_a_trial_environment_and_no_protected_one() -> None:
    text = SPEC + "  overrides:\n    dev:\n      serving.endpoints.scorer.replicas: {min: 1, max: 1}\n"
    workspace = demanding("{replicas.min: 2}")
    assert [
        finding.code for finding in checked(text, workspace=workspace).diagnostics if finding.severity is Severity.ERROR
    ] == []
    protected = edited(workspace, ("{namespace: ml-dev}", "{namespace: ml-dev, protect: true}"))
    diagnostics = [
        finding for finding in checked(text, workspace=protected).diagnostics if finding.severity is Severity.ERROR
    ]
    assert [(diagnostic.code, diagnostic.environments) for diagnostic in diagnostics] == [("MLC706", ("dev",))]


def test_a_tag_warns_and_in_a_protected_environment_it_is_an_error_told_once() -> None:
    tagged = spec((f"@{DIGEST}", ":1.4"))
    warned = checked(tagged).only()
    assert (warned.code, warned.severity) == ("MLC703", Severity.WARNING)
    protected = edited(WORKSPACE, ("promoteFrom: dev", "promoteFrom: dev, protect: true"))
    error = checked(tagged, workspace=protected).only()
    assert (error.severity, error.environments) == (Severity.ERROR, ("prod",))


def test_a_tag_that_the_lock_pins_is_fine_where_it_is_pinned() -> None:
    tagged = spec((f"@{DIGEST}", ":1.4"))
    lock = edited(LOCK, ("  prod:\n", f"  prod:\n    images: {{'ghcr.io/acme/card-fraud:1.4': '{DIGEST}'}}\n"))
    finding = checked(tagged, lock=lock).only()
    assert finding.environments == ("dev",)


def test_a_lock_that_was_not_understood_makes_no_image_unpinned() -> None:
    tagged = spec((f"@{DIGEST}", ":1.4"))
    assert checked(tagged, lock="kind: [").codes == ["MLC003"]
    assert checked(tagged, lock=edited(LOCK, ("kind: Lock", "kind: Lok"))).codes == ["MLC114"]
    wrong = edited(LOCK, ("    models:\n", "    images: {'ghcr.io/acme/card-fraud:1.4': none}\n    models:\n"))
    assert checked(tagged, lock=wrong).codes.count("MLC703") == 1  # in prod, of which the lock says nothing


def test_images_come_from_the_tiers_registries() -> None:
    workspace = demanding("{registries: [registry.example.com/ml, ghcr.io/acme-other]}")
    finding = checked(SPEC, workspace=workspace).only()
    assert finding.code == "MLC707"
    assert finding.message == ("images of a tier 1 system must come from registry.example.com/ml or ghcr.io/acme-other")
    assert checked(SPEC, workspace=demanding("{registries: [ghcr.io]}")).codes == []


def test_an_entry_of_the_lock_that_nothing_uses_is_mostly_misspelt() -> None:
    lock = edited(LOCK, ("card-fraud@champion", "card-frud@champion"))
    result = checked(SPEC, lock=lock)
    helps = {(finding.code, finding.help) for finding in result.diagnostics if finding.code == "MLC710"}
    assert helps == {
        ("MLC710", "did you mean `card-fraud@champion`? Otherwise run `mlopsctl lock` to remove the entry")
    }
    misnamed = edited(LOCK, ("  prod:", "  prd:"))
    named = [finding for finding in checked(SPEC, lock=misnamed).diagnostics if finding.code == "MLC710"]
    assert [diagnostic.help for diagnostic in named] == ["did you mean `prod`?"]
