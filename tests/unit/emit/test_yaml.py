"""What the YAML writer writes is read back unchanged by a YAML 1.1 and a YAML 1.2 reader."""

from __future__ import annotations

from collections import OrderedDict
from decimal import Decimal
from enum import Enum, IntEnum, StrEnum
from io import StringIO
from typing import Any, NamedTuple

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML
from unit.emit.hostile_text import KNOWN, random_texts, texts, unwanted

from mlopsctl.emit.yaml import dump_all, dumps, noted


def read_as_1_1(text: str) -> Any:
    return yaml.load(text, Loader=yaml.CSafeLoader)


def read_as_1_2(text: str) -> Any:
    return YAML(typ="safe", pure=True).load(StringIO(text))


def assert_read_back(value: Any) -> None:
    text = dumps(value)
    assert text.endswith("\n")
    assert unwanted(text) == set()
    assert read_as_1_1(text) == value
    assert read_as_1_2(text) == value


numbers = st.one_of(st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.booleans(), st.none())
values = st.recursive(
    texts | numbers,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize("text", KNOWN, ids=ascii)
def test_a_known_trap_comes_back_wherever_it_stands(text):
    assert_read_back(text)
    assert_read_back({"key": text, "next": 1})
    assert_read_back([text, [text], {text: [text, text]}])
    assert_read_back({"a": {"b": [{"c": text, text: text, "d": {text: text}}]}, "e": text})


def test_ten_thousand_random_strings_come_back():
    words = random_texts(10_000)
    for start in range(0, len(words), 500):
        part = words[start : start + 500]
        assert_read_back({"items": part, "keys": dict.fromkeys(part, "x")})


@given(values)
def test_any_value_comes_back(value):
    assert_read_back(value)


@given(st.lists(values, min_size=1, max_size=4))
def test_documents_stay_apart(documents):
    text = dump_all(documents)
    assert list(yaml.load_all(text, Loader=yaml.CSafeLoader)) == documents


@given(texts, texts)
def test_a_text_never_changes_the_structure(plain, hostile):
    def shape(text: str) -> list[str]:
        value = {"a": [{"b": text}, text], "c": {"d": text}}
        return [type(event).__name__ for event in yaml.parse(dumps(value), Loader=yaml.CSafeLoader)]

    assert shape(plain) == shape(hostile)


@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_a_decimal_keeps_every_digit(number):
    text = dumps({"ratio": number}).removeprefix("ratio: ").strip()
    assert Decimal(text) == number
    assert isinstance(read_as_1_1(text), int | float)
    assert isinstance(read_as_1_2(text), int | float)


def test_the_layout_is_the_usual_one_of_kubernetes_manifests():
    value = {
        "kind": "List",
        "args": ["--a", "1", 2],
        "empty": {"list": [], "map": {}, "text": ""},
        "steps": [
            {"name": "a", "on": [{"x": True, "y": None}], "z": {"deep": "b"}},
            [["p", "q"], "r"],
            [],
            {},
        ],
        "script": "set -e\n\necho hi\n",
        "ratio": Decimal("0.9990"),
        "pair": ("a", {"b": "c"}),
    }
    assert dumps(value) == (
        "kind: List\n"
        "args:\n"
        '  - "--a"\n'
        '  - "1"\n'
        "  - 2\n"
        "empty:\n"
        "  list: []\n"
        "  map: {}\n"
        '  text: ""\n'
        "steps:\n"
        "  - name: a\n"
        '    "on":\n'
        "      - x: true\n"
        '        "y": null\n'
        "    z:\n"
        "      deep: b\n"
        "  - - - p\n"
        "      - q\n"
        "    - r\n"
        "  - []\n"
        "  - {}\n"
        "script: |\n"
        "  set -e\n"
        "\n"
        "  echo hi\n"
        "ratio: 0.9990\n"
        "pair:\n"
        "  - a\n"
        "  - b: c\n"
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a\nb", "|-\n  a\n  b\n"),
        ("a\nb\n", "|\n  a\n  b\n"),
        ("a\n\nb\n\n", "|+\n  a\n\n  b\n\n"),
        (["a\nb", "c"], "- |-\n  a\n  b\n- c\n"),
        ("\xe9\n\U0001f6a8", "|-\n  \xe9\n  \U0001f6a8\n"),
        (" a\nb", '" a\\nb"\n'),
        ("a \nb", '"a \\nb"\n'),
        ("a\n \nb", '"a\\n \\nb"\n'),
        ("a\n\tb", '"a\\n\\tb"\n'),
        ("a\u200b\nb", '"a\\u200b\\nb"\n'),
    ],
    ids=ascii,
)
def test_several_lines_become_a_block_where_a_block_is_safe(value, text):
    assert dumps(value) == text


@pytest.mark.parametrize("text", ["card-fraud", "app.kubernetes.io/name", "/tmp/x", "_a", "s3://b/c", "a=b,c", "a:b"])
def test_an_ordinary_word_stays_bare(text):
    assert dumps({text: text}) == f"{text}: {text}\n"


def test_astral_characters_are_never_written_as_surrogates():
    assert dumps("\U0001fae8") == '"\\U0001fae8"\n'
    assert dumps("Z\xe4hler: 1") == '"Z\xe4hler: 1"\n'


def test_a_long_line_is_never_folded():
    assert dumps({"k": "word " * 300 + "."}).count("\n") == 1


def test_a_key_longer_than_a_reader_looks_ahead_comes_back():
    for key in ("k" * 2000, "k: " * 1000):
        assert_read_back({"a": {key: {"b": [1]}, "c": [{key: "v"}]}})


def test_a_shared_object_is_written_twice():
    shared = {"a": ["b"]}
    assert dumps({"p": shared, "q": shared}) == "p:\n  a:\n    - b\nq:\n  a:\n    - b\n"


def test_documents_are_separated_by_a_line():
    assert dump_all([{"a": 1}, [], "x\n\n"]) == "a: 1\n---\n[]\n---\n|+\n  x\n\n"
    assert dump_all([]) == ""


class Colour(StrEnum):
    RED = "no"


class Level(IntEnum):
    HIGH = 3


class Old(str, Enum):  # noqa: UP042 - the older spelling must work as well
    WORD = "on"


def test_an_enum_is_written_as_its_value():
    value = {Colour.RED: [Colour.RED, Level.HIGH, Old.WORD], Old.WORD: Level.HIGH}
    assert dumps(value) == '"no":\n  - "no"\n  - 3\n  - "on"\n"on": 3\n'


class Record(NamedTuple):
    a: int


@pytest.mark.parametrize(
    "value",
    [
        {1},
        b"a",
        Record(1),
        OrderedDict(a=1),
        {1: 2},
        {None: 1},
        {True: 1},
        {"a": [...]},
        float("nan"),
        1j,
        range(3),
    ],
    ids=ascii,
)
def test_any_other_value_is_a_bug(value):
    with pytest.raises(TypeError):
        dumps(value)


@pytest.mark.parametrize("value", ["\ud800", {"\ud800": 1}, ["a\n\udfff"]], ids=ascii)
def test_text_that_no_file_can_hold_is_a_bug(value):
    with pytest.raises(ValueError, match="surrogates"):
        dumps(value)


def test_what_was_written_before_does_not_change_what_is_written_now():
    deep: Any = "x\ny"
    for depth in range(40):
        deep = {f"k{depth}": deep} if depth % 3 else [deep]
    first = dumps(deep)
    for number in range(30_000):
        dumps({f"key-{number}": f"value {number}"})
    assert dumps(deep) == first
    assert read_as_1_1(first) == deep


def test_a_note_stands_behind_its_text_and_is_no_part_of_it() -> None:
    commit = noted("acme/check@0123abc", "v1.2.3")
    written = dumps({"uses": commit, "also": [noted("no", "the word")]})
    assert written == 'uses: acme/check@0123abc # v1.2.3\nalso:\n  - "no" # the word\n'
    assert yaml.safe_load(written) == {"uses": "acme/check@0123abc", "also": ["no"]}


@pytest.mark.parametrize("note", ["", " x", "a\nb: c", "a # b", "${{ x }}", "\u2028", "x\t"])
def test_a_note_that_is_no_few_plain_words_is_refused(note: str) -> None:
    with pytest.raises(ValueError, match="no comment"):
        noted("x", note)
