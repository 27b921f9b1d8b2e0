"""What lines of a rendered file are about.

In: a rendered text that knows its lines, and whose file it is. Out: pieces, the narrowest first, each with its name
and the places that decide it. Never reads a file.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from mlopsctl.blueprint import model
from mlopsctl.blueprint.model import Blueprint, Of, Part, Shared
from mlopsctl.blueprint.origins import origins
from mlopsctl.blueprint.origins.paths import Owner, SpecPath
from mlopsctl.blueprint.reasons import Reason, reasons
from mlopsctl.emit.origin import spans
from mlopsctl.explain.json_lines import at_line


class Piece:
    """Lines `first` to `last` of a file are about `thing`, which is `owner`'s."""

    def __init__(self, thing: Any, owner: Owner, first: int, last: int) -> None:
        self.thing = thing.piece if type(thing) is Of else thing
        self.owner = Owner(thing.owner, owner.shared) if type(thing) is Of else owner
        self.first, self.last = first, last

    @cached_property
    def origins(self) -> tuple[SpecPath, ...]:
        """The places that decide it, the nearest first."""
        return origins(self.thing, self.owner)

    @cached_property
    def reasons(self) -> tuple[Reason, ...]:
        """The reasons of its derived numbers."""
        return reasons(self.thing, self.owner)

    @property
    def kind(self) -> str:
        """What kind of thing it is, in a person's words."""
        thing = self.thing
        return _PARTS[thing.field] if type(thing) is Part else _KINDS[type(thing)]

    @property
    def name(self) -> str:
        """What the thing is called."""
        thing = self.thing.piece if type(self.thing) is Part else self.thing
        if isinstance(thing, Shared | model.Placement):
            return self.owner.environment
        if isinstance(thing, Blueprint | model.Identity | model.Checks):
            return self.owner.blueprint.identity.system
        word = next(word for word in ("name", "kind", "metric", "severity", "flavor") if hasattr(thing, word))
        return str(thing.severity if isinstance(thing, model.Route) else getattr(thing, word))

    def covers(self, line: int) -> bool:
        """Tell whether a line is one of the piece's."""
        return self.first <= line <= self.last


_KINDS: dict[type, str] = {
    Blueprint: "everything decided about",
    Shared: "what systems share in",
    model.Identity: "who and what it is:",
    model.Placement: "where it goes in",
    model.Engine: "engine",
    model.Secret: "secret",
    model.Monitor: "scrape target",
    model.Entity: "entity",
    model.Source: "source",
    model.View: "feature view",
    model.Transform: "transform",
    model.FeatureSet: "feature set",
    model.Model: "model",
    model.Checks: "checks of",
    model.DriftColumn: "drift of column",
    model.QualityMonitor: "live quality by",
    model.Pipeline: "pipeline",
    model.Schedule: "schedule",
    model.Run: "run",
    model.Step: "step",
    model.Endpoint: "endpoint",
    model.Slo: "objective",
    model.Alert: "alert",
    model.Route: "route of severity",
}
_PARTS = {
    "labels": "labels of",
    "namespace": "namespace in",
    "name": "runs of pipeline",
    "kinds": "kinds of objects of",
    "signals": "requests of endpoint",
    "label": "labelled rows of model",
}


def pieces(text: str, owner: Owner) -> Iterator[Piece]:
    """Yield every piece of a file, wider ones before those inside them."""
    for span in spans(text):
        yield from (Piece(thing, owner, span.first, span.last) for thing in span.about)


def about_line(text: str, line: int, owner: Owner) -> tuple[Piece, ...]:
    """Return what a line is about, the narrowest first."""
    found = [piece for piece in pieces(text, owner) if piece.covers(line)]
    found += [inner for piece in found if (inner := _inside(piece, text, line))]
    # Of two that are equally wide, the one that was said first is nearer to what the lines say.
    return tuple(sorted(found, key=lambda piece: piece.last - piece.first))


def _inside(piece: Piece, text: str, line: int) -> Piece | None:
    """Return the piece of a Blueprint that a line of its JSON is about; None where the line is no such line."""
    if not isinstance(piece.thing, Blueprint):
        return None
    lines = text.split("\n")
    start = next((number for number, each in enumerate(lines, 1) if each.strip() == "{"), line + 1)
    found = at_line(lines[start - 1 :], line - start, piece.thing) if line > start else ()
    known = [(thing, first, last) for thing, first, last in found if type(thing) in _KINDS and thing is not piece.thing]
    return Piece(known[-1][0], piece.owner, known[-1][1] + start, known[-1][2] + start) if known else None
