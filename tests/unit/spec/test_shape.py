"""The language as a shape: which keys may stand where."""

from __future__ import annotations

import pytest

from mlopsctl.source.node import Node
from mlopsctl.source.reader import read
from mlopsctl.spec.shape import closest_key, known_keys, takes_mapping
from mlopsctl.spec.system import MLSystem


def tree(text: str) -> Node:
    node, findings = read(text.encode(), "x")
    assert node is not None and findings == ()
    return node


SPEC = tree(
    "spec:\n  data: {sources: {a: {type: snowflake}, b: {type: csv}, c: {}}}\n"
    "  model: {split: {by: random}}\n  features: {views: {v: {}}}\n"
)


def test_the_keys_of_a_section_are_those_of_the_file() -> None:
    assert known_keys(MLSystem, SPEC, ()) == ("apiVersion", "kind", "metadata", "spec")
    assert "maxPerWeek" in known_keys(MLSystem, SPEC, ("spec", "model", "retrain", "onDrift"))


def test_a_union_has_the_keys_of_the_arm_that_the_file_chooses() -> None:
    assert "warehouse" in known_keys(MLSystem, SPEC, ("spec", "data", "sources", "a"))
    assert "warehouse" not in known_keys(MLSystem, SPEC, ("spec", "data", "sources", "b"))
    assert known_keys(MLSystem, SPEC, ("spec", "data", "sources", "c")) == ()
    assert "lag" not in known_keys(MLSystem, SPEC, ("spec", "model", "split"))


@pytest.mark.parametrize("path", [("spec", "data", "sources"), ("spec", "model", "params"), ("spec", "nowhere")])
def test_a_map_of_names_has_no_keys_of_its_own(path: tuple[str, ...]) -> None:
    assert known_keys(MLSystem, SPEC, path) == ()


def test_where_a_mapping_belongs_is_known() -> None:
    assert takes_mapping(MLSystem, SPEC, ("spec", "alerts", "slos"))
    assert takes_mapping(MLSystem, SPEC, ("spec", "model"))
    assert not takes_mapping(MLSystem, SPEC, ("spec", "model", "task"))


def test_the_closest_key_is_one_that_is_not_there_yet() -> None:
    assert closest_key(MLSystem, SPEC, ("spec", "servin")) == "serving"
    assert closest_key(MLSystem, SPEC, ("spec", "modl")) is None
