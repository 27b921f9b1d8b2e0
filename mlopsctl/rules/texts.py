"""Texts: nothing that another program would evaluate, nothing that looks like a secret."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlopsctl.catalogue.markers import MARKERS, template_markers
from mlopsctl.diagnostics.codes import policy as codes
from mlopsctl.diagnostics.codes.entry import Code
from mlopsctl.diagnostics.model import Diagnostic, Place
from mlopsctl.resolve.model import Landscape, Origin, System
from mlopsctl.source.node import Path, leaves

_KNOWN = re.compile(
    r"AKIA[0-9A-Z]{16}|ASIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}"
    r"|glpat-[A-Za-z0-9_-]{20,}|xox[abprs]-[A-Za-z0-9-]{10,}|sk-[A-Za-z0-9_-]{20,}|sk_live_[A-Za-z0-9]{16,}"
    r"|AIza[0-9A-Za-z_-]{35}|ya29\.[0-9A-Za-z_-]{20,}|npm_[A-Za-z0-9]{36}|pypi-[A-Za-z0-9_-]{40,}"
    r"|hvs\.[A-Za-z0-9_-]{20,}|dapi[0-9a-f]{32}|SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----|eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\."
    r"|hooks\.slack\.com/services/T[A-Za-z0-9]+/B[A-Za-z0-9]+/[A-Za-z0-9]+"
    r"|[a-z][a-z0-9+.-]*://[^/\s:@]+:[^/\s:@]+@|AccountKey=[A-Za-z0-9+/=]{20,}|[?&](?:sig|token|password)=[^&\s]{8,}"
)
_TELLING = re.compile(
    r"(?i)pass(?:word|wd|phrase)|secret|api_?key|access_?key|auth_?token|^token$|credential|private_?key"
)
_PLAIN_TYPES = frozenset({"string", "bool", "bytes", "int32", "int64", "float32", "float64", "timestamp"})
_EXPRESSIONS = ("expr", "query")


def texts(system: System) -> Iterator[Diagnostic]:
    """Look at every text of the spec, overrides included."""
    yield from _texts(system.origin)


def workspace_texts(landscape: Landscape) -> Iterator[Diagnostic]:
    """Look at every text of the workspace."""
    if landscape.workspace.origin:
        yield from _texts(landscape.workspace.origin)


def _texts(origin: Origin) -> Iterator[Diagnostic]:
    for path, leaf in leaves(origin.node):
        if not isinstance(leaf.value, str):
            continue
        if _is_secret(path, leaf.value):
            message = f"the value of `{path[-1]}` looks like a secret"
            yield _found(codes.PLAINTEXT_SECRET, leaf.span, path, message)
        elif path[-1] not in _EXPRESSIONS and (markers := template_markers(leaf.value)):
            message = f"`{markers[0]}` would be evaluated by {MARKERS[markers[0]]}"
            yield _found(codes.TEMPLATE_MARKER, leaf.span, path, message)


def _found(code: Code, span: object, path: Path, message: str) -> Diagnostic:
    return code.at(Place(span), message, path=".".join(map(str, path)))  # type: ignore[arg-type]


def _is_secret(path: Path, text: str) -> bool:
    """Tell a known form of credential, or a value under a telling key that no reference explains."""
    if _KNOWN.search(text):
        return True
    key = str(path[-1])
    if not _TELLING.search(key) or "columns" in path or "fields" in path or "request" in path:
        return False
    return key != "secret" and text not in _PLAIN_TYPES and len(text) >= 6


RULES = (texts,)
LANDSCAPE_RULES = (workspace_texts,)
