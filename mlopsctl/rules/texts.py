"""Texts: nothing that another program would evaluate, nothing that looks like a secret."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache

from mlopsctl.catalogue.markers import MARKERS, template_markers
from mlopsctl.diagnostics.codes import policy as codes
from mlopsctl.diagnostics.codes.entry import Code
from mlopsctl.diagnostics.model import Diagnostic, Place, Span
from mlopsctl.diagnostics.secrets import has_secret
from mlopsctl.resolve.model import Origin, Written
from mlopsctl.rules.finding import Path

_PLAIN_TYPES = frozenset({"string", "bool", "bytes", "int32", "int64", "float32", "float64", "timestamp"})
_EXPRESSIONS = frozenset({"expr", "query"})
_NAMED = frozenset({"columns", "fields", "request", "inputs", "outputs"})
_SHORTEST = 6


@cache
def _telling() -> re.Pattern[str]:
    """Return what a key says whose value is a secret."""
    return re.compile(
        r"(?i)pass(?:word|wd|phrase)|(?:^|[_.-])pwd$|secret(?!ar)|api[_-]?key|access[_-]?key|account[_-]?key|signing[_-]?key"
        r"|(?:auth|access|api|bearer|refresh)[_-]?token|^token$|credential|private[_-]?key|connection[_-]?string"
    )


@cache
def _variable() -> re.Pattern[str]:
    return re.compile(r"\$\{vars\.[^}]*\}")


def texts(origins: Iterable[Origin], *, filled: bool) -> Iterator[Diagnostic]:
    """Look at every key and text of the documents, overrides included, whether or not they were understood.

    In documents that are `filled` a variable is no text that another program would evaluate.
    """
    for origin in origins:
        for one in origin.written():
            if one.is_key:
                yield from _key_text(one)
            else:
                yield from _text(one, filled)


def _key_text(one: Written) -> Iterator[Diagnostic]:
    if has_secret(one.text):
        yield _found(codes.PLAINTEXT_SECRET, one.span, one.path[:-1], "a key looks like a secret")
    elif "params" in one.path[:-1] and (markers := template_markers(one.text)):
        # Elsewhere a key is a name, and one with a mark in it is none.
        message = f"`{markers[0]}` would be evaluated by {MARKERS[markers[0]]}"
        yield _found(codes.TEMPLATE_MARKER, one.span, one.path[:-1], message)


def _text(one: Written, filled: bool) -> Iterator[Diagnostic]:
    """Look at one text: a secret is not looked at further."""
    if _is_secret(one.path, one.text):
        yield _found(codes.PLAINTEXT_SECRET, one.span, one.path, f"the value of `{_key(one.path)}` looks like a secret")
    elif _key(one.path) not in _EXPRESSIONS:
        # What a variable stands for is looked at where it is defined; one that nothing defines is reported as such.
        markers = template_markers(_variable().sub("", one.text) if filled else one.text)
        if markers:
            message = f"`{markers[0]}` would be evaluated by {MARKERS[markers[0]]}"
            yield _found(codes.TEMPLATE_MARKER, one.span, one.path, message)


def _found(code: Code, span: Span, path: Path, message: str) -> Diagnostic:
    return code.at(Place(span), message, path=".".join(map(str, path)))


def _key(path: Path) -> str:
    """Return the key that a value stands under, by itself or in a list."""
    return next((part for part in reversed(path) if isinstance(part, str)), "")


def _is_secret(path: Path, text: str) -> bool:
    """Tell a known form of credential, or a value under a telling key that is no name and no type."""
    if has_secret(text):
        return True
    key = _key(path)
    if len(text) < _SHORTEST or key == "secret" or text in _PLAIN_TYPES or _NAMED.intersection(path):
        return False
    return _tells(key.rpartition(".")[2])


@lru_cache(maxsize=4096)
def _tells(key: str) -> bool:
    return _telling().search(key) is not None
