"""Answers as plain data: the origins of a line or a file, and the files that a path affects."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from mlopsctl.blueprint.provenance.paths import SpecPath
from mlopsctl.blueprint.provenance.reasons import Reason
from mlopsctl.diagnostics.model import Place
from mlopsctl.diagnostics.render import json as json_format
from mlopsctl.explain.pieces import Piece
from mlopsctl.explain.places import PlacedPath, Places

Json = dict[str, Any]


class Source(NamedTuple):
    """A rendered file: its path from the project's root, its unit, its path there, and the origins of its lines."""

    file: str
    unit: str
    path: str
    pieces: tuple[Piece, ...]


def place(where: PlacedPath) -> Json:
    """Return a path with its place."""
    path = str(where.path)
    location = json_format.place(Place(where.span, path)) if where.span else None
    return {"path": path, "set": where.is_set, "overridden": where.overridden, "place": location}


def piece(entry: Piece, places: Places) -> Json:
    """Return the origins of some lines, the reasons of their numbers, and the places."""
    return {
        "kind": entry.kind,
        "name": entry.name,
        "lines": [entry.first, entry.last],
        "reasons": [
            {"values": list(why.values), "sentence": why.sentence, "origins": _deciding(why, places)}
            for why in entry.reasons
        ],
        "origins": _placed(entry.origins, places),
    }


def _deciding(why: Reason, places: Places) -> list[Json]:
    """Return the places of a reason; if one of several decides, only those up to it."""
    placed = _placed(why.paths, places)
    last = (
        next((number for number, origin in enumerate(placed) if origin["set"]), len(placed))
        if why.first_decides
        else len(placed)
    )
    return placed[: last + 1]


def _placed(paths: Iterable[SpecPath], places: Places) -> list[Json]:
    return [place(places.place_of(path)) for path in paths]


def reached(path: SpecPath, sources: Iterable[Source]) -> Iterator[Json]:
    """Yield the files that a path affects, with the affected pieces."""
    for source in sources:
        met = [piece for piece in source.pieces if any(path.meets(origin) for origin in piece.origins)]
        if met:
            entries = [{"kind": piece.kind, "name": piece.name, "lines": [piece.first, piece.last]} for piece in met]
            yield {"file": source.file, "unit": source.unit, "path": source.path, "pieces": entries}
