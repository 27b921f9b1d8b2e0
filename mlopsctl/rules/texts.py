"""Texts: template syntax that another program would evaluate, and plaintext secrets."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from mlopsctl.catalogue.template_syntax import MARKERS, template_markers
from mlopsctl.diagnostics.codes import policy as codes
from mlopsctl.diagnostics.codes.entry import Code
from mlopsctl.diagnostics.model import Diagnostic, Place, Span
from mlopsctl.resolve.origin import Origin, SourceText
from mlopsctl.rules.finding import Path
from mlopsctl.secrets.names import is_ordinary, is_secret_name
from mlopsctl.secrets.values import conceal, has_secret, is_secret, option

_PLAIN_TYPES = frozenset({"string", "bool", "bytes", "int32", "int64", "float32", "float64", "timestamp"})
_EXPRESSIONS = frozenset({"expr", "query"})
_NAME_MAPS = frozenset({"columns", "fields", "request", "inputs", "outputs"})
_MANIFESTS = "patches"
"""The section of the spec with parts of Kubernetes objects, where template syntax is meant for the object's reader."""
_USERS = frozenset({"params", "tags", "labels"})
"""Maps with keys chosen by the user."""


@cache
def _variable() -> re.Pattern[str]:
    return re.compile(r"\$\{vars\.[^}]*\}")


def texts(origins: Iterable[Origin], *, filled: bool) -> Iterator[Diagnostic]:
    """Check every key and text of the documents, including overrides and parts that could not be read.

    In `filled` documents, `${vars.x}` is a variable of the spec and not template syntax.
    """
    for origin in origins:
        before = None
        for text in origin.source_texts():
            if text.is_key:
                yield from _key_text(text)
            else:
                yield from _text(text, _called(text, before), filled)
            before = text


def _key_text(written: SourceText) -> Iterator[Diagnostic]:
    if has_secret(written.text):
        yield _finding(codes.PLAINTEXT_SECRET, written.span, written.path[:-1], "a key looks like a secret")
    elif (
        _MANIFESTS not in written.path[:2]
        and "params" in written.path[:-1]
        and (markers := template_markers(written.text))
    ):
        # Elsewhere a key is a name, and names cannot contain template syntax.
        message = f"`{markers[0]}` would be evaluated by {MARKERS[markers[0]]}"
        yield _finding(codes.TEMPLATE_MARKER, written.span, written.path[:-1], message)


def _text(written: SourceText, called: str, filled: bool) -> Iterator[Diagnostic]:
    """Check one text: for a secret first, else for template syntax."""
    if _is_secret(written.path, written.text) or (called and is_secret(called, written.text)):
        name = conceal(called) or _key(written.path)
        yield _finding(codes.PLAINTEXT_SECRET, written.span, written.path, f"the value of `{name}` looks like a secret")
    elif _key(written.path) not in _EXPRESSIONS and _MANIFESTS not in written.path[:2]:
        # A variable's value is checked where it is defined; an undefined variable is reported elsewhere.
        markers = template_markers(_variable().sub("", written.text) if filled else written.text)
        if markers:
            message = f"`{markers[0]}` would be evaluated by {MARKERS[markers[0]]}"
            yield _finding(codes.TEMPLATE_MARKER, written.span, written.path, message)


def _finding(code: Code, span: Span, path: Path, message: str) -> Diagnostic:
    return code.at(Place(span), message, path=".".join(map(str, path)))


def _key(path: Path) -> str:
    """Return the key of a value or of the list that contains it."""
    return next((part for part in reversed(path) if isinstance(part, str)), "")


def _called(written: SourceText, before: SourceText | None) -> str:
    """Return the option before a list item: `--password` for `x` in `[--password, x]`."""
    if (
        before is None
        or before.is_key
        or len(written.path) != len(before.path)
        or written.path[:-1] != before.path[:-1]
    ):
        return ""
    return option(before.text) if isinstance(written.path[-1], int) else ""


def _is_secret(path: Path, text: str) -> bool:
    """Return whether a text is a known credential format, or an unusual value under a secret's key."""
    if has_secret(text):
        return True
    key = _key(path).rpartition(".")[2]
    users = bool(_USERS.intersection(path))
    if text in _PLAIN_TYPES or _NAME_MAPS.intersection(path) or (key == "secret" and not users):
        return False
    # In the user's own maps, a secret's key also covers the keys below it: `credentials: {value: x}`.
    within = users and any(isinstance(part, str) and is_secret_name(part) for part in path[:-1])
    return is_secret(key, text) or (within and not is_ordinary(text))
