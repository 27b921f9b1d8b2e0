"""The map of a unit of the tree: the origins of the lines of each file, for readers without mlopsctl.

It contains pieces and paths, but no lines of a spec, because those move with every edit above them.
"""

from __future__ import annotations

import json
from typing import Any

from mlopsctl.blueprint.provenance.paths import Owner
from mlopsctl.explain.pieces import pieces
from mlopsctl.tree.fileset import File, FileSet
from mlopsctl.tree.paths import SafePath

NAME = ".mlopsctl.origins.json"
FORMAT = 1


def mapped(files: FileSet, owner: Owner) -> FileSet:
    """Return a unit's files with their map."""
    return FileSet.of(files, File(SafePath.of(NAME), _text(files, owner)))


def _text(files: FileSet, owner: Owner) -> str:
    """Write the map: a line for each piece, a line for each file; lines of a file refer to pieces by number."""
    numbers: dict[str, int] = {}
    lines: dict[str, list[list[int]]] = {}
    for file in files:
        lines[file.path] = []
        for piece in pieces(file.content, owner):
            row = {"kind": piece.kind, "name": piece.name, "origins": [str(path) for path in piece.origins]}
            number = numbers.setdefault(_row(row), len(numbers))
            lines[file.path].append([piece.first, piece.last, number])
    listed = ",\n  ".join(numbers)
    file_rows = ",\n  ".join(f"{_row(path)}: {_row(spans)}" for path, spans in lines.items())
    return f'{{\n "format": {FORMAT},\n "pieces": [\n  {listed}\n ],\n "files": {{\n  {file_rows}\n }}\n}}\n'


def _row(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))
