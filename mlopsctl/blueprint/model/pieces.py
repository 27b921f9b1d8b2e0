"""Pieces of a Blueprint that a rendered line can be about, beside whole parts."""

from __future__ import annotations

from typing import Any, NamedTuple

from mlopsctl.blueprint.model.blueprint import Blueprint


class Part(NamedTuple):
    """One field of a piece, where the whole piece would say too much: a step's `resources`."""

    piece: Any
    field: str


class OwnedPiece(NamedTuple):
    """A piece of a Blueprint, named with it where several systems stand side by side."""

    owner: Blueprint
    piece: Any
