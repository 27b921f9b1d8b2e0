"""The labels of every object, by their names; tests of engines take them from the Blueprint."""

from __future__ import annotations

from blueprints import card_fraud


def test_an_object_is_labelled_with_its_system_its_environment_and_its_owner() -> None:
    assert card_fraud().labels == {
        "app.kubernetes.io/name": "card-fraud",
        "app.kubernetes.io/part-of": "payments",
        "app.kubernetes.io/managed-by": "mlopsctl",
        "mlopsctl.dev/system": "card-fraud",
        "mlopsctl.dev/environment": "prod",
        "mlopsctl.dev/owner": "team-risk",
        "mlopsctl.dev/tier": "1",
    }
