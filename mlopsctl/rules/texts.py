"""Texts: nothing that another program would evaluate, nothing that looks like a secret."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from mlopsctl.catalogue.markers import MARKERS, template_markers
from mlopsctl.diagnostics.codes import policy as codes
from mlopsctl.diagnostics.codes.entry import Code
from mlopsctl.diagnostics.model import Diagnostic, Place, Span
from mlopsctl.diagnostics.secrets import has_secret
from mlopsctl.resolve.model import Origin
from mlopsctl.source.node import Items, Node, Path, Scalar

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
        yield from _look(origin.node, (), filled)


def _look(node: Node, path: Path, filled: bool) -> Iterator[Diagnostic]:
    if isinstance(node, Scalar):
        yield from _leaf(node, path, filled)
    elif isinstance(node, Items):
        for i, value in enumerate(node.values):
            yield from _look(value, (*path, i), filled)
    else:
        for key, entry in node.entries.items():
            if has_secret(key):
                yield _found(codes.PLAINTEXT_SECRET, entry.key, path, "a key looks like a secret")
            else:
                yield from _look(entry.value, (*path, key), filled)


def _leaf(leaf: Scalar, path: Path, filled: bool) -> Iterator[Diagnostic]:
    """Look at one text: a secret is not looked at further."""
    if not isinstance(leaf.value, str) or not path:
        return
    if _is_secret(path, leaf.value):
        yield _found(codes.PLAINTEXT_SECRET, leaf.span, path, f"the value of `{_key(path)}` looks like a secret")
    elif _key(path) not in _EXPRESSIONS:
        # What a variable stands for is looked at where it is defined; one that nothing defines is reported as such.
        markers = template_markers(_variable().sub("", leaf.value) if filled else leaf.value)
        if markers:
            message = f"`{markers[0]}` would be evaluated by {MARKERS[markers[0]]}"
            yield _found(codes.TEMPLATE_MARKER, leaf.span, path, message)


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
    return _telling().search(key.rpartition(".")[2]) is not None
