"""What breaks out of a literal of Kale's is said before a notebook is written."""

from __future__ import annotations

import on_engines
import pytest
from msgspec.structs import replace

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.platform import Engine
from mlopsctl.diagnostics.model import Severity
from mlopsctl.emit import json as json_text
from mlopsctl.engines.kale.target import limits


@pytest.fixture
def fraud() -> Blueprint:
    """Give the richest system of the examples, its numbers pushed to a gateway."""
    blueprint = on_engines.example("kale", "2.3", "payments", "prod", "card-fraud")
    monitoring = Engine("prometheus-operator", "0.93", {"pushgateway": "http://push:9091"})
    return replace(blueprint, engines=replace(blueprint.engines, monitoring=monitoring))


def with_default(blueprint: Blueprint, default: str) -> Blueprint:
    pipelines = tuple(
        replace(pipeline, parameters=tuple(replace(each, default=default) for each in pipeline.parameters))
        if pipeline.purpose == "train"
        else pipeline
        for pipeline in blueprint.pipelines
    )
    return replace(blueprint, pipelines=pipelines)


def test_the_examples_own_parameters_are_fine(fraud: Blueprint) -> None:
    assert limits(fraud) == ()


@pytest.mark.parametrize("default", ["it's", '{"a": "b\\"c"}', "two\nlines", "a\rb"])
def test_a_parameter_that_breaks_out_is_one_error(fraud: Blueprint, default: str) -> None:
    (diagnostic,) = limits(with_default(fraud, default))
    assert (diagnostic.code, diagnostic.severity, diagnostic.path) == ("MLC827", Severity.ERROR, "spec.model.params")


@pytest.mark.parametrize("text", ["it's", "h\u00f6her"])
def test_the_parameter_of_the_model_that_breaks_out_is_named(fraud: Blueprint, text: str) -> None:
    model = fraud.model
    assert model
    params = {**model.params, "note": text}
    broken = with_default(fraud, json_text.compact(params))
    (diagnostic,) = limits(replace(broken, model=replace(model, params=params)))
    assert diagnostic.path == "spec.model.params.note"
    assert "`note`" in diagnostic.message


def test_double_quotes_and_braces_are_fine(fraud: Blueprint) -> None:
    assert limits(with_default(fraud, '{"a": {"b": "{x}"}}')) == ()


def test_alerts_on_numbers_that_nobody_exports_are_one_warning(fraud: Blueprint) -> None:
    monitoring = Engine("prometheus-operator", "0.93", {})
    (diagnostic,) = limits(replace(fraud, engines=replace(fraud.engines, monitoring=monitoring)))
    assert (diagnostic.code, diagnostic.severity) == ("MLC820", Severity.WARNING)
