"""The Blueprint as JSON: written exactly, read strictly."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from projects import SPEC, checked

from mlopsctl.blueprint import codec
from mlopsctl.blueprint.model.blueprint import Blueprint


@pytest.fixture(scope="module")
def example() -> Blueprint:
    return checked(SPEC, only="prod").shared[0].systems[0]


def test_a_blueprint_reads_back_equal(example: Blueprint) -> None:
    text = codec.dumps(example)
    assert codec.loads(text) == example
    assert codec.dumps(codec.loads(text)) == text


def test_decimals_are_written_as_text_and_not_as_floats(example: Blueprint) -> None:
    budgets = [slo["budget"] for slo in json.loads(codec.dumps(example))["slos"]]
    assert budgets == ["0.001", "0.01"]


def test_the_text_ends_with_a_newline_and_has_no_time_and_no_machine_in_it(example: Blueprint) -> None:
    text = codec.dumps(example)
    assert text.endswith("}\n")
    assert str(Path.cwd()) not in text


@pytest.mark.parametrize("change", [{"schema": "other"}, {"identity": None}, {"slos": 5}, {"pipelines": [{}]}])
def test_what_is_no_blueprint_of_this_version_is_refused(example: Blueprint, change: dict[str, object]) -> None:
    broken = {**json.loads(codec.dumps(example)), **change}
    with pytest.raises(ValueError):
        codec.loads(json.dumps(broken))
