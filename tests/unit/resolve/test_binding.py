"""Names are bound to what they name: no part of a resolved system holds a bare name of another."""

from __future__ import annotations

from projects import SPEC, resolved, spec

RATIO = (
    "    sets:\n",
    "    transforms:\n      ratio:\n        inputs: [request.amount, card_activity.txn_count_1h]\n"
    "        function: card_fraud.features:ratio\n        fields: {amount_ratio: float64}\n    sets:\n",
)


def test_a_view_knows_its_entity_its_source_and_the_types_of_its_fields() -> None:
    view = resolved().views["card_activity"]
    assert (view.entity.key, view.entity.type) == ("card_id", "string")
    assert view.source_name == "card_stats"
    assert view.types == {"txn_count_1h": "int64"}


def test_a_set_knows_what_must_be_looked_up_for_it() -> None:
    text = spec(RATIO, ("[card_activity.txn_count_1h]\n        request", "[ratio.amount_ratio]\n        request"))
    feature_set = resolved(text).sets["inputs"]
    assert [(f.name, f.type, f.producer) for f in feature_set.features] == [("amount_ratio", "float64", "ratio")]
    assert [view.name for view in feature_set.views] == ["card_activity"]
    assert [transform.name for transform in feature_set.transforms] == ["ratio"]
    assert [entity.name for entity in feature_set.entities] == ["card"]
    assert [(i.view and i.view.name, i.name, i.type) for i in feature_set.transforms[0].inputs] == [
        (None, "amount", "float64"),
        ("card_activity", "txn_count_1h", "int64"),
    ]


def test_the_model_knows_its_set_and_its_label() -> None:
    training = resolved().training
    assert training
    assert training.features is resolved_set(training)
    assert (training.label.column, training.label.type, str(training.label.delay)) == ("is_fraud", "bool", "30d")


def resolved_set(training: object) -> object:
    return getattr(training, "features")  # noqa: B009 - the very object, not an equal one


def test_an_endpoint_asks_with_the_very_set_that_the_model_is_trained_on() -> None:
    system = resolved(SPEC)
    assert system.training
    assert system.endpoints["scorer"].features is system.training.features
