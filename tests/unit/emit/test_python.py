"""The Python we write parses, keeps every constant, and no text changes its shape."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from unit.emit.hostile_text import KNOWN, texts, unwanted

from mlopsctl.emit.python import (
    Assign,
    Attribute,
    Call,
    Class,
    Expr,
    FromImport,
    Function,
    Gap,
    Import,
    Index,
    Name,
    Operation,
    Return,
    identifier,
    module,
)

literals = st.recursive(
    texts | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.booleans() | st.none(),
    lambda inner: (
        st.lists(inner, max_size=4) | st.lists(inner, max_size=3).map(tuple) | st.dictionaries(texts, inner, max_size=4)
    ),
    max_leaves=10,
)


def features(text: str = "plain", docstring: str = "What it is.") -> str:
    """Write a module that holds the text in every place that takes one."""
    field = Call("Field", keywords={"name": text, "dtype": Name("Int64")})
    schema: Mapping[str, Any] = {"schema": [field, field], "tags": {text: text}}
    body = [
        Assign("frame", Call("pd.DataFrame"), Name("pd.DataFrame")),
        Assign(Index(Name("frame"), text), Operation(Index(Name("inputs"), text), "/", 2)),
        Return(Name("frame")),
    ]
    return module(
        docstring,
        [
            FromImport("datetime", ("timedelta",)),
            Gap(),
            Import("pandas", "pd"),
            FromImport("feast", ("Entity", "FeatureService", "FeatureView", "Field")),
            FromImport("feast.types", ("Float64", "Int64")),
            Assign("card", Call("Entity", keywords={"name": text, "join_keys": [text]})),
            Assign("view", Call("FeatureView", keywords={"ttl": Call("timedelta", (7200,)), **schema})),
            Assign("service", Call("FeatureService", (Index(Name("view"), [text, text]),))),
            Function(
                "ratio", {"inputs": "pd.DataFrame"}, body, "pd.DataFrame", [Call("on_demand", (text,))], docstring
            ),
            Class("Model", ("Base",), [Function("f", {"self": None})], docstring=docstring),
            Expr(Call(Attribute(Name("print"), "x"), (text,))),
        ],
    )


def shape(source: str) -> str:
    """Dump the tree with every text blanked."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            node.value = ""
    return ast.dump(tree)


def constants(source: str) -> set[str]:
    return {
        node.value
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def formatted(source: str) -> str:
    command = [sys.executable, "-m", "ruff", "format", "--isolated", "--line-length", "100", "-"]
    return subprocess.run(command, input=source, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("text", [*KNOWN, "\ud800"], ids=ascii)
def test_a_known_trap_changes_no_shape_and_stays_itself(text):
    source = features(text, text)
    assert shape(features(text)) == shape(features())
    assert text in constants(source)
    assert unwanted(source) == set()
    assert source.isascii()


@given(texts)
def test_any_text_changes_no_shape_and_stays_itself(text):
    assert shape(features(text)) == shape(features())
    assert text in constants(features(text))


@given(texts)
def test_any_docstring_is_one(text):
    source = features(docstring=text)
    docstring = ast.get_docstring(ast.parse(source), clean=False)
    meant = "\n".join(line.rstrip(" ") for line in text.strip(" \t\r\n").split("\n")).strip(" ")
    if meant:
        assert docstring is not None
        lines = docstring.rstrip(" \n").split("\n")
        assert [line.strip(" ") for line in lines] == [line.strip(" ") for line in meant.split("\n")]
    else:
        assert docstring is None
    assert "".join(source.split()).isprintable()


@given(literals)
def test_any_literal_is_read_back(value):
    source = module("", [Assign("value", value)])
    assert ast.literal_eval(source.removeprefix("value = ").strip()) == value


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9))
def test_a_decimal_becomes_a_float_of_the_same_digits(number):
    source = module("", [Assign("value", number)]).removeprefix("value = ").strip()
    assert Decimal(source) == number
    assert isinstance(ast.literal_eval(source), float)


@given(literals)
def test_no_line_is_longer_than_it_must_be(value):
    for line in module("", [Assign("value", value)]).splitlines():
        assert len(line) <= 100 or not any(each in line for each in ("[", "{", "(")) or '"' in line


LONG = "word " * 9


def test_a_formatter_would_change_nothing():
    names = {f"argument_{number}": number for number in range(9)}
    source = features() + module(
        "",
        [
            Assign("many", Call("Many", keywords=names)),
            Assign("deep", [Call("Many", keywords=names), {"a": names, "b": [LONG] * 4}, (LONG,) * 3, ("a",)]),
            Assign("query", Call("Query", (f"SELECT {LONG}\nFROM {LONG}\nWHERE 1\n",), {"q": f"{LONG}\n{LONG}\n."})),
            Assign("long_target_" * 7, LONG),
            Assign("alone", Call("f", ("x" * 120,))),
            Assign("picked", Index(Name("view_of_some_length" * 2), ["column_of_some_length" * 2, "b" * 20])),
            Assign("number", [1e20, 1.5e-7, Decimal("0.10"), -1, True, None]),
            Assign("joined", Operation(Operation(1, "+", Name("a")), "*", Operation(-2, "**", -3))),
            Function("wide", {f"parameter_{number}": "list" for number in range(9)}, [Return(LONG * 2)], "None"),
            Function("documented", docstring='Say "hi"'),
            Class("Documented", docstring="One\n\n\n  two\n    three\n\n  four  "),
            Function("quoted", docstring='"Hi" it says\n\n  and more', body=[Return(1)]),
            Class("Empty"),
        ],
    )
    pytest.importorskip("ruff")
    assert formatted(source) == source


def test_the_layout_is_the_usual_one():
    field = Call("Field", keywords={"name": "txn_count_1h", "dtype": Name("Int64")})
    view = Call("FeatureView", keywords={"name": "card_activity", "schema": [field, field, field], "online": True})
    assert module(
        "Features.", [Import("feast"), Assign("view", view), Function("f", {"a": "int"}, returns="None")]
    ) == (
        '"""Features."""\n'
        "\n"
        "import feast\n"
        "\n"
        "view = FeatureView(\n"
        '    name="card_activity",\n'
        "    schema=[\n"
        '        Field(name="txn_count_1h", dtype=Int64),\n'
        '        Field(name="txn_count_1h", dtype=Int64),\n'
        '        Field(name="txn_count_1h", dtype=Int64),\n'
        "    ],\n"
        "    online=True,\n"
        ")\n"
        "\n"
        "\n"
        "def f(a: int) -> None:\n"
        "    pass\n"
    )


def test_text_of_several_lines_is_written_line_by_line():
    source = module("", [Assign("query", Call("Source", keywords={"query": f"SELECT {LONG}\n\nFROM {LONG}"}))])
    assert source == (
        f'query = Source(\n    query=(\n        "SELECT {LONG}\\n"\n        "\\n"\n        "FROM {LONG}"\n    ),\n)\n'
    )


BAD_NAMES = ["", "1a", "a b", "a-b", "class", "None", "True", "a;b", "a\n", "\xe9", "a.", ".a", "a..b", "x)#", "a.if"]


@pytest.mark.parametrize("name", BAD_NAMES, ids=ascii)
@pytest.mark.parametrize(
    "statement",
    [
        Import,
        lambda name: FromImport(name, ("a",)),
        lambda name: FromImport("a", (name,)),
        lambda name: Assign(name, 1),
        lambda name: Assign(Name(name), 1),
        lambda name: Expr(Call(name)),
        lambda name: Expr(Call("f", keywords={name: 1})),
        lambda name: Expr(Attribute(Name("a"), name)),
        Function,
        lambda name: Function("f", {name: None}),
        lambda name: Function("f", decorators=(name,)),
        Class,
        lambda name: Class("A", (Name(name),)),
    ],
)
def test_what_is_no_name_is_refused_wherever_it_stands(statement, name):
    with pytest.raises(ValueError, match="identifier"):
        module("", [statement(name)])


def test_a_name_without_dots_is_asked_for_where_python_asks_for_one():
    for statement in (FromImport("a", ("b.c",)), Function("a.b"), Expr(Call("f", keywords={"a.b": 1}))):
        with pytest.raises(ValueError, match="identifier"):
            module("", [statement])
    assert identifier("match") == "match"


@pytest.mark.parametrize("value", [{1}, b"a", ..., float("nan"), Decimal("NaN"), [range(2)], 1j], ids=ascii)
def test_any_other_value_is_a_bug(value):
    with pytest.raises(TypeError):
        module("", [Expr(value)])


def test_an_unknown_statement_or_operator_is_a_bug():
    with pytest.raises(TypeError):
        module("", ["import os"])
    with pytest.raises(ValueError, match="operator"):
        module("", [Expr(Operation(1, "; import os;", 2))])
