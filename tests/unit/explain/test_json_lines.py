"""Which part of a value a line of its JSON shows, for every line of every shape."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from mlopsctl.explain.json_lines import at_line

KEYS = st.text(alphabet="abc:{[ ", min_size=1, max_size=4)
VALUES = st.recursive(
    st.integers() | st.text(max_size=5) | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=12,
)


@given(value=st.dictionaries(KEYS, VALUES, min_size=1, max_size=4), margin=st.integers(0, 4))
def test_the_lines_of_a_part_are_its_own_json(value: dict[str, Any], margin: int) -> None:
    lines = [" " * margin + line for line in json.dumps(value, indent=1).split("\n")]
    for number in range(len(lines)):
        for part, first, last in at_line(lines, number, value):
            assert first <= number <= last
            own = "\n".join(line[margin:] for line in lines[first : last + 1]).strip().rstrip(",")
            assert own.endswith(json.dumps(part, indent=1).rpartition("\n")[2])
            assert json.loads("{" + own + "}" if _is_member(own) else f"[{own}]") is not None


def _is_member(own: str) -> bool:
    try:
        json.loads("{" + own + "}")
    except ValueError:
        return False
    return True


def test_a_line_outside_is_in_no_part() -> None:
    lines = json.dumps({"a": [1, {"b": 2}]}, indent=1).split("\n")
    assert at_line(lines, 99, {}) == []
    assert at_line(lines, 0, {"a": 1}) == []
    assert [part for part, _, _ in at_line(lines, 4, {"a": [1, {"b": 2}]})] == [[1, {"b": 2}], {"b": 2}, 2]
