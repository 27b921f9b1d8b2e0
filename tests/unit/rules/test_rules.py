"""Every rule: the mistake it is for, where it is underlined, and the nearest thing that is none."""

from __future__ import annotations

import pytest
from projects import DIGEST, LOCK, SPEC, WORKSPACE, checked, edited, spec, underlined

# A change of a sound project, the code it must bring up, and the words it must underline.
MISTAKES = [
    # freshness
    (("ttl: 2h", "ttl: 44m59s"), "MLC301", "44m59s"),
    (("every: 30m", "every: 3h"), "MLC302", "3h"),
    (("window: 1d", "window: 59m"), "MLC303", "59m"),
    (("holdout: 14d", "holdout: 14d, lag: 29d"), "MLC304", "29d"),
    (("min: 0.7}", "min: 0.7, delay: 29d}"), "MLC305", "29d"),
    (("every: 30m", "every: 45m"), "MLC310", "45m"),
    # features
    (("fields: [txn_count_1h]", "fields: {txn_count_1h: float64}"), "MLC401", "float64"),
    (("card: {key: card_id, type: string}", "card: {key: card_id, type: int64}"), "MLC402", "card_stats"),
    (("          card_id: {type: string}\n          amount", "          amount"), "MLC403", "columns"),
    (("amount: {type: float64}", "amount: {type: float32}"), "MLC404", "float64"),
    (("{amount: float64}", "{is_fraud: bool}"), "MLC405", "is_fraud"),
    (("is_fraud: {type: bool}", "is_fraud: {type: float64}"), "MLC414", "binary-classification"),
    (("request: {amount: float64}", "request: {txn_count_1h: int64}"), "MLC503", "txn_count_1h"),
    # checks
    (("average_precision: {min: 0.8}", "mae: {max: 3}"), "MLC407", "mae"),
    (("{min: 0.8}", "{max: 0.8}"), "MLC408", "max"),
    (("average_precision: {min: 0.8}", "log_loss: {min: 0.8}"), "MLC408", "min"),
    (("metric: average_precision, min", "metric: average_precision, max"), "MLC408", "max"),
    (("suite: data_integrity", "suite: data_integrityy"), "MLC411", "data_integrityy"),
    (("suite: data_integrity", "suite: train_test_validation"), "MLC412", "train_test_validation"),
    (("suite: data_integrity", "checks: {DatasetsSizeComparison: {}}"), "MLC412", "DatasetsSizeComparison"),
    (("suite: data_integrity", "checks: {Mine: {check: PercentOfNuls}}"), "MLC411", "PercentOfNuls"),
    (("suite: data_integrity", "checks: {Mine: {check: DatasetsSizeComparison}}"), "MLC412", "Mine"),
    (("method: ks", "method: psi"), "MLC415", "psi"),
    # serving
    (("fields: [txn_count_1h]", "online: false\n        fields: [txn_count_1h]"), "MLC502", "inputs"),
    (("steps: [10, 50, 100]", "steps: [50, 10, 100]"), "MLC505", "steps"),
    (("steps: [10, 50, 100]", "steps: [10, 10, 100]"), "MLC505", "steps"),
    (("steps: [10, 50, 100]", "steps: [10, 50]"), "MLC505", "steps"),
    (("{min: 2, max: 8}", "{min: 9, max: 8}"), "MLC506", "9"),
    (("metric: rps", "metric: cpu"), "MLC507", "cpu"),
    (("{min: 2, max: 8}", "{min: 0, max: 8}"), "MLC509", "0"),
    (("{min: 2, max: 8}", "{min: 8, max: 8}"), "MLC510", "autoscale"),
    # alerts
    (("threshold: 100ms", "threshold: 101ms"), "MLC602", "101ms"),
    (("99.9%, window: 30d", "60%, window: 90d"), "MLC603", "60%"),
    (("99.9%", "100%"), "MLC603", "100%"),
    (("99.9%", "80%"), "MLC607", "80%"),
    (('up{job="scorer"} < 1', "rate(upp[5m]) < 1"), "MLC604", "rate(upp[5m]) < 1"),
    (('up{job="scorer"} < 1', "up{team='x'} < 1"), "MLC605", "up{team='x'} < 1"),
    (("      drift: {numerical: {method: ks, max: 0.2}}\n", ""), "MLC606", "drift"),
    (("schedule: {cron: \"0 3 * * 1\", timezone: Etc/UTC}, ", ""), "MLC606", "ticket"),
    (("page: pagerduty/risk, ", ""), "MLC210", "availability"),
    # references
    (("entity: card\n", "entity: crad\n"), "MLC201", "crad"),
    (("source: card_stats", "source: card_stat"), "MLC202", "card_stat"),
    (("[card_activity.txn", "[card_activty.txn"), "MLC203", "card_activty.txn_count_1h"),
    (("_activity.txn_count_1h]", "_activity.txn_count_1d]"), "MLC204", "card_activity.txn_count_1d"),
    (("features: inputs\n    label", "features: input\n    label"), "MLC205", "input"),
    (("label: is_fraud", "label: fraud"), "MLC206", "fraud"),
    (("column: is_fraud", "column: isfraud"), "MLC207", "isfraud"),
    (("endpoint: scorer, objective", "endpoint: scorr, objective"), "MLC208", "scorr"),
    (("abortOn: [availability]", "abortOn: [availabilty]"), "MLC209", "availabilty"),
    (("[card_activity.txn_count_1h]", "[card_activity.txn_count_1h, others:v.f]"), "MLC211", "others:v.f"),
    (("model: champion", "model: champoin"), "MLC213", "champoin"),
    # policy
    ((f"@{DIGEST}", ":1.4"), "MLC703", '"ghcr.io/acme/card-fraud:1.4"'),
    (("summary: The scorer is away", "summary: '{{ $value }}'"), "MLC705", "'{{ $value }}'"),
    (('cron: "0 3 * * 1", timezone: Etc/UTC', 'cron: "30 2 * * *", timezone: Europe/Berlin'), "MLC709", '"30 2 * * *"'),
]  # fmt: skip


@pytest.mark.parametrize(("change", "code", "words"), MISTAKES, ids=lambda value: str(value)[:40])
def test_a_mistake_is_found_once_and_underlined_where_it_is(change: tuple[str, str], code: str, words: str) -> None:
    text = spec(change)
    result = checked(text)
    assert result.codes == [code], [finding.message for finding in result.diagnostics]
    assert underlined(text, result.only()) == words


# Changes that come near a mistake and are none.
SOUND = [
    ("ttl: 2h", "ttl: 45m"),
    ("every: 30m", "every: 1h"),
    ("window: 1d", "window: 1h"),
    ("holdout: 14d", "holdout: 14d, lag: 30d"),
    ("min: 0.7}", "min: 0.7, delay: 30d}"),
    ("fields: [txn_count_1h]", "fields: {txn_count_1h: int64}"),
    ("{min: 0.8}", "{min: 0.8, max: 0.99}"),
    ("average_precision: {min: 0.8}", "log_loss: {max: 0.3}"),
    ("average_precision: {min: 0.8}", "brier: {max: 0.2, min: 0.01}"),
    ("suite: data_integrity", "checks: {Mine: {check: PercentOfNulls}, PercentOfNulls: {}}"),
    ("threshold: 100ms", "threshold: 250ms"),
    ("steps: [10, 50, 100]", "steps: [100]"),
    ("99.9%", "90%"),
    ("metric: rps", "metric: lag"),
    ('up{job="scorer"} < 1', "up{namespace='x'} < 1"),
    ('"0 3 * * 1", timezone: Etc/UTC', '"0 3 * * 1", timezone: Asia/Tokyo'),
    ('"0 3 * * 1", timezone: Etc/UTC', '"0 7 * * 1", timezone: Europe/Berlin'),
]


@pytest.mark.parametrize("change", SOUND, ids=lambda change: change[1][:40])
def test_what_comes_near_a_mistake_and_is_none_is_left_alone(change: tuple[str, str]) -> None:
    result = checked(spec(change))
    assert [code for code in result.codes if code != "MLC832"] == []


def test_the_sound_project_has_nothing_to_report() -> None:
    assert checked(SPEC).codes == []


def test_help_begins_in_lower_case_and_has_no_full_stop() -> None:
    for change, code, _ in MISTAKES:
        for finding in checked(spec(change)).diagnostics:
            assert finding.help, code
            assert finding.help[0].islower() or not finding.help[0].isalpha(), finding.help
            assert not finding.help.endswith("."), finding.help


def test_no_help_repeats_its_message() -> None:
    for change, code, _ in MISTAKES:
        for finding in checked(spec(change)).diagnostics:
            assert finding.help not in finding.message, code


def test_a_secret_in_the_workspace_and_in_the_lock_is_found() -> None:
    workspace = edited(WORKSPACE, ("{namespace: ml-dev}", "{namespace: ml-dev, vars: {db_password: hunter2}}"))
    lock = edited(LOCK, ("s3://models/card-fraud/3", "https://u:hunter2@models/card-fraud/3"))
    result = checked(SPEC, workspace=workspace, lock=lock)
    places = [finding.place.span.file for finding in result.diagnostics if finding.place]
    assert result.codes == ["MLC704", "MLC704"]
    assert places == ["mlops.lock", "workspace.yaml"]
