"""The file context: what each thing of the spec becomes, what stays the same, and what is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml
from expectations import CHANGES, blueprint
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from projects import checked, spec, underlined

from mlopsctl.blueprint.model.checks import Check, CheckStage
from mlopsctl.compiler import render as render_all
from mlopsctl.engines.great_expectations.expectations import expectation_types
from mlopsctl.engines.great_expectations.target import render


def read(*changes: tuple[str, str]) -> dict[str, Any]:
    """Return every rendered document by its path."""
    files = render(blueprint(*changes))
    return {str(f.path): yaml.safe_load(f.content) if f.path.endswith(".yml") else json.loads(f.content) for f in files}


def suite(*changes: tuple[str, str]) -> list[dict[str, Any]]:
    return list(read(*changes)["gx/expectations/card-fraud-data.json"]["expectations"])


def test_a_context_has_four_documents_that_name_each_other() -> None:
    expectations = read()
    assert list(expectations) == [
        "gx/checkpoints/card-fraud-data.json",
        "gx/expectations/card-fraud-data.json",
        "gx/great_expectations.yml",
        "gx/validation_definitions/card-fraud-data.json",
    ]
    checkpoint, expected, configuration, definition = expectations.values()
    assert checkpoint["validation_definitions"] == [{"id": definition["id"], "name": definition["name"]}]
    assert definition["suite"] == {"id": expected["id"], "name": expected["name"]}
    source = configuration["fluent_datasources"]["training-set"]
    assert definition["data"]["datasource"]["id"] == source["id"]
    assert definition["data"]["asset"]["id"] == source["assets"]["rows"]["id"]
    assert configuration["analytics_enabled"] is False


def test_a_columns_contract_becomes_expectations() -> None:
    of_count = [
        (expectation["type"], expectation["kwargs"])
        for expectation in suite()
        if expectation["kwargs"].get("column") == "txn_count_1h"
    ]
    assert of_count == [
        ("expect_column_to_exist", {"column": "txn_count_1h"}),
        (
            "expect_column_values_to_be_in_type_list",
            {"column": "txn_count_1h", "type_list": ["int32", "int64", "Int32Dtype", "Int64Dtype", "float64"]},
        ),
        ("expect_column_values_to_not_be_null", {"column": "txn_count_1h"}),
        ("expect_column_values_to_be_between", {"column": "txn_count_1h", "min_value": 0}),
        ("expect_column_values_to_be_between", {"column": "txn_count_1h", "max_value": 500}),
    ]
    allowed = [
        expectation["kwargs"] for expectation in suite() if expectation["type"] == "expect_column_values_to_be_in_set"
    ]
    assert allowed == [{"column": "country", "value_set": ["DE", "FR"]}]


def test_a_check_of_the_spec_becomes_one_with_its_parameters_and_its_severity() -> None:
    rows, differ, cards = suite()[-3:]
    assert (rows["type"], rows["kwargs"]) == ("expect_table_row_count_to_be_between", {"min_value": 3})
    assert (differ["meta"]["of"], differ["severity"]) == ("AmountsDiffer", "warning")
    assert differ["kwargs"] == {"column": "amount", "min_value": 2}
    assert (cards["severity"], cards["kwargs"]["mostly"]) == ("critical", 0.9)


def test_every_rendered_expectation_is_one_the_library_has() -> None:
    assert {expectation["type"] for expectation in suite()} <= set(expectation_types())


def test_ids_are_different_and_stay_when_a_bound_changes() -> None:
    before = [expectation["id"] for expectation in suite()]
    after = [expectation["id"] for expectation in suite(("max: 500", "max: 600"), ("min_value: 3", "min_value: 4"))]
    assert after == before
    assert len(set(after)) == len(after)


def test_the_same_blueprint_gives_the_same_bytes() -> None:
    assert render(blueprint()).digest() == render(blueprint()).digest()


def test_a_spec_chooses_its_engine_against_the_workspace_and_is_rendered_by_it() -> None:
    theirs = spec(("name: card-fraud", "name: other"), ("card:", "other_card:"), ("entity: card", "entity: other_card"))
    theirs = theirs.replace("card_stats", "other_stats").replace("card_activity", "other_activity")
    theirs = theirs.replace("payments:", "other_payments:").replace("source: payments", "source: other_payments")
    theirs = theirs.replace("inputs", "other_inputs").replace("other_inputs: [", "inputs: [")
    result = checked(spec(*CHANGES), theirs, only="prod")
    units = render_all(result.shared[0])
    assert any(path.startswith("great-expectations/") for path in units["card-fraud"].paths)
    assert all(not path.startswith("great-expectations/") for path in units["other"].paths)


REFUSED = [
    (("    data:\n", "    split: {suite: train_test_validation}\n    data:\n"), "MLC851", "split"),
    (("    data:\n", "    model: {suite: model_evaluation}\n    data:\n"), "MLC851", "model"),
    (("      checks:\n", "      suite: data_integrity\n      checks:\n"), "MLC852", "data_integrity"),
    (("window: 1d\n", "window: 1d\n      drift: {numerical: {method: ks, max: 0.2}}\n"), "MLC853", "drift"),
    (("params: {min_value: 3}", "params: {min_value: 3}, conditions: {a: {b: 1}}"), "MLC854", "conditions"),
    (("column: amount", "column: amont"), "MLC855", "amont"),
    (("{min_value: 3}", "{min_value: 3, max_value: 2}"), "MLC855", "3"),
    (("{min_value: 3}", "{min_value: '3'}"), "MLC855", "'3'"),
    (("{min_value: 3}", "{min_value: soon}"), "MLC855", "soon"),
    (("{min_value: 3}", "{min_valu: 3}"), "MLC411", "min_valu"),
    (("'^c[0-9]+$'", "'^c[0-9+$'"), "MLC855", "'^c[0-9+$'"),
    (("expect_table_row_count_to_be_between:", "expect_table_row_count_to_be_betwen:"), "MLC411", "expect_table"),
    (("check: expect_column_values_to_match_regex", "check: expect_column_values_to_match_like"), "MLC411", "expect"),
    (("column: amount, min_value: 2", "column: amount"), "MLC855", "AmountsDiffer"),
    (("mostly: 0.9", "mostly: 1.5"), "MLC411", "1.5"),
    (("severity: warning", "severity: page"), "MLC411", "page"),
    (("mostly: 0.9", "most: 0.9"), "MLC411", "most"),
]


@pytest.mark.parametrize(("change", "code", "words"), REFUSED, ids=lambda value: str(value)[:30])
def test_what_it_cannot_do_names_the_field(change: tuple[str, str], code: str, words: str) -> None:
    text = spec(*CHANGES, change)
    result = checked(text, only="prod")
    assert result.codes == [code], [finding.message for finding in result.diagnostics]
    assert underlined(text, result.only()).startswith(words)
    assert result.only().path.startswith("spec.checks.")


def test_nobody_is_told_of_what_the_spec_does_not_ask_for() -> None:
    assert checked(spec(*CHANGES)).codes == []


@given(st.text(), st.text(min_size=1))
def test_a_hostile_value_comes_back_as_it_was(value: str, name: str) -> None:
    system = blueprint()
    assert system.checks
    check = Check(name, {"column": value, "value_set": [value]}, {}, "expect_column_values_to_be_in_set")
    checks = replace(system.checks, stages=(CheckStage("data", None, (check,)),))
    try:
        files = render(replace(system, checks=checks))
    except ValueError:
        assert any(0xD800 <= ord(letter) < 0xE000 for letter in value + name)
        return
    expectations = next(json.loads(f.content) for f in files if "/expectations/" in f.path)["expectations"][-1]
    assert expectations["kwargs"] == {"column": value, "value_set": [value]}
    assert expectations["meta"]["of"] == name
