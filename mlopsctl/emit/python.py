"""Write Python modules from a small tree of statements and expressions, without `repr`.

An invalid identifier raises ValueError, any other kind of value TypeError. A string is a dotted name where a literal
makes no sense (a function, an annotation, a base, a decorator, a target).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from mlopsctl.emit.characters import Escapes
from mlopsctl.emit.origin import Pieces, is_recording, located
from mlopsctl.emit.python_expression import STEP, WIDTH, dotted, flat_text, identifier, laid_out
from mlopsctl.emit.python_tree import (
    About,
    Assign,
    Attribute,
    Call,
    Class,
    Expr,
    Expression,
    FromImport,
    Function,
    Gap,
    If,
    Import,
    Index,
    Name,
    Operation,
    Return,
    Statement,
)

__all__ = [
    "Assign",
    "Attribute",
    "Call",
    "Class",
    "Expr",
    "Expression",
    "FromImport",
    "Function",
    "Gap",
    "If",
    "Import",
    "Index",
    "Name",
    "Operation",
    "Return",
    "Statement",
    "about",
    "identifier",
    "module",
]

_DOCSTRING_ESCAPES = Escapes({"\\": "\\\\", "\t": "\\t", "\r": "\\r"}, 0x80)


def module(docstring: str, statements: Iterable[Statement]) -> str:
    """Write a module; it ends with a newline."""
    all_statements = tuple(statements)
    bare = tuple(map(_bare, all_statements)) if is_recording() else all_statements
    parts = [_docstring(docstring, 0), _statements(bare, 0)]
    gap = "\n\n" if bare and isinstance(bare[0], Function | Class) else "\n"
    return located(gap.join([part for part in parts if part]), _spans_of(all_statements))


def about(things: Pieces, statement: Statement) -> Statement:
    """Return the statement of a module or a function, with its origin if origins are recorded."""
    return About(things, statement) if is_recording() else statement


def _bare(statement: Statement) -> Statement:
    """Return the statement without the origins of it and its children."""
    if type(statement) is About:
        return _bare(statement.statement)
    if type(statement) is Function:
        return statement._replace(body=tuple(map(_bare, statement.body)))
    return statement


def _spans_of(statements: Iterable[Statement], indent: int = 0) -> Iterator[tuple[str, Pieces]]:
    for statement in statements:
        if type(statement) is About:
            yield _statement(_bare(statement), indent), statement.pieces
        elif type(statement) is Function:
            yield from _spans_of(statement.body, indent + STEP)


def _dedented(text: str) -> list[str]:
    """Return the lines without trailing blanks, and those after the first without their common indentation."""
    first, *rest = [line.rstrip(" ") for line in text.strip(" \t\r\n").split("\n")]
    common = min([len(line) - len(line.lstrip(" ")) for line in rest if line], default=0)
    return [first, *(line[common:] for line in rest)]


def _docstring(text: str, indent: int) -> str:
    """Write a docstring with its newline; nothing for an empty one."""
    pad = " " * indent
    lines = [line.translate(_DOCSTRING_ESCAPES) for line in _dedented(text)]
    body = "\n".join([lines[0], *(pad + line if line else "" for line in lines[1:])])
    body = body.replace('"""', '\\"\\"\\"')
    if not body:
        return ""
    if body[0] == '"':
        body = " " + body
    if len(lines) > 1:
        return f'{pad}"""{body}\n{pad}"""\n'
    return f'{pad}"""{body}{" " if body[-1] == chr(34) else ""}"""\n'


def _import(statement: Import | FromImport, pad: str) -> str:
    if type(statement) is Import:
        alias = f" as {identifier(statement.alias)}" if statement.alias else ""
        return f"{pad}import {dotted(statement.module)}{alias}\n"
    assert type(statement) is FromImport  # noqa: S101 - for the type checker
    names = list(map(identifier, statement.names))
    start = f"{pad}from {dotted(statement.module)} import "
    line = start + ", ".join(names)
    if len(line) <= WIDTH:
        return line + "\n"
    return f"{start}(\n" + "".join([f"{pad}    {name},\n" for name in names]) + f"{pad})\n"


def _named(value: Expression) -> str:
    """Write an expression; a string is a dotted name here."""
    return dotted(value) if type(value) is str else flat_text(value)


def _annotation(value: Expression) -> str:
    return value if value == "None" and type(value) is str else _named(value)


def _assign(statement: Assign, indent: int) -> str:
    start = " " * indent + _named(statement.target)
    if statement.annotation is not None:
        start += f": {_annotation(statement.annotation)}"
    start += " = "
    return start + laid_out(statement.value, indent, len(start), 0, wrap=True) + "\n"


def _decorated(statement: Function | Class, indent: int) -> str:
    start = " " * indent + "@"
    return "".join(
        [
            f"{start}{_named(decorator) if type(decorator) is str else laid_out(decorator, indent, len(start), 0)}\n"
            for decorator in statement.decorators
        ]
    )


def _parameter(name: str, kind: Expression) -> str:
    return identifier(name) + ("" if kind is None else f": {_annotation(kind)}")


def _signature(function: Function, indent: int) -> str:
    pad = " " * indent
    parameters = [_parameter(name, kind) for name, kind in function.parameters.items()]
    start = f"{pad}def {identifier(function.name)}("
    end = ")" + ("" if function.returns is None else f" -> {_annotation(function.returns)}") + ":\n"
    line = start + ", ".join(parameters) + end
    if len(line) - 1 <= WIDTH or not parameters:
        return line
    return start + "\n" + "".join([f"{pad}    {parameter},\n" for parameter in parameters]) + pad + end


def _class(statement: Class, indent: int) -> str:
    bases = "(" + ", ".join(map(_named, statement.bases)) + ")" if statement.bases else ""
    return f"{' ' * indent}class {identifier(statement.name)}{bases}:\n"


def _block(statement: Function | Class, indent: int) -> str:
    docstring = _docstring(statement.docstring, indent)
    body = _statements(tuple(statement.body), indent)
    if docstring and body and type(statement) is Class:
        docstring += "\n"
    return docstring + body or " " * indent + "pass\n"


def _statement(statement: Statement, indent: int) -> str:
    pad = " " * indent
    match statement:
        case Import() | FromImport():
            return _import(statement, pad)
        case Assign():
            return _assign(statement, indent)
        case Return():
            return f"{pad}return {laid_out(statement.value, indent, indent + 7, 0, wrap=True)}\n"
        case Expr():
            return f"{pad}{laid_out(statement.value, indent, indent, 0)}\n"
        case If():
            return f"{pad}if {flat_text(statement.test)}:\n" + _statements(tuple(statement.body), indent + STEP)
        case Function():
            head = _decorated(statement, indent) + _signature(statement, indent)
            return head + _block(statement, indent + STEP)
        case Class():
            head = _decorated(statement, indent) + _class(statement, indent)
            return head + _block(statement, indent + STEP)
    raise TypeError(f"a {type(statement).__name__} is no statement")


def _blank_lines(before: Statement, after: Statement, indent: int) -> int:
    """Return the number of empty lines between two statements."""
    if isinstance(before, Function | Class) or isinstance(after, Function | Class):
        return 1 if indent else 2
    if isinstance(before, Import | FromImport) and isinstance(after, Import | FromImport):
        return 0
    return 0 if indent else 1


def _statements(statements: Sequence[Statement], indent: int) -> str:
    parts: list[str] = []
    before: Statement | None = None
    gap = 0
    for statement in statements:
        if type(statement) is Gap:
            gap = 1
            continue
        if before is not None:
            parts.append("\n" * max(gap, _blank_lines(before, statement, indent)))
        parts.append(_statement(statement, indent))
        before, gap = statement, 0
    return "".join(parts)
