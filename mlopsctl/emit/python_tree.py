"""The tree that Python modules are written from.

Plain str, int, float, Decimal, bool, None, list, tuple and dict are literals (a Decimal becomes a float literal of the
same digits).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import Any, NamedTuple

_NOTHING: Mapping[str, Any] = MappingProxyType({})


class Name(NamedTuple):
    """A name, with or without dots: `Int64`, `pd.DataFrame`."""

    id: str


class Attribute(NamedTuple):
    """An attribute of a value."""

    value: Expression
    name: str


class Index(NamedTuple):
    """A subscript: `view[["a", "b"]]`."""

    value: Expression
    key: Expression


class Call(NamedTuple):
    """A call; a string is the dotted name of the function."""

    function: Expression
    args: tuple[Expression, ...] = ()
    keywords: Mapping[str, Expression] = _NOTHING


class Operation(NamedTuple):
    """Two values and an operator; nested ones get parentheses."""

    left: Expression
    op: str
    right: Expression


class Import(NamedTuple):
    """`import module`, or `import module as alias`."""

    module: str
    alias: str = ""


class FromImport(NamedTuple):
    """`from module import names`, in the order given."""

    module: str
    names: tuple[str, ...]


class Gap(NamedTuple):
    """An empty line between groups of imports."""


class Assign(NamedTuple):
    """An assignment to a name (given as text or node), an attribute or a subscript."""

    target: Expression
    value: Expression
    annotation: Expression = None


class Return(NamedTuple):
    """`return value`."""

    value: Expression


class Expr(NamedTuple):
    """An expression on a line of its own."""

    value: Expression


class If(NamedTuple):
    """`if test:` and its body."""

    test: Expression
    body: Sequence[Statement]


class Function(NamedTuple):
    """A function; `parameters` maps each name to its type, None for a parameter without one."""

    name: str
    parameters: Mapping[str, Expression] = _NOTHING
    body: Sequence[Statement] = ()
    returns: Expression = None
    decorators: Sequence[Expression] = ()
    docstring: str = ""


class Class(NamedTuple):
    """A class and its bases."""

    name: str
    bases: Sequence[Expression] = ()
    body: Sequence[Statement] = ()
    decorators: Sequence[Expression] = ()
    docstring: str = ""


class About(NamedTuple):
    """A statement of a module or function, with its origin."""

    pieces: tuple[Any, ...]
    statement: Statement


# Lists contain expressions recursively, which a type checker cannot express here.
Expression = (
    Name
    | Attribute
    | Index
    | Call
    | Operation
    | str
    | int
    | float
    | Decimal
    | list[Any]
    | tuple[Any, ...]
    | dict[Any, Any]
    | None
)
Statement = Import | FromImport | Gap | Assign | Return | Expr | If | Function | Class | About
