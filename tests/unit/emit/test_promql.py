"""PromQL written from a tree is parsed back, by another's parser, into the same tree."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import promql_parser as parser
import pytest
from hypothesis import given
from hypothesis import strategies as st
from unit.emit.hostile_text import KNOWN, texts, unwanted

from mlopsctl.emit.promql import (
    Aggregate,
    Binary,
    Call,
    Expression,
    Matcher,
    Number,
    Raw,
    Selector,
    Subquery,
    Text,
    any_of,
    text,
)

KEYWORDS = [
    *(
        "and",
        "or",
        "unless",
        "atan2",
        "sum",
        "topk",
        "offset",
        "by",
        "without",
        "on",
        "ignoring",
        "group_left",
    ),
    *("group_right", "bool", "start", "end", "inf", "NaN", "step", "range", "smoothed", "anchored", "rate"),
]
OPERATORS = ("+", "-", "*", "/", "%", "^", "atan2", "==", "!=", ">", "<", ">=", "<=")
MATCH_NAMES = {"=": "MatchOp.Equal", "!=": "MatchOp.NotEqual"}
SETS = ("and", "or", "unless")

names = st.from_regex(r"[a-z_][a-z0-9_]{0,5}", fullmatch=True).filter(lambda name: name not in KEYWORDS)
metrics = names | st.sampled_from([*KEYWORDS, "mlops:slo_error:ratio_rate5m"])
groupings = st.lists(names, max_size=2).map(tuple)
signs = st.sampled_from(OPERATORS)
steps = st.sampled_from(["", "5m"])
offsets = st.sampled_from([None, "1h", "-5m"])


def nodes(node: Callable[..., Any], *parts: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Build nodes from exactly these parts; `builds` would guess the others from their types."""
    return st.tuples(*parts).map(lambda fields: node(*fields))


matchers = st.lists(nodes(Matcher, names, st.sampled_from(["=", "!="]), texts), max_size=2).map(tuple)
selectors = nodes(Selector, metrics, matchers, st.none(), offsets)
numbers = nodes(Number, st.integers(-9, 9) | st.decimals(-9, 9, places=3))


def vectors(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(
        nodes(Aggregate, st.sampled_from(["sum", "max"]), inner, groupings),
        nodes(Aggregate, st.just("avg"), inner, st.just(()), groupings),
        nodes(Aggregate, st.just("quantile"), inner, groupings, st.just(()), numbers),
        nodes(lambda each: Call("abs", (each,)), inner),
        nodes(lambda *each: Call("rate", (Subquery(*each),)), inner, st.just("1h30m"), steps, offsets),
        nodes(Binary, signs, inner, inner | numbers),
        nodes(Binary, signs, numbers, inner),
        nodes(Binary, signs | st.sampled_from(SETS), inner, inner, st.none() | groupings),
        nodes(Binary, st.sampled_from(["+", ">"]), inner, inner, st.none(), groupings, groupings),
        nodes(lambda *each: Binary(*each, bool_=True), st.just(">"), inner, inner, groupings),
    )


trees = st.recursive(selectors, vectors, max_leaves=6)


def parsed(node: Any) -> Any:
    """Turn the parser's tree into tuples, without its parentheses."""
    match node:
        case parser.ParenExpr():
            return parsed(node.expr)
        case parser.NumberLiteral():
            return ("number", node.val)
        case parser.UnaryExpr():
            kind, value = parsed(node.expr)
            assert kind == "number"
            return ("number", -value)
        case parser.VectorSelector():
            matchers = [(each.name, str(each.op), each.value) for each in node.matchers.matchers]
            name = node.name or matchers.pop(0)[2]
            return ("selector", name, matchers, node.offset)
        case parser.SubqueryExpr():
            return ("subquery", parsed(node.expr), node.range, node.step, node.offset)
        case parser.Call():
            return ("call", node.func.name, [parsed(each) for each in node.args])
        case parser.AggregateExpr():
            grouping = node.modifier and (str(node.modifier.type), node.modifier.labels)
            return ("aggregate", str(node.op), parsed(node.expr), grouping, node.param and parsed(node.param))
        case parser.BinaryExpr():
            return ("binary", str(node.op), parsed(node.lhs), parsed(node.rhs), matching_of(node.modifier))
    raise AssertionError(type(node))


def matching_of(modifier: Any) -> Any:
    if modifier is None:
        return (None, [], False)
    matching = modifier.matching and (str(modifier.matching.type), modifier.matching.labels)
    return (matching, modifier.group_labels or [], modifier.return_bool)


def time(duration: str | None) -> Any:
    if not duration:
        return None
    parsed = parser.parse_duration(duration.removeprefix("-"))
    return -parsed if duration.startswith("-") else parsed


def expected(expr: Expression) -> Any:
    """Say what the parser should find, from our own tree."""
    match expr:
        case Number():
            return ("number", float(expr.value))
        case Selector():
            matchers = [(each.label, MATCH_NAMES[each.op], each.value) for each in expr.matchers]
            return ("selector", expr.metric, matchers, time(expr.offset))
        case Subquery():
            return ("subquery", expected(expr.expr), time(expr.range), time(expr.step), time(expr.offset))
        case Call():
            return ("call", expr.function, [expected(each) for each in expr.args])
        case Aggregate():
            by = ("AggModifierType.By", list(expr.by)) if expr.by else None
            without = ("AggModifierType.Without", list(expr.without)) if expr.without else None
            return (
                "aggregate",
                expr.op,
                expected(expr.expr),
                by or without,
                expr.param and expected(expr.param),
            )
        case Binary():
            on = None if expr.on is None else ("LabelModifierType.Include", list(expr.on))
            ignoring = None if expr.ignoring is None else ("LabelModifierType.Exclude", list(expr.ignoring))
            matching = (on or ignoring, list(expr.group_left or expr.group_right or ()), expr.bool_)
            return ("binary", expr.op, expected(expr.left), expected(expr.right), matching)
    raise AssertionError(type(expr))


@pytest.mark.parametrize("value", KNOWN, ids=ascii)
def test_a_label_value_of_any_text_stays_a_value(value):
    selector = parser.parse(text(Selector("up", (Matcher("job", "=", value), Matcher("m", "=", "x")))))
    assert [(each.name, each.value) for each in selector.matchers.matchers] == [("job", value), ("m", "x")]


@given(trees)
def test_any_tree_is_parsed_back_into_itself(expr):
    assert parsed(parser.parse(text(expr))) == expected(expr)


@given(trees)
def test_an_expression_is_one_line_without_invisible_characters(expr):
    written = text(expr)
    assert "\n" not in written
    assert unwanted(written) == set()


@given(trees, trees)
def test_a_users_expression_keeps_to_itself(outer, users):
    """Between the strongest operators, and inside a call, it is still the same operand."""
    raw = Raw(f"  # why\n {text(users)} # and why not")
    for around in (Binary("^", raw, outer), Binary("^", outer, raw), Binary("or", raw, raw)):
        meant = around._replace(**{side: users for side in ("left", "right") if getattr(around, side) is raw})
        assert parsed(parser.parse(text(around))) == expected(meant)
    assert parsed(parser.parse(text(Call("abs", (raw,))))) == expected(Call("abs", (users,)))
    assert parsed(parser.parse(text(raw))) == expected(users)


@pytest.mark.parametrize("raw", ["a) or (b", "a[5m", "a)", "(a", 'a{b="c}', "a{b='c}", "a{b=`c}", "a(]", "a{)"])
def test_a_users_expression_that_would_reach_outside_is_refused(raw):
    with pytest.raises(ValueError, match=r"expression"):
        text(Call("abs", (Raw(raw),)))


def test_strings_in_a_users_expression_are_left_alone():
    raw = """up{a="x # (  y",b='\\'  #',c=`\\ #`} # end )"""
    assert text(Raw(raw)) == """up{a="x # (  y",b='\\'  #',c=`\\ #`}"""


@pytest.mark.parametrize(
    ("expr", "written"),
    [
        (Binary("-", Number(1), Binary("-", Number(2), Number(3))), "1 - (2 - 3)"),
        (Binary("-", Binary("-", Number(1), Number(2)), Number(3)), "1 - 2 - 3"),
        (Binary("^", Binary("^", Number(1), Number(2)), Number(3)), "(1 ^ 2) ^ 3"),
        (Binary("^", Number(1), Binary("^", Number(2), Number(3))), "1 ^ 2 ^ 3"),
        (Binary("^", Number(-1), Number(-2)), "(-1) ^ -2"),
        (Binary("*", Binary("+", Number(1), Number(2)), Number(3)), "(1 + 2) * 3"),
        (
            Binary(">", Selector("x"), Binary("*", Number(Decimal("14.4")), Number(Decimal("0.0010")))),
            "x > 14.4 * 0.0010",
        ),
        (Selector("x", (Matcher("a", "=~", "b|c"),), "5m", "1h"), 'x{a=~"b|c"}[5m] offset 1h'),
        (Selector("", (Matcher("__name__", "=", "x"),)), '{__name__="x"}'),
        (Selector("x", range="$__rate_interval"), "x[$__rate_interval]"),
        (Aggregate("sum", Selector("x"), by=("a", "b")), "sum by (a, b) (x)"),
        (Aggregate("topk", Selector("x"), param=Number(3)), "topk(3, x)"),
        (Aggregate("count_values", Selector("x"), param=Text("v")), 'count_values("v", x)'),
        (Aggregate("max", Selector("x"), without=("w",)), "max without (w) (x)"),
        (Binary("or", Selector("x"), Call("vector", (Number(0),)), on=()), "x or on () vector(0)"),
        (
            Binary("/", Selector("x"), Selector("y"), on=("a",), group_left=("b",)),
            "x / on (a) group_left (b) y",
        ),
        (Binary(">", Selector("x"), Number(1), bool_=True), "x > bool 1"),
        (Binary("or", Binary("and", Selector("a"), Selector("b")), Selector("c")), "(a and b) or c"),
        (Binary("or", Binary("or", Selector("a"), Selector("b")), Selector("c")), "a or b or c"),
        (Binary("and", Selector("a"), Binary(">", Selector("b"), Number(0))), "a and b > 0"),
        (Call("time"), "time()"),
        (Call("rate", (Raw("x[5m]"),)), "rate((x[5m]))"),
        (Subquery(Binary("+", Selector("x"), Number(1)), "1h", "5m"), "(x + 1)[1h:5m]"),
        (Subquery(Selector("x"), "1h"), "x[1h:]"),
    ],
)
def test_the_text_is_canonical(expr, written):
    assert text(expr) == written


@pytest.mark.parametrize(
    "expr",
    [
        Selector("a-b"),
        Selector("a b"),
        Selector(""),
        Selector("\xe9"),
        Selector("x", (Matcher("a:b", "=", ""),)),
        Selector("x", (Matcher('a="b",c', "=", ""),)),
        Selector("x", (Matcher("a", "==", ""),)),
        Selector("x", (Matcher("a", "=", "\ud800"),)),
        *(Selector("x", range=each) for each in ("", "5", "1.5h", "30m1h", "-5m", "5m]", "5m\n", "$x", "\u0665m")),
        Selector("x", offset="--5m"),
        Subquery(Selector("x"), "5m:"),
        Call("a.b"),
        Call("rate(x)or", (Selector("x"),)),
        Aggregate("rate", Selector("x")),
        Aggregate("sum", Selector("x"), by=("a",), without=("b",)),
        Aggregate("sum", Selector("x"), by=("a) (y) or sum by (b",)),
        Binary("=", Selector("x"), Selector("y")),
        Binary("+", Selector("x"), Selector("y"), bool_=True),
        Binary("+", Selector("x"), Selector("y"), on=(), ignoring=()),
        Binary("+", Selector("x"), Selector("y"), group_left=()),
        Binary("and", Selector("x"), Selector("y"), on=(), group_left=()),
    ],
    ids=ascii,
)
def test_what_is_no_promql_is_refused(expr):
    with pytest.raises(ValueError):
        text(expr)


@given(st.lists(texts, min_size=1, max_size=3), texts)
def test_alternatives_match_their_texts_only(values, other):
    pattern = any_of(values)
    for value in values:
        assert re.fullmatch(pattern, value, re.DOTALL)
    if other not in values:
        assert not re.fullmatch(pattern, other, re.DOTALL)
