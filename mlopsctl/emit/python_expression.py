"""Write Python expressions, on one line if they fit, without `repr`."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from keyword import iskeyword

from mlopsctl.emit.characters import Escapes
from mlopsctl.emit.numbers import decimal_text, float_text
from mlopsctl.emit.python_tree import Attribute, Call, Expression, Index, Name, Operation

WIDTH = 100
STEP = 4
_ESCAPES = Escapes({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}, 0x80)
_OPERATORS = frozenset(
    ("+", "-", "*", "/", "//", "%", "**", "|", "&", "==", "!=", "<", "<=", ">", ">=", "and", "or", "in", "is")
)


@lru_cache(4096)
def identifier(name: str) -> str:
    """Return the name, or raise ValueError if it is not a valid Python identifier."""
    if not (name.isascii() and name.isidentifier()) or iskeyword(name):
        raise ValueError(f"{name!a} is no identifier in Python")
    return name


@lru_cache(4096)
def dotted(name: str) -> str:
    return ".".join(map(identifier, name.split(".")))


@lru_cache(4096)
def _string(value: str) -> str:
    return '"' + value.translate(_ESCAPES) + '"'


def _number(value: int | float | Decimal) -> str:
    if isinstance(value, Decimal):
        text = decimal_text(value)
        return text.replace("e+", "e") if "." in text else text + ".0"
    return float_text(value).replace("e+", "e") if isinstance(value, float) else int.__repr__(value)


def _primary(value: Expression) -> str:
    """Write the expression to the left of a dot, a bracket or an argument list."""
    if type(value) in (Name, Attribute, Index, Call, str):
        return flat_text(value)
    return f"({flat_text(value)})"


def _operand(value: Expression, op: str) -> str:
    text = flat_text(value)
    # `**` has precedence over the sign of a number.
    return f"({text})" if type(value) is Operation or (op == "**" and text.startswith("-")) else text


def _function(call: Call) -> str:
    return dotted(call.function) if type(call.function) is str else _primary(call.function)


def _items(value: Expression) -> list[tuple[str, Expression]] | None:
    """Return the content of a value's brackets: the prefix of each item, and the item."""
    match value:
        case Call():
            keywords = [(identifier(key) + "=", item) for key, item in value.keywords.items()]
            return [("", item) for item in value.args] + keywords
        case Name() | Attribute() | Index() | Operation():
            return None
        case dict():
            return [(flat_text(key) + ": ", item) for key, item in value.items()]
        case list() | tuple():
            return [("", item) for item in value]
    return None


def _brackets(value: Expression) -> tuple[str, str]:
    match value:
        case Call():
            return _function(value) + "(", ")"
        case dict():
            return "{", "}"
        case list():
            return "[", "]"
    return "(", ")"


def flat_text(value: Expression) -> str:
    """Write an expression on one line."""
    match value:
        case str():
            return _string(value)
        case None | True | False:
            return str(value)
        case int() | float() | Decimal():
            return _number(value)
        case Name():
            return dotted(value.id)
        case Attribute():
            return f"{_primary(value.value)}.{identifier(value.name)}"
        case Index():
            return f"{_primary(value.value)}[{flat_text(value.key)}]"
        case Operation():
            if value.op not in _OPERATORS:
                raise ValueError(f"{value.op!a} is no operator in Python")
            return f"{_operand(value.left, value.op)} {value.op} {_operand(value.right, value.op)}"
    items = _items(value)
    if items is None:
        raise TypeError(f"a {type(value).__name__} cannot be written as Python")
    opening, closing = _brackets(value)
    inner = ", ".join([before + flat_text(item) for before, item in items])
    return opening + inner + ("," if type(value) is tuple and len(items) == 1 else "") + closing


def laid_out(value: Expression, indent: int, used: int, after: int, wrap: bool = False) -> str:
    """Write an expression that begins at column `used` of a line indented by `indent`.

    `after` more characters must fit on its last line. With `wrap`, parentheses may put it on its own line.
    """
    flat = flat_text(value)
    if used + len(flat) + after <= WIDTH:
        return flat
    pad, inner = " " * indent, " " * (indent + STEP)
    items = _items(value)
    if items:
        opening, closing = _brackets(value)
        lines = [
            f"{inner}{before}{laid_out(item, indent + STEP, indent + STEP + len(before), 1)},\n"
            for before, item in items
        ]
        return f"{opening}\n{''.join(lines)}{pad}{closing}"
    if type(value) is Index:
        key = laid_out(value.key, indent + STEP, indent + STEP, 0)
        return f"{_primary(value.value)}[\n{inner}{key}\n{pad}]"
    if isinstance(value, str) and "\n" in value[:-1]:
        lines = [f"{inner}{_string(line)}\n" for line in value.splitlines(keepends=True)]
        return f"(\n{''.join(lines)}{pad})"
    if wrap and indent + STEP + len(flat) <= WIDTH:
        return f"(\n{inner}{flat}\n{pad})"
    return flat
