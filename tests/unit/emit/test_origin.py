"""What a written text knows of its lines: nothing unless asked, and then exactly which lines are about what."""

from __future__ import annotations

from typing import Any

import pytest

from mlopsctl.emit import json, origin, python, yaml
from mlopsctl.emit.origin import about, about_text, recording, spans
from mlopsctl.emit.python import Assign, Call

Told = list[tuple[int, int, tuple[Any, ...]]]


def traced_spans(text: str) -> Told:
    return [tuple(span) for span in spans(text)]  # type: ignore[misc]


def document() -> dict[str, Any]:
    rules = [about(("first",), {"alert": "A", "labels": about(("label",), {"a": "1"})}), about(("second",), {"b": 2})]
    return {"name": "x", "rules": rules, "spec": about(("spec",), {"deep": {"list": [1, 2]}})}


TEXT = """\
name: x
rules:
  - alert: A
    labels:
      a: "1"
  - b: 2
spec:
  deep:
    list:
      - 1
      - 2
"""


def test_yaml_is_the_same_whether_anybody_asks_and_knows_its_lines_only_then() -> None:
    plain = yaml.dumps(document())
    with recording():
        traced = yaml.dumps(document())
    assert plain == traced == TEXT
    assert (type(plain), traced_spans(plain)) == (str, [])
    assert traced_spans(traced) == [(3, 5, ("first",)), (4, 5, ("label",)), (6, 6, ("second",)), (7, 11, ("spec",))]


def test_a_whole_document_and_several_of_them() -> None:
    with recording():
        text = yaml.dump_all([about(("one",), {"a": 1}), {"b": about(("two",), {"c": 3})}])
    assert text == "a: 1\n---\nb:\n  c: 3\n"
    assert traced_spans(text) == [(1, 1, ("one",)), (3, 4, ("two",))]
    with recording():
        assert traced_spans(about_text(("all",), text)) == [(1, 4, ("all",)), *traced_spans(text)]
    assert about_text(("all",), "a: 1\n") == "a: 1\n"


@pytest.mark.parametrize("end", ["", "\n", "\n\n"])
def test_a_text_inside_a_document_keeps_what_it_knows(end: str) -> None:
    with recording():
        inner = about_text(("inner",), f"one\ntwo{end}")
        text = yaml.dumps({"before": 1, "data": {"key": inner}, "after": 2})
    lines = text.split("\n")
    first, last, _ = traced_spans(text)[0]
    assert lines[first - 1].strip() == "one"
    assert lines[first].strip() == "two"
    assert last == first + 1 + max(len(end) - 1, 0)


def test_a_text_that_is_written_on_one_line_loses_what_it_knew() -> None:
    with recording():
        text = yaml.dumps({"a": about_text(("inner",), " begins with a blank\n")})
    assert traced_spans(text) == []


def test_an_empty_mapping_is_written_as_one() -> None:
    with recording():
        assert yaml.dumps({"a": about(("x",), {}), "b": [about(("x",), {})]}) == "a: {}\nb:\n  - {}\n"
        assert yaml.dumps(about(("x",), {})) == "{}\n"
        assert json.dumps(about(("x",), {})) == "{}\n"


def test_json_knows_its_panels() -> None:
    def panels() -> Any:
        return {"title": "t", "panels": [about((n,), {"id": n, "grid": {"x": 1}}) for n in (1, 2)], "end": []}

    plain = json.dumps(panels())
    with recording():
        traced = json.dumps(panels())
        assert json.compact(about((1,), {"b": 1, "a": 2})) == '{"a":2,"b":1}'
    assert plain == traced
    lines = traced.split("\n")
    for first, last, (number,) in traced_spans(traced):
        assert lines[first - 1].strip() == "{"
        assert lines[first].strip() == f'"id": {number},'
        assert lines[last - 1].strip() in ("}", "},")
    assert len(traced_spans(traced)) == 2


def test_python_knows_its_statements() -> None:
    def statements() -> list[Any]:
        long = Call("Entity", keywords={"name": "card" * 20, "description": "d" * 30})
        return [python.about(("one",), Assign("x", 1)), Assign("y", 2), python.about(("two",), Assign("z", long))]

    plain = python.module("Title.", statements())
    with recording():
        traced = python.module("Title.", statements())
    assert plain == traced
    lines = traced.split("\n")
    (first, _, origin), (second, last, two) = traced_spans(traced)
    assert (lines[first - 1], origin) == ("x = 1", ("one",))
    assert (lines[second - 1], lines[last - 1], two) == ("z = Entity(", ")", ("two",))


def test_asking_ends_with_the_block_even_when_it_breaks() -> None:
    with pytest.raises(RuntimeError), recording():
        assert origin.is_recording()
        raise RuntimeError
    assert not origin.is_recording()
