"""Write PromQL from an expression tree.

An invalid label name or duration raises ValueError. Metrics and functions are not checked for existence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from mlopsctl.emit.characters import Escapes, check_encodable
from mlopsctl.emit.numbers import decimal_text
from mlopsctl.emit.promql_scan import single_line

AGGREGATIONS = frozenset(
    (
        *("avg", "bottomk", "count", "count_values", "group", "limit_ratio", "limitk", "max", "min"),
        *("quantile", "stddev", "stdvar", "sum", "topk"),
    )
)
_PRECEDENCE = {
    "or": 1,
    **dict.fromkeys(("and", "unless"), 2),
    **dict.fromkeys(("==", "!=", "<=", "<", ">=", ">"), 3),
    **dict.fromkeys(("+", "-"), 4),
    **dict.fromkeys(("*", "/", "%", "atan2"), 5),
    "^": 6,
}
_COMPARISON, _POWER = 3, 6
_SET_OPERATORS = frozenset(("and", "or", "unless"))
_MATCH_OPERATORS = frozenset(("=", "!=", "=~", "!~"))
# Metrics with these names, in any case, can only be selected by label.
_RESERVED = frozenset(
    (
        *("inf", "nan", "atan2", "on", "ignoring", "group_left", "group_right", "bool"),
        *("smoothed", "anchored"),
    )
)
_DURATION = re.compile(
    r"(?=\d)(?:\d+y)?(?:\d+w)?(?:\d+d)?(?:\d+h)?(?:\d+m)?(?:\d+s)?(?:\d+ms)?"
    r"|\$__(?:rate_interval|interval|range)",
    re.ASCII,
).fullmatch
_ESCAPES = Escapes({'"': '\\"', "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}, 0x110000)
_REGEX_MEANING = str.maketrans({character: "\\" + character for character in "\\.+*?()|[]{}^$"})


class Number(NamedTuple):
    """A number, written with every digit."""

    value: Decimal | int


class Text(NamedTuple):
    """A string literal, such as an argument of `label_replace`."""

    value: str


class Matcher(NamedTuple):
    """A condition on a label; for `=~` and `!~` the value is a regular expression."""

    label: str
    op: str
    value: str


class Selector(NamedTuple):
    """Series by name and labels; with a range, the samples in that range."""

    metric: str
    matchers: tuple[Matcher, ...] = ()
    range: str | None = None
    offset: str | None = None


class Subquery(NamedTuple):
    """An instant expression evaluated over a range, every `step` (empty: the global interval)."""

    expr: Expression
    range: str
    step: str = ""
    offset: str | None = None


class Call(NamedTuple):
    """A function applied to its arguments."""

    function: str
    args: tuple[Expression, ...] = ()


class Aggregate(NamedTuple):
    """An aggregation over series; `param` is the number of `topk` and `quantile`."""

    op: str
    expr: Expression
    by: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    param: Expression | None = None


class Binary(NamedTuple):
    """A binary operation. `on=()` is written, `on=None` is not."""

    op: str
    left: Expression
    right: Expression
    on: tuple[str, ...] | None = None
    ignoring: tuple[str, ...] | None = None
    group_left: tuple[str, ...] | None = None
    group_right: tuple[str, ...] | None = None
    bool_: bool = False


class Raw(NamedTuple):
    """A user's expression, which a parser has accepted."""

    text: str


Expression = Number | Text | Selector | Subquery | Call | Aggregate | Binary | Raw


def any_of(values: Iterable[str]) -> str:
    """Return the regular expression that matches exactly the given texts, for a `=~` matcher."""
    return "|".join([value.translate(_REGEX_MEANING) for value in values])


def text(expr: Expression) -> str:
    """Write an expression on one line."""
    if type(expr) is Raw:
        return single_line(expr.text)
    return _WRITERS[type(expr)](expr)


def _nested(expr: Expression) -> str:
    written = text(expr)
    return f"({written})" if type(expr) is Raw else written


def _name(name: str) -> str:
    if not (name.isascii() and name.isidentifier()):
        raise ValueError(f"{name!a} is no name in PromQL")
    return name


def _names(names: tuple[str, ...]) -> str:
    return "(" + ", ".join(map(_name, names)) + ")"


def _duration(duration: str) -> str:
    if not _DURATION(duration):
        raise ValueError(f"{duration!a} is no duration in PromQL")
    return duration


def _quoted(value: str) -> str:
    if value.isascii() and value.isprintable() and '"' not in value and "\\" not in value:
        return f'"{value}"'
    check_encodable(value)
    return '"' + value.translate(_ESCAPES) + '"'


def _number(expr: Number) -> str:
    value = expr.value
    return decimal_text(value) if isinstance(value, Decimal) else int.__repr__(value)


def _offset(offset: str | None) -> str:
    if offset is None:
        return ""
    sign = "-" if offset.startswith("-") else ""
    return f" offset {sign}{_duration(offset.removeprefix('-'))}"


def _matcher(matcher: Matcher) -> str:
    label, op, value = matcher
    if op not in _MATCH_OPERATORS:
        raise ValueError(f"{op!a} compares no label")
    return _name(label) + op + _quoted(value)


@lru_cache(maxsize=4096)
def _conditions(matchers: tuple[Matcher, ...]) -> str:
    # The same few selectors recur with many windows.
    return ",".join([_matcher(matcher) for matcher in matchers])


def _selector(expr: Selector) -> str:
    metric, matchers, range_, offset = expr
    if metric:
        _name(metric.replace(":", "_"))
    conditions = _conditions(matchers)
    if metric.lower() in _RESERVED:
        conditions = f'__name__="{metric}"' + ("," + conditions if conditions else "")
        metric = ""
    if not metric and not conditions:
        raise ValueError("a selector needs a metric or a matcher")
    written = metric + "{" + conditions + "}" if conditions else metric
    if range_ is not None:
        written += f"[{_duration(range_)}]"
    return written + _offset(offset)


def _subquery(expr: Subquery) -> str:
    inner = _nested(expr.expr)
    if type(expr.expr) is Binary or (type(expr.expr) is Selector and expr.expr.offset):
        inner = f"({inner})"
    step = _duration(expr.step) if expr.step else ""
    return f"{inner}[{_duration(expr.range)}:{step}]{_offset(expr.offset)}"


def _call(expr: Call) -> str:
    return _name(expr.function) + "(" + ", ".join([_nested(argument) for argument in expr.args]) + ")"


def _aggregate(expr: Aggregate) -> str:
    op, inner, by, without, param = expr
    if op not in AGGREGATIONS:
        raise ValueError(f"{op!a} aggregates nothing")
    if by and without:
        raise ValueError("an aggregation has `by` or `without`, not both")
    grouping = f" by {_names(by)} " if by else f" without {_names(without)} " if without else ""
    first = "" if param is None else _nested(param) + ", "
    return f"{op}{grouping}({first}{_nested(inner)})"


def _matching(expr: Binary) -> str:
    """Write the modifiers between the operator and the right side."""
    if expr.on is not None and expr.ignoring is not None:
        raise ValueError("a binary expression has `on` or `ignoring`, not both")
    grouped = expr.group_left is not None or expr.group_right is not None
    if grouped and ((expr.on is None and expr.ignoring is None) or expr.op in _SET_OPERATORS):
        raise ValueError("`group_left` and `group_right` need `on` or `ignoring`, and no set operator")
    if expr.bool_ and _PRECEDENCE[expr.op] != _COMPARISON:
        raise ValueError("`bool` belongs to a comparison")
    written = " bool" if expr.bool_ else ""
    for keyword in ("on", "ignoring", "group_left", "group_right"):
        labels = getattr(expr, keyword)
        if labels is not None:
            written += f" {keyword} {_names(labels)}"
    return written


def _side(expr: Expression, op: str, binds: int) -> str:
    """Write one side of an operator, in parentheses if its precedence is below `binds`."""
    written = _nested(expr)
    if type(expr) is Binary:
        # Parentheses make the precedence of `and` over `or` explicit.
        mixed = op in _SET_OPERATORS and expr.op in _SET_OPERATORS and expr.op != op
        return f"({written})" if mixed or _PRECEDENCE[expr.op] < binds else written
    if type(expr) is Number and binds > _POWER and expr.value < 0:
        # The sign would apply to the power.
        return f"({written})"
    return written


def _binary(expr: Binary) -> str:
    op = expr.op
    precedence = _PRECEDENCE.get(op)
    if precedence is None:
        raise ValueError(f"{op!a} is no operator in PromQL")
    from_right = precedence == _POWER
    left = _side(expr.left, op, precedence + from_right)
    right = _side(expr.right, op, precedence + (not from_right))
    plain = expr.on is expr.ignoring is expr.group_left is expr.group_right is None and not expr.bool_
    return f"{left} {op}{'' if plain else _matching(expr)} {right}"


_WRITERS: dict[type, Callable[[Any], str]] = {
    Number: _number,
    Text: lambda expr: _quoted(expr.value),
    Selector: _selector,
    Subquery: _subquery,
    Call: _call,
    Aggregate: _aggregate,
    Binary: _binary,
}
