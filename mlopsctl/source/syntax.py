"""Turn a parser error into a diagnostic with a help text."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from mlopsctl.diagnostics.codes import reading
from mlopsctl.diagnostics.codes.entry import Code
from mlopsctl.diagnostics.model import Diagnostic, Place, Span
from mlopsctl.source.events import InvalidYaml
from mlopsctl.source.lines import clamped, split

QUOTE_IT = "put the text in quotes"
ALIGN = "give it the indentation of its neighbours, or put the text before it in quotes"


class ParserState(NamedTuple):
    """The parser's position, and the start of the construct that it was reading."""

    file: str
    lines: list[str]
    problem: Span
    context: Span | None
    at_end: bool

    def line(self) -> str:
        """Return the text of the line of the problem."""
        return self.lines[self.problem.line - 1]

    def character(self) -> str:
        """Return the character at the problem, or an empty string at the end of a line."""
        return self.line()[self.problem.column - 1 : self.problem.column]

    def begun(self) -> Span:
        """Return the start of the construct that the parser was reading."""
        return self.context or self.problem


Explain = Callable[[ParserState], Diagnostic]


def simple(code: Code, message: str, hint: str = "") -> Explain:
    """Explain in one sentence, at the place of the problem."""
    return lambda where: code.at(Place(where.problem), message, help=hint)


def from_start(message: str, hint: str = "", label: str = "") -> Explain:
    """Explain in one sentence, at the start of the construct."""
    return lambda where: reading.SYNTAX.at(Place(where.begun(), label), message, help=hint)


def misfit(kind: str) -> Explain:
    """Explain an entry that does not fit its mapping or list."""

    def explain(where: ParserState) -> Diagnostic:
        if where.character() == ":":
            return reading.SYNTAX.at(Place(where.problem), "a key is missing before this `:`", help=QUOTE_IT)
        message = f"this does not belong to the {kind} it stands in"
        related = (Place(where.context, f"the {kind} begins here"),) if where.context else ()
        return reading.SYNTAX.at(Place(where.problem), message, help=ALIGN, related=related)

    return explain


def unclosed(opening: str, closing: str) -> Explain:
    """Explain a bracket that is never closed, or another character in its place."""

    def explain(where: ParserState) -> Diagnostic:
        if where.at_end:
            return from_start(f"this `{opening}` is never closed", f"add `{closing}`")(where)
        related = (Place(where.begun(), "for this one"),)
        message = f"expected `,` or `{closing}`"
        return reading.SYNTAX.at(Place(where.problem), message, related=related, help=QUOTE_IT)

    return explain


def invalid_start(where: ParserState) -> Diagnostic:
    """Explain a character that cannot start a token."""
    character = "a backtick" if where.character() == "`" else f"`{where.character()}`"
    return reading.SYNTAX.at(Place(where.problem), f"{character} cannot begin a value", help=QUOTE_IT)


def no_value(where: ParserState) -> Diagnostic:
    """Explain a missing value."""
    character = where.character()
    return reading.SYNTAX.at(
        Place(where.problem), f"expected a value, found `{character}`" if character else "expected a value"
    )


def not_a_pair(where: ParserState) -> Diagnostic:
    """Explain a line without a colon between lines that have one."""
    message = "this is neither a `key: value` nor an item of a list"
    return reading.SYNTAX.at(Place(where.begun()), message, help="add `: ` after the key, or align the line")


# The first entry whose words occur in the parser's message is used; libyaml and PyYAML differ in wording.
EXPLANATIONS: tuple[tuple[str, Explain], ...] = (
    ("tab character", simple(reading.TAB, "a tab cannot indent")),
    ("that cannot start any token", invalid_start),
    (
        "mapping values are not allowed",
        simple(
            reading.SYNTAX,
            "a `:` cannot stand here",
            'put text that holds ": " in quotes, or give the line the indentation of its neighbours',
        ),
    ),
    ("sequence entries are not allowed", simple(reading.SYNTAX, "an item of a list begins on its own line")),
    (
        "found unexpected end of stream",
        from_start("this quoted text is never closed", "add the closing quote"),
    ),
    (
        "unexpected document indicator",
        from_start("this quoted text is never closed", "add the closing quote"),
    ),
    ("could not find expected ':'", not_a_pair),
    ("while parsing a flow sequence", unclosed("[", "]")),
    ("while parsing a flow mapping", unclosed("{", "}")),
    ("escape", simple(reading.BAD_ESCAPE, "this escape sequence is not valid in YAML")),
    ("hexdecimal", simple(reading.BAD_ESCAPE, "this escape sequence is incomplete")),
    ("hexadecimal", simple(reading.BAD_ESCAPE, "this escape sequence is incomplete")),
    ("anchor", simple(reading.SYNTAX, "`&` and `*` begin an anchor and an alias, and need a name", QUOTE_IT)),
    (
        "an alias",
        simple(reading.SYNTAX, "`&` and `*` begin an anchor and an alias, and need a name", QUOTE_IT),
    ),
    ("tag", simple(reading.TAG, "`!` begins a tag", QUOTE_IT)),
    ("block scalar", from_start("this block of text is not well-formed", "write `|`, and indent the text")),
    ("while parsing a block mapping", misfit("mapping")),
    ("while parsing a block collection", misfit("list")),
    ("node content", no_value),
    ("expected the node content", no_value),
    ("document start", simple(reading.SYNTAX, "this stands behind the end of the document")),
)


def explain(broken: InvalidYaml, file: str, text: str) -> Diagnostic:
    """Return the diagnostic for a text that is not YAML."""
    where = place(broken, file, split(text))
    if tab := leading_tab(where):
        return reading.TAB.at(Place(tab), "a tab cannot indent")
    problem = f"{broken.text_of('problem')} {broken.text_of('context')}"
    for needle, explanation in EXPLANATIONS:
        if needle in problem:
            return explanation(where)
    # The remaining errors have no mark: escapes and numbers that the pure Python parser cannot convert.
    if broken.mark("problem") is None:
        return reading.BAD_ESCAPE.at(Place(where.problem), "an escape in this file stands for no character")
    return reading.SYNTAX.at(Place(where.problem), f"not YAML: {broken.text_of('problem')}")


def place(broken: InvalidYaml, file: str, lines: list[str]) -> ParserState:
    """Return the parser's position as places inside the file."""
    problem, context = broken.mark("problem"), broken.mark("context")
    line, column = (problem.line, problem.column) if problem else (0, 0)
    rest = lines[line][column:] if line < len(lines) else ""
    at_end = not rest.strip() and not any(text.strip() for text in lines[line + 1 :])
    begun = clamped(file, lines, context.line, context.column) if context else None
    return ParserState(file, lines, clamped(file, lines, line, column), begun, at_end)


def leading_tab(where: ParserState) -> Span | None:
    """Return the tab in the indentation of the line of the problem, if there is one."""
    text = where.line()
    indent = text[: len(text) - len(text.lstrip())]
    if "\t" not in indent:
        return None
    return Span(where.file, where.problem.line, indent.index("\t") + 1, where.problem.line, indent.index("\t") + 2)
