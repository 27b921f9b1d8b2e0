"""Answers as plain data: what a line is about, what a file is about, what a path reaches.

In: pieces and places. Out: dictionaries of plain values, from which every format is made. Never words for a person.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from mlopsctl.blueprint.origins.paths import SpecPath
from mlopsctl.blueprint.reasons import Reason
from mlopsctl.diagnostics import json as json_format
from mlopsctl.diagnostics.model import Place
from mlopsctl.explain.pieces import Piece
from mlopsctl.explain.places import Places, Where

Json = dict[str, Any]


class Source(NamedTuple):
    """A rendered file: its path from the project's root, its unit and its path there, and what of it is about what."""

    file: str
    unit: str
    path: str
    pieces: tuple[Piece, ...]


def place(where: Where) -> Json:
    """Return a path with its place."""
    path = str(where.path)
    found = json_format.place(Place(where.span, path)) if where.span else None
    return {"path": path, "set": where.is_set, "overridden": where.overridden, "place": found}


def piece(one: Piece, places: Places) -> Json:
    """Return what some lines are about, why its numbers are what they are, and where all that stands."""
    return {
        "kind": one.kind,
        "name": one.name,
        "lines": [one.first, one.last],
        "reasons": [
            {"values": list(why.values), "sentence": why.sentence, "origins": _deciding(why, places)}
            for why in one.reasons
        ],
        "origins": _placed(one.origins, places),
    }


def _deciding(why: Reason, places: Places) -> list[Json]:
    """Return the places of a reason: where one of several decides, none behind it."""
    placed = _placed(why.paths, places)
    last = next((number for number, one in enumerate(placed) if one["set"]), len(placed)) if why.one else len(placed)
    return placed[: last + 1]


def _placed(paths: Iterable[SpecPath], places: Places) -> list[Json]:
    return [place(places.where(path)) for path in paths]


def reached(path: SpecPath, sources: Iterable[Source]) -> Iterator[Json]:
    """Yield the files that a path reaches, with the pieces that it has a part in."""
    for source in sources:
        met = [one for one in source.pieces if any(path.meets(origin) for origin in one.origins)]
        if met:
            named = [{"kind": one.kind, "name": one.name, "lines": [one.first, one.last]} for one in met]
            yield {"file": source.file, "unit": source.unit, "path": source.path, "pieces": named}
