"""Between parts and between systems: unused things, circles, one meaning for one name."""

from __future__ import annotations

import pytest
from projects import SPEC, WORKSPACE, checked, edited, spec

SHARED = """\
apiVersion: mlopsctl.dev/v1alpha1
kind: MLSystem
metadata: {name: merchants, owner: team-risk, tier: 2}
spec:
  data:
    sources:
      merchant_stats:
        type: parquet
        path: data/m.parquet
        eventTime: ts
        columns: {merchant_id: {type: string}, score: {type: float64}}
  features:
    entities:
      merchant: {key: merchant_id, type: string}
    views:
      merchant_risk: {entity: merchant, source: merchant_stats, ttl: 1d, online: true, fields: [score]}
"""
READER = spec(
    ("[card_activity.txn_count_1h]", "[card_activity.txn_count_1h, merchants:merchant_risk.score]"),
    ("          is_fraud: {type: bool}", "          is_fraud: {type: bool}\n          merchant_id: {type: string}"),
)


def test_a_feature_of_another_system_is_read_without_a_copy() -> None:
    assert checked(READER, SHARED).codes == []


@pytest.mark.parametrize(
    ("old", "new", "code", "help"),
    [
        ("merchants:merchant_risk.score", "merchant:merchant_risk.score", "MLC211", "did you mean `merchants`?"),
        ("merchants:merchant_risk.score", "merchants:risk.score", "MLC203", "there is only `merchant_risk`"),
        ("merchants:merchant_risk.score", "merchants:merchant_risk.scor", "MLC204", "did you mean `score`?"),
    ],
)
def test_a_reference_into_another_system_must_lead_somewhere(old: str, new: str, code: str, help: str) -> None:
    finding = checked(edited(READER, (old, new)), SHARED).only()
    assert (finding.code, finding.help) == (code, help)


def test_a_system_that_could_not_be_read_is_not_called_missing() -> None:
    assert checked(READER, "kind: [").codes == ["MLC003"]
    assert checked(READER, edited(SHARED, ("owner: team-risk, ", ""))).codes == ["MLC102"]
    assert checked(READER, edited(SHARED, ("name: merchants", "name: Merchants"))).codes == ["MLC112"]
    assert checked(READER, edited(SHARED, ("kind: MLSystem", "kind: System"))).codes == ["MLC114"]


def test_systems_that_read_each_other_are_a_circle_told_once() -> None:
    back = SHARED + "    sets:\n      own: {fields: [card-fraud:card_activity.txn_count_1h]}\n"
    finding = checked(READER, back).only()
    assert finding.code == "MLC214"
    assert finding.message == "circular dependency between systems: card-fraud → merchants → card-fraud"
    assert [place.label for place in finding.related] == ["`merchants` reads `card-fraud`"]


def test_an_entity_means_the_same_everywhere() -> None:
    other = edited(
        SHARED,
        ("    entities:\n", "    entities:\n      card: {key: card_number, type: int64}\n"),
        (
            "    views:\n",
            "    views:\n      by_card: {entity: card, source: merchant_stats, ttl: 1d, fields: [score]}\n",
        ),
        ("{merchant_id: {type: string},", "{card_number: {type: int64}, merchant_id: {type: string},"),
    )
    finding = checked(READER, other).only()
    assert finding.code == "MLC217"
    assert finding.message == "entity `card` is card_number (int64) here, but card_id (string) in `card-fraud`"


def test_two_systems_of_one_name_are_one_too_many() -> None:
    result = checked(SPEC, SPEC)
    assert result.codes == ["MLC216"]


UNUSED = [
    ("    entities:\n", "    entities:\n      device: {key: device_id, type: string}\n", "entity `device`"),
    (
        "    sources:\n",
        "    sources:\n      s: {type: csv, path: s.csv, eventTime: ts, columns: {a: {type: string}}}\n",
        "source `s`",
    ),
    ("    labels:\n", "    labels:\n      other: {source: payments, column: is_fraud}\n", "label `other`"),
    ("    sets:\n", "    sets:\n      other: {fields: [card_activity.txn_count_1h]}\n", "feature set `other`"),
    (
        "    views:\n",
        "    views:\n      other: {entity: card, source: card_stats, ttl: 1d, fields: [txn_count_1h]}\n",
        "view `other`",
    ),
    (
        "    sets:\n",
        "    transforms:\n      t: {inputs: [request.amount], function: 'a:b', fields: {x: int64}}\n    sets:\n",
        "transform `t`",
    ),
]


@pytest.mark.parametrize(("old", "new", "what"), UNUSED, ids=lambda text: text[-20:])
def test_what_nothing_uses_is_named(old: str, new: str, what: str) -> None:
    finding = checked(spec((old, new))).only()
    assert (finding.code, finding.message) == ("MLC215", f"nothing uses {what}")


def test_a_field_that_nothing_uses_is_named_beside_one_that_is() -> None:
    text = spec(
        ("fields: [txn_count_1h]", "fields: [txn_count_1h, txn_count_1d]"),
        ("txn_count_1h: {type: int64}", "txn_count_1h: {type: int64}\n          txn_count_1d: {type: int64}"),
    )
    assert checked(text).only().message == "nothing uses field `txn_count_1d`"


def test_a_system_without_a_model_is_there_for_others_to_read() -> None:
    assert checked(SHARED, lock=None).codes == []


def test_a_misspelt_reference_is_not_followed_by_what_it_leaves_unused() -> None:
    assert checked(spec(("[card_activity.", "[card_activty."))).codes == ["MLC203"]
    assert checked(spec(("entity: card\n", "entity: crad\n"))).codes == ["MLC201"]
    assert checked(spec(("{source: payments", "{source: payment"))).codes == ["MLC202"]


def test_a_route_that_no_alert_takes_is_named() -> None:
    text = spec(
        ("    drift: {severity: ticket}\n    quality: {severity: ticket}\n", ""),
        ("    training: {failed: ticket, overdue: ticket}\n", ""),
        ("    slos:\n      availability: {endpoint: scorer, objective: 99.9%, window: 30d}\n", ""),
        ("      latency: {endpoint: scorer, threshold: 100ms, objective: 99%, window: 30d}\n", ""),
        (", abortOn: [availability]", ""),
    )
    assert checked(text).only().message == "no alert has severity `ticket`: the route is unused"


@pytest.mark.parametrize(
    ("environments", "message"),
    [
        ("{prod: {promoteFrom: staging}}", "`prod` is promoted from `staging`, which is not an environment"),
        ("{prod: {promoteFrom: prod}}", "circular promotion of environments: prod → prod"),
        (
            "{dev: {namespace: a, promoteFrom: prod}, prod: {promoteFrom: dev}}",
            "circular promotion of environments: dev → prod → dev",
        ),
    ],
)
def test_an_order_of_promotion_must_begin_somewhere(environments: str, message: str) -> None:
    workspace = WORKSPACE.partition("  environments:")[0] + f"  environments: {environments}\n"
    finding = checked(SPEC, workspace=workspace, lock=None).diagnostics
    assert [diagnostic.message for diagnostic in finding if diagnostic.code == "MLC708"] == [message]


def test_two_environments_in_one_place_undo_each_other() -> None:
    workspace = edited(WORKSPACE, ("ml-dev", "ml-prod"))
    assert checked(SPEC, workspace=workspace).codes == ["MLC711"]


@pytest.mark.parametrize(
    ("stack", "place"),
    [
        ("serving: {engine: cortex}", "the APIs of Cortex in https://kubernetes.default.svc"),
        ("features: {engine: hopsworks, project: all}", "project `all` of Hopsworks at https://kubernetes.default.svc"),
        ("features: {engine: hopsworks}", ""),
        ("serving: {engine: kserve}", ""),
    ],
)
def test_a_namespace_of_its_own_is_not_enough_for_every_engine(stack: str, place: str) -> None:
    workspace = edited(WORKSPACE, ("  environments:", f"  stack: {{{stack}}}\n  environments:"))
    messages = [
        finding.message for finding in checked(SPEC, workspace=workspace).diagnostics if finding.code == "MLC711"
    ]
    assert messages == ([f"`prod` and `dev` have the same target: {place}"] if place else [])
