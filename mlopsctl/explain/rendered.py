"""Compare a file of the tree on disk with the specs, without writing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from difflib import SequenceMatcher
from hashlib import sha256
from pathlib import Path
from typing import Literal, NamedTuple

from mlopsctl.diagnostics.codes import tree as codes
from mlopsctl.diagnostics.model import Diagnostic, Place, Span
from mlopsctl.tree import folder, index
from mlopsctl.tree.index import Index

_LARGEST = 64 << 20
State = Literal["rendered", "edited", "stale"]


class IndexedPath(NamedTuple):
    """A file or folder below an environment's folder. `path` is the path in the unit, empty for the whole unit."""

    output: Path
    environment: str
    unit: str
    path: str
    tree_index: Index

    @property
    def inputs(self) -> tuple[str, ...]:
        """The files that it was rendered from, relative to the project's root."""
        inputs_recorded = self.tree_index.provenance.get("inputs")
        return tuple(inputs_recorded) if isinstance(inputs_recorded, dict) else ()

    @property
    def recorded_hash(self) -> str | None:
        """The hash of the file when it was written; None for a file that no render wrote."""
        return self.tree_index.units.get(self.unit, {}).get(self.path)


def indexed_path(path: Path) -> IndexedPath | None:
    """Find the index above a resolved file or folder; None if no render wrote anything there."""
    for above in (path, *path.parents):
        if (above / index.NAME).is_file():
            with _opened(above) as descriptor:
                index_found, _ = index.read(descriptor, above.name)
            unit, *rest = path.relative_to(above).parts or ("",)
            return IndexedPath(above.parent, above.name, unit, "/".join(rest), index_found) if index_found else None
    return None


def text(path: Path) -> str:
    """Read a resolved file; bytes that are not text are shown as such."""
    with _opened(path.parent) as descriptor:
        return folder.read(descriptor, path.name, _LARGEST).decode("utf-8", errors="replace")


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def state(location: IndexedPath, text: str, content: str) -> State:
    """Return the state of a file: as rendered, edited by hand, or stale."""
    if text == content:
        return "rendered"
    return "stale" if sha256(text.encode()).hexdigest() == location.recorded_hash else "edited"


def line_of(text: str, content: str, line: int) -> int | None:
    """Return the rendered line of a line on disk; None for a line that no render wrote."""
    if text == content:
        return line
    matched = SequenceMatcher(None, text.split("\n"), content.split("\n"), autojunk=False).get_matching_blocks()
    shifts = (block.b - block.a for block in matched if block.a < line <= block.a + block.size)
    return next((line + shift for shift in shifts), None)


def finding(state: State, file: str, line: int, *, is_rendered: bool) -> Diagnostic | None:
    """Return the diagnostic about a file that is not as rendered; `is_rendered`: a render wrote the line."""
    if state == "rendered":
        return None
    code = codes.EXPLAINED_EDIT if state == "edited" else codes.EXPLAINED_STALE
    remark = "" if is_rendered else ", and the specs have no such line"
    return code.at(Place(Span(file, line, 1, line, 1)), f"{code.title}{remark}")
