"""Parse a spec's bytes into a tree of nodes with positions; no input raises, hangs, recurses or runs code."""

from __future__ import annotations

from pathlib import Path

from mlopsctl.diagnostics.codes import reading
from mlopsctl.diagnostics.model import Diagnostic, Place, Span
from mlopsctl.source.decode import decode
from mlopsctl.source.file import read_bytes
from mlopsctl.source.lines import split
from mlopsctl.source.node import Node, Scalar

__all__ = ["read", "read_bytes", "read_file"]


def read(data: bytes, file: str) -> tuple[Node | None, tuple[Diagnostic, ...]]:
    """Return the tree of a file's first document, and the diagnostics.

    The tree is None if the text could not be read to its end. With diagnostics such as a duplicate key or
    a tag it is returned, so that the rest can be checked in the same run.
    """
    text, findings = decode(data, file)
    if text is None:
        return None, findings
    if directive := find_directive(text, file):
        return None, (*findings, directive)
    node, more = grow(text, file)
    return node, (*findings, *more)


def read_file(path: str | Path, display: str) -> tuple[Node | None, tuple[Diagnostic, ...]]:
    """Read the file at `path`; diagnostics and spans call it `display`."""
    data, findings = read_bytes(path, display)
    return (None, findings) if data is None else read(data, display)


def grow(text: str, file: str) -> tuple[Node | None, tuple[Diagnostic, ...]]:
    """Return the tree of a text without directives, and the diagnostics."""
    from mlopsctl.source.events import InvalidYaml, events
    from mlopsctl.source.tree import Tree

    tree = Tree(file, text)
    for event in events(text.encode()):
        if type(event) is InvalidYaml:
            from mlopsctl.source.syntax import explain

            return None, (*tree.findings, explain(event, file, text))
        tree.take(event)
        if tree.stopped:
            break
    if tree.whole and is_empty(tree.root):
        tree.findings.append(reading.EMPTY_FILE.at(Place(Span(file, 1, 1, 1, 1)), "the file is empty"))
    return tree.root if tree.whole and not is_empty(tree.root) else None, tuple(tree.findings)


def is_empty(root: Node | None) -> bool:
    """Return whether a file is empty: no document, or a document that is null."""
    return root is None or (isinstance(root, Scalar) and root.value is None)


def find_directive(text: str, file: str) -> Diagnostic | None:
    """Report the first line that begins with `%`.

    This comes before parsing because libyaml compares each `%TAG` with all before it: 1 MiB of them would
    keep it busy for minutes.
    """
    if not text.startswith("%") and "\n%" not in text and "\r%" not in text:
        return None
    lines = split(text)
    line = next(i for i, content in enumerate(lines, 1) if content.startswith("%"))
    place = Place(Span(file, line, 1, line, 1 + len(lines[line - 1].rstrip())))
    return reading.DIRECTIVE.at(place, "a line that begins with `%` is a directive")
