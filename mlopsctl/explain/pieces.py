"""The origins of lines of a rendered file."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from mlopsctl.blueprint.model.alerts import Alert, Route
from mlopsctl.blueprint.model.blueprint import Blueprint, Shared
from mlopsctl.blueprint.model.checks import Checks, DriftColumn, QualityMonitor
from mlopsctl.blueprint.model.features import Entity, FeatureSet, Source, Transform, View
from mlopsctl.blueprint.model.metrics import Monitor
from mlopsctl.blueprint.model.objectives import Slo
from mlopsctl.blueprint.model.patches import Extra, Patch
from mlopsctl.blueprint.model.pieces import OwnedPiece, Part
from mlopsctl.blueprint.model.pipelines import Pipeline, Run, Schedule, Step
from mlopsctl.blueprint.model.platform import Engine, Identity, Placement, Secret
from mlopsctl.blueprint.model.serving import Endpoint
from mlopsctl.blueprint.model.training import Model
from mlopsctl.blueprint.provenance import origins
from mlopsctl.blueprint.provenance.paths import Owner, SpecPath
from mlopsctl.blueprint.provenance.reasons import Reason, reasons
from mlopsctl.emit.origin import spans
from mlopsctl.explain.json_lines import at_line


class Piece:
    """The piece `thing` of `owner`, the origin of lines `first` to `last` of a file."""

    def __init__(self, thing: Any, owner: Owner, first: int, last: int) -> None:
        self.thing = thing.piece if type(thing) is OwnedPiece else thing
        self.owner = Owner(thing.owner, owner.shared) if type(thing) is OwnedPiece else owner
        self.first, self.last = first, last

    @cached_property
    def origins(self) -> tuple[SpecPath, ...]:
        """The paths that decide it, nearest first."""
        return origins(self.thing, self.owner)

    @cached_property
    def reasons(self) -> tuple[Reason, ...]:
        """The reasons of its derived numbers."""
        return reasons(self.thing, self.owner)

    @property
    def kind(self) -> str:
        """The kind of the piece, as text."""
        thing = self.thing
        return _PARTS[thing.field] if type(thing) is Part else _KINDS[type(thing)]

    @property
    def name(self) -> str:
        """The name of the piece."""
        thing = self.thing.piece if type(self.thing) is Part else self.thing
        if isinstance(thing, Shared | Placement):
            return self.owner.environment
        if isinstance(thing, Blueprint | Identity | Checks):
            return self.owner.blueprint.identity.system
        word = next(word for word in ("name", "kind", "metric", "severity", "flavor") if hasattr(thing, word))
        return str(thing.severity if isinstance(thing, Route) else getattr(thing, word))

    def covers(self, line: int) -> bool:
        """Return whether a line is one of the piece's."""
        return self.first <= line <= self.last


_KINDS: dict[type, str] = {
    Blueprint: "everything decided about",
    Shared: "shared objects in",
    Identity: "who and what it is:",
    Placement: "where it goes in",
    Engine: "engine",
    Secret: "secret",
    Monitor: "scrape target",
    Entity: "entity",
    Source: "source",
    View: "feature view",
    Transform: "transform",
    FeatureSet: "feature set",
    Model: "model",
    Checks: "checks of",
    DriftColumn: "drift of column",
    QualityMonitor: "live quality by",
    Pipeline: "pipeline",
    Schedule: "schedule",
    Run: "run",
    Step: "step",
    Endpoint: "endpoint",
    Slo: "objective",
    Alert: "alert",
    Route: "route of severity",
    Patch: "patch, outside the model:",
    Extra: "extra manifest, outside the model:",
}
_PARTS = {
    "labels": "labels of",
    "system": "name of",
    "namespace": "namespace in",
    "name": "runs of pipeline",
    "kinds": "kinds of objects of",
    "signals": "requests of endpoint",
    "label": "labelled rows of model",
    "object": "object changed by the patch, outside the model:",
}


def pieces(text: str, owner: Owner) -> Iterator[Piece]:
    """Yield every piece of a file, outer ones before inner ones."""
    for span in spans(text):
        yield from (Piece(thing, owner, span.first, span.last) for thing in span.about)


def about_line(text: str, line: int, owner: Owner) -> tuple[Piece, ...]:
    """Return the pieces of a line, narrowest first."""
    covering = [piece for piece in pieces(text, owner) if piece.covers(line)]
    covering += [inner for piece in covering if (inner := _inside(piece, text, line))]
    # Of two equally wide pieces, the first one is closer to the lines. A patch decides the
    # lines that it changed; of the rest of its object it is said last.
    return tuple(sorted(covering, key=lambda piece: (_is_patched_object(piece.thing), piece.last - piece.first)))


def _is_patched_object(thing: Any) -> bool:
    return type(thing) is Part and type(thing.piece) is Patch


def _inside(piece: Piece, text: str, line: int) -> Piece | None:
    """Return the piece of a Blueprint at a line of its JSON; None for other lines."""
    if not isinstance(piece.thing, Blueprint):
        return None
    lines = text.split("\n")
    start = next((number for number, row in enumerate(lines, 1) if row.strip() == "{"), line + 1)
    levels = at_line(lines[start - 1 :], line - start, piece.thing) if line > start else ()
    typed = [
        (member, first, last) for member, first, last in levels if type(member) in _KINDS and member is not piece.thing
    ]
    return Piece(typed[-1][0], piece.owner, typed[-1][1] + start, typed[-1][2] + start) if typed else None
