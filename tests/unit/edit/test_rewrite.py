"""A file that says something else and is otherwise the same: only what differs is another byte."""

from __future__ import annotations

from copy import deepcopy
from difflib import unified_diff
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlopsctl.edit.rewrite import Style, rewrite, same_value
from mlopsctl.source.node import plain
from mlopsctl.source.reader import read

ROOT = Path(__file__).resolve().parents[3]
FILES = sorted((*ROOT.glob("examples/**/*.yaml"), *ROOT.glob("examples/*/mlops.lock")))
BLOCKS = Style(frozenset(("inputs", "outputs")))


def data(content: bytes) -> Any:
    node, diagnostics = read(content, "a file")
    assert node is not None, diagnostics
    return plain(node)


def changed(before: bytes, after: bytes | None) -> list[str]:
    assert after is not None
    lines = unified_diff(before.decode().splitlines(), after.decode().splitlines(), n=0, lineterm="")
    return [line for line in list(lines)[2:] if not line.startswith("@@")]


def edited(text: str, change: Any, style: Style = BLOCKS) -> str:
    value = data(text.encode())
    change(value)
    rewritten = rewrite(text.encode(), value, style)
    assert rewritten is not None
    return rewritten.decode()


@pytest.mark.parametrize("file", FILES, ids=lambda path: str(path.relative_to(ROOT / "examples")))
def test_an_edit_that_changes_nothing_leaves_every_byte(file: Path) -> None:
    assert rewrite(file.read_bytes(), data(file.read_bytes()), Style()) == file.read_bytes()


def leaves(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if isinstance(value, dict):
        return [leaf for key, item in value.items() for leaf in leaves(item, (*path, key))]
    if isinstance(value, list):
        return [leaf for i, item in enumerate(value) for leaf in leaves(item, (*path, i))]
    return [path]


@pytest.mark.parametrize("file", FILES, ids=lambda path: str(path.relative_to(ROOT / "examples")))
def test_every_single_value_of_the_examples_changes_its_own_line_alone(file: Path) -> None:
    content = file.read_bytes()
    for path in leaves(data(content)):
        value = data(content)
        node = value
        for part in path[:-1]:
            node = node[part]
        node[path[-1]] = "another-value"
        lines = changed(content, rewrite(content, value, Style()))
        assert [line[0] for line in lines] == ["-", "+"], path
        assert "another-value" in lines[1], path


@pytest.mark.parametrize(
    ("text", "value", "expected"),
    [
        ("ttl: 2h  # two\nb: 1\n", "3h", "ttl: 3h  # two\nb: 1\n"),
        ('ttl: "2h"\n', "3h", 'ttl: "3h"\n'),
        ("ttl: '2h'\n", "3h", "ttl: '3h'\n"),
        ("ttl: 2h\n", "42", 'ttl: "42"\n'),
        ("ttl: 2h\n", "no", 'ttl: "no"\n'),
        ("ttl: 2h\n", "a: b # c", "ttl: 'a: b # c'\n"),
        ("ttl: 2h\n", "two\nlines", 'ttl: "two\\nlines"\n'),
        ("ttl: 2h\n", True, "ttl: true\n"),
        ("ttl: 2h\n", None, "ttl: null\n"),
        ("ttl: 2h\n", "", 'ttl: ""\n'),
        ("ttl:\nb: 1\n", "3h", "ttl: 3h\nb: 1\n"),
        ("ttl: |\n  long\n  text\nb: 1\n", "3h", "ttl: 3h\nb: 1\n"),
        ("{ttl: 2h, b: 1}\n", "x, y", "{ttl: 'x, y', b: 1}\n"),
        ("ttl: 2h", "3h", "ttl: 3h"),
        ("ttl: [1,  2]\n", [1, 3], "ttl: [1,  3]\n"),
        ("ttl: [1,  2]  # few\n", [1, 2, 3], "ttl: [1, 2, 3]  # few\n"),
        ("ttl: {a: 1}\n", "3h", "ttl: 3h\n"),
        ("ttl:\n  a: 1\n  b: 2  # two\nc: 1\n", "3h", "ttl: 3h  # two\nc: 1\n"),
        ("ttl: # why\n  a: 1\nc: 1\n", "3h", "ttl: 3h # why\nc: 1\n"),
        ("ttl:\n- a\n- b\nc: 1\n", {}, "ttl: {}\nc: 1\n"),
        ("ttl:\n-\n-\n", ["a", "b"], "ttl:\n- a\n- b\n"),
        ("é: ü\nttl: 2h\n", "ß", "é: ü\nttl: ß\n"),
    ],
)
def test_a_value_is_written_in_the_style_it_had(text: str, value: Any, expected: str) -> None:
    assert edited(text, lambda document: document.update(ttl=value), Style()) == expected


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_entries_come_go_and_change_between_comments(newline: str) -> None:
    before = (
        "# head\nimages:\n  # the first\n  a:1: old  # one\n  b:2: gone  # two\n\n  # about c\n  c:3: kept\n"
        "models: {}\n"
    )
    after = (
        "# head\nimages:\n  # the first\n  a:1: new  # one\n\n  # about c\n  c:3: kept\n  d:4: fresh\n"
        'models:\n  m@champion:\n    version: "7"\n    signature:\n      inputs: {x: int64}\n      outputs: {}\n'
    )

    def change(document: Any) -> None:
        document["images"]["a:1"] = "new"
        del document["images"]["b:2"]
        document["images"]["d:4"] = "fresh"
        signature = {"inputs": {"x": "int64"}, "outputs": {}}
        document["models"] = {"m@champion": {"version": "7", "signature": signature}}

    assert edited(before.replace("\n", newline), change) == after.replace("\n", newline)


def test_entries_between_braces_come_and_go() -> None:
    text = "inputs: {a: int64, b: string,\n  c: bool}  # in order\n"

    def change(document: Any) -> None:
        del document["inputs"]["a"]
        document["inputs"]["d"] = "float64"

    assert edited(text, change) == "inputs: {b: string,\n  c: bool, d: float64}  # in order\n"


def test_an_order_that_matters_is_written_anew() -> None:
    text = "inputs: {a: int64, b: string}\n"
    assert edited(text, lambda document: document.update(inputs={"b": "string", "a": "int64"})) == (
        "inputs: {b: string, a: int64}\n"
    )


def test_a_mark_at_the_beginning_stays() -> None:
    content = "\ufeffttl: 2h\n".encode()
    assert rewrite(content, {"ttl": "3h"}, Style()) == "\ufeffttl: 3h\n".encode()


@pytest.mark.parametrize(
    "text",
    ["a: &x {k: 1}\nb: *x\n", "a: &x 1\nb: *x\n", "a: &x\n  k: 1\nb: *x\n"],
)
def test_what_stands_for_two_values_is_not_changed_for_one(text: str) -> None:
    value = data(text.encode())
    if isinstance(value["a"], dict):
        value["a"] = {"k": 2}
    else:
        value["a"] = 2
    assert rewrite(text.encode(), value, Style()) is None


def test_an_alias_may_give_way_to_a_value() -> None:
    assert rewrite(b"a: &x 1\nb: *x\n", {"a": 1, "b": 2}, Style()) == b"a: &x 1\nb: 2\n"


def test_one_is_not_true_and_not_a_half_of_two_halves() -> None:
    assert not same_value(1, True)
    assert not same_value(1, 1.0)
    assert not same_value({"a": 1, "b": 2}, {"b": 2, "a": 1})
    assert same_value({"a": [1, None]}, {"a": [1, None]})


WORDS = st.sampled_from(
    ["alpha", "3h", "42", "no", "a: b", "", "x, y", "{z}", "# c", "sha256:ab", "ü", "'", '"', "two\nlines"]
)
SCALARS = st.one_of(WORDS, st.integers(-5, 5), st.booleans(), st.none())
KEYS = st.sampled_from(["a", "b", "c", "reg/x:1", "m@champion", "yes", "12"])
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=4)),
    max_leaves=12,
)
TREES = st.dictionaries(KEYS, VALUES, min_size=1, max_size=4)


def dumped(value: Any, flow: bool | None) -> bytes:
    from ruamel.yaml import YAML

    writer = YAML()
    writer.default_flow_style = flow
    writer.width = 1 << 20
    out = StringIO()
    writer.dump(value, out)
    return out.getvalue().encode()


@settings(max_examples=300, deadline=None)
@given(TREES, TREES, st.sampled_from([True, False, None]), st.sampled_from([Style(), BLOCKS]))
def test_any_file_becomes_any_other_or_nothing_is_done(
    before: Any, after: Any, flow: bool | None, style: Style
) -> None:
    content = dumped(before, flow)
    node, _ = read(content, "")
    if node is None or plain(node) != before:
        return  # a key that is no text to the language
    rewritten = rewrite(content, deepcopy(after), style)
    assert rewritten is not None
    assert same_value(data(rewritten), after)
