"""One mistake is told once: what was not understood makes no second finding, and hides no other mistake."""

from __future__ import annotations

import pytest
from projects import LOCK, SPEC, WORKSPACE, checked, edited, spec

# A change, and all it may bring up.
ALONE = [
    (("ttl: 2h", "ttl: soon"), ["MLC106"]),
    (("every: 30m", "every: often"), ["MLC106"]),
    (("cadence: 15m", "cadence: often"), ["MLC106"]),
    (("delay: 30d", "delay: late"), ["MLC106"]),
    (("type: parquet", "type: parkett"), ["MLC104"]),
    (("        path: data/card_stats.parquet", "        pth: data/card_stats.parquet"), ["MLC101"]),
    (("columns:", "colums:"), ["MLC101"]),
    (("          card_id: {type: string}\n", "          card_id: {type: strin}\n"), ["MLC105"]),
    (("amount: {type: float64}", "amount: {type: float}"), ["MLC105"]),
    (("entities:\n      card:", "entities:\n      Card:"), ["MLC112"]),
    (("      card_activity:\n", "      Card_Activity:\n"), ["MLC112"]),
    (("      inputs:\n", "      Inputs:\n"), ["MLC112"]),
    (("    views:", "    view:"), ["MLC101"]),
    (("  features:\n    ent", "  feature:\n    ent"), ["MLC101"]),
    (("  data:\n", "  dat:\n"), ["MLC101"]),
    (("  model:\n", "  modl:\n"), ["MLC101"]),
    (("  serving:\n", "  servin:\n"), ["MLC101"]),
    (("  checks:\n", "  check:\n"), ["MLC101"]),
    (("task: binary-classification", "task: classification"), ["MLC105"]),
    (("flavor: sklearn", "flavor: skleran"), ["MLC105"]),
    (("split: {by: time", "split: {by: tiem"), ["MLC104"]),
    (("entrypoint: ", "entry: "), ["MLC101"]),
    (("registry: {name: card-fraud", "registry: {name: Card Fraud"), ["MLC112"]),
    (("onChange: true", "onChange: yes"), ["MLC103"]),
    (('cron: "0 3 * * 1"', "cron: weekly"), ["MLC108"]),
    (("drift: {numerical: {method: ks", "drift: {numerical: {method: kss"), ["MLC105"]),
    (("      drift:", "      drft:"), ["MLC101"]),
    (("model: champion\n", "model: Champion\n"), ["MLC112"]),
    (("      scorer:\n", "      Scorer:\n"), ["MLC112"]),
    (("replicas: {min: 2, max: 8}", "replicas: {min: 2, max: many}"), ["MLC103"]),
    (("strategy: canary", "strategy: canry"), ["MLC104"]),
    (("steps: [10, 50, 100]", "steps: [10, 50, 101]"), ["MLC105"]),
    (("objective: 99.9%", "objective: 0.999"), ["MLC113"]),
    (("      availability:", "      Availability:"), ["MLC112"]),
    (("severity: page\n", "severity: pge\n"), ["MLC105"]),
    (("ticket: slack/risk", "tickt: slack/risk"), ["MLC101"]),
    (("metadata: {name: card-fraud", "metadata: {name: Card-Fraud"), ["MLC112"]),
    (("owner: team-risk, ", ""), ["MLC102"]),
    (("apiVersion: mlopsctl.dev/v1alpha1", "apiVersion: v1"), ["MLC114"]),
]


@pytest.mark.parametrize(("change", "codes"), ALONE, ids=lambda value: str(value)[:50])
def test_one_mistake_is_told_once(change: tuple[str, str], codes: list[str]) -> None:
    result = checked(spec(change))
    assert result.codes == codes, [finding.message for finding in result.diagnostics]


WORKSPACES = [
    (("{namespace: ml-dev}", "{namespace: ML_dev}"), ["MLC112"]),
    (("    dev:", "    Dev:"), ["MLC112"]),
    (("{namespace: ml-dev}", "{namespace: ml-dev, stack: {serving: {engine: kserv}}}"), ["MLC104"]),
    (("{namespace: ml-dev}", "{namespace: ml-dev, stack: {serving: {engine: kserve, version: old}}}"), ["MLC105"]),
    (("  git:", "  gti:"), ["MLC101"]),
    (("{namespace: ml-dev}", "{cluster: https://c.example.com, stack: {features: {engine: fest}}}"), ["MLC104"]),
    (("kind: Workspace", "kind: Workspce"), ["MLC114"]),
]


@pytest.mark.parametrize(("change", "codes"), WORKSPACES, ids=lambda value: str(value)[:50])
def test_a_mistake_of_the_workspace_makes_none_of_its_systems(change: tuple[str, str], codes: list[str]) -> None:
    result = checked(SPEC, workspace=edited(WORKSPACE, change))
    assert result.codes == codes, [finding.message for finding in result.diagnostics]


def test_the_systems_of_a_workspace_that_was_not_understood_are_still_checked_by_themselves() -> None:
    workspace = edited(WORKSPACE, ("  environments:", "  envs:"))
    result = checked(spec(("ttl: 2h", "ttl: soon")), workspace=workspace)
    assert sorted(result.codes) == ["MLC101", "MLC102", "MLC106"]


def test_a_mistake_of_the_lock_makes_none_of_the_systems() -> None:
    assert checked(SPEC, lock=edited(LOCK, ("    models:", "    model:"))).codes == ["MLC101"]
    assert checked(SPEC, lock=edited(LOCK, ('version: "3"', "version: newest"))).codes == ["MLC105"]


def test_independent_mistakes_are_all_told_in_one_run() -> None:
    text = spec(
        ("owner: team-risk, tier: 1", "ownr: team-risk, tier: one"),
        ("cadence: 15m", "cadence: 15 minutes"),
        ("ttl: 2h", "ttl: 10m"),
        ("entity: card\n", "entity: crad\n"),
        ("{amount: float64}", "{contry: string}"),
        ("flavor: sklearn", "flavor: skleran"),
        ("entrypoint: ", "entry: "),
        ("holdout: 14d", "holdout: 14d, lag: 7d"),
        ('cron: "0 3 * * 1", timezone: Etc/UTC', 'cron: "0 25 * * *", timezone: Berlin'),
        ("suite: data_integrity", "suite: data_integrty"),
        ("average_precision: {min: 0.8}", "mae: {max: 3}"),
        ("window: 1d", "window: 1m"),
        ("model: champion", "model: champoin"),
        ("{min: 2, max: 8}", "{min: 9, max: 8}"),
        ("metric: rps", "metric: cpu"),
        ("steps: [10, 50, 100]", "steps: [50, 10]"),
        ("abortOn: [availability]", "abortOn: [availabilty]"),
        ("endpoint: scorer, objective", "endpoint: scorr, objective"),
        ("threshold: 100ms, objective: 99%", "threshold: 100ms, objective: 0.99"),
        ("summary: The scorer is away", "summary: '{{ x }}'"),
    )
    assert sorted(checked(text + "  overrides: {local: {modl: null}}\n").codes) == sorted(
        [
            "MLC101",
            "MLC103",
            "MLC106",
            "MLC201",
            "MLC404",
            "MLC105",
            "MLC101",
            "MLC304",
            "MLC108",
            "MLC109",
            "MLC411",
            "MLC407",
            "MLC303",
            "MLC213",
            "MLC506",
            "MLC507",
            "MLC505",
            "MLC209",
            "MLC208",
            "MLC113",
            "MLC705",
            "MLC117",
        ]
    )
