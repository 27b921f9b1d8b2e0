"""What the serving targets share: what serves a flavor, and targets that no scaler takes."""

from __future__ import annotations

from decimal import Decimal
from importlib import import_module

import pytest
from msgspec.structs import replace
from served import ROLLOUTS, engine, objects, own_labels, serving

from mlopsctl.blueprint.model.serving import Autoscale
from mlopsctl.diagnostics.model import Severity
from mlopsctl.engines.shared import serving as common

ENGINES = [("seldon", "2", "seldon2"), ("seldon", "1", "seldon1"), ("kserve", "0.20", "kserve")]
WHOLE = frozenset({"rps"})


@pytest.mark.parametrize(("name", "version", "module"), ENGINES)
def test_a_flavor_without_a_server_is_an_error_at_the_flavor(name: str, version: str, module: str) -> None:
    target = import_module(f"mlopsctl.engines.{module}.target")

    (diagnostic,) = target.limits(serving(engine(name, version), flavor="prophet", rollout=ROLLOUTS["direct"]))

    assert (diagnostic.code, diagnostic.severity, diagnostic.path) == ("MLC830", Severity.ERROR, "spec.model.flavor")
    assert "`prophet`" in diagnostic.message


@pytest.mark.parametrize(
    ("metric", "target", "percent", "fits"),
    [
        ("cpu", "70", 100, True),
        ("cpu", "0.7", 100, False),
        ("cpu", "70.0", 100, True),
        ("cpu", "0", 100, False),
        ("memory", "101", 100, False),
        ("memory", "150", 2**31 - 1, True),
        ("rps", "2.5", 100, False),
        ("rps", "99999999999", 100, False),
        ("lag", "2.5", 100, True),
        ("lag", "0", 100, False),
        ("lag", "-1", 100, False),
    ],
)
def test_a_target_is_what_a_scaler_takes(metric: str, target: str, percent: int, fits: bool) -> None:
    scale = Autoscale(metric, Decimal(target), None)
    blueprint = serving(engine("kserve", "0.20"), autoscale=scale)

    limits = list(common.scaling_targets(blueprint, WHOLE, percent))

    assert (not limits) == fits
    assert all(limit.path == "spec.serving.endpoints.fraud-scorer.autoscale.target" for limit in limits)
    assert all(limit.code == "MLC831" for limit in limits)


def test_pods_keep_the_labels_of_the_house_and_leave_the_recommended_ones_to_their_operator() -> None:
    blueprint = serving(engine("seldon", "1"))
    labels = common.pod_labels(replace(blueprint, labels={"team": "risk", **blueprint.labels}))

    assert {"team": "risk", **own_labels(blueprint)}.items() <= labels.items()
    assert "app.kubernetes.io/managed-by" not in labels


@pytest.mark.parametrize(
    ("name", "version", "module", "kind"),
    [
        ("seldon", "2", "seldon2", "pipeline"),
        ("seldon", "2", "seldon2", "model"),
        ("seldon", "1", "seldon1", "deployment"),
        ("kserve", "0.20", "kserve", "service"),
    ],
)
def test_a_user_s_text_changes_no_structure(name: str, version: str, module: str, kind: str) -> None:
    target = import_module(f"mlopsctl.engines.{module}.target")
    hostile = "s3://a?x={{y}}#: \"'\n- k: v\n---\n&a *b !!c %d \u2028"

    def render(text: str) -> list[object]:
        blueprint = serving(engine(name, version, {"secret": text, "serviceAccount": text}), kind=kind)
        (endpoint,) = blueprint.endpoints
        stable = replace(endpoint.stable, version=replace(endpoint.stable.version, uri=text))
        labels = {**blueprint.labels, "note": text}
        return objects(target.render(replace(blueprint, labels=labels, endpoints=(replace(endpoint, stable=stable),))))

    marked = render("MARK")
    assert "MARK" in str(marked)
    assert render(hostile) == _replaced(marked, hostile)


def _replaced(value: object, text: str) -> object:
    """Put a text where the mark stands."""
    if isinstance(value, dict):
        return {key: _replaced(inner, text) for key, inner in value.items()}
    if isinstance(value, list):
        return [_replaced(inner, text) for inner in value]
    return text if value == "MARK" else value
