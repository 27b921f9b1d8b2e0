"""Smaller pieces of a Blueprint that a rendered line can originate from."""

from __future__ import annotations

from typing import Any, NamedTuple

from mlopsctl.blueprint.model.blueprint import Blueprint


class Part(NamedTuple):
    """One field of a piece, for lines that originate from that field only: a step's `resources`."""

    piece: Any
    field: str


class OwnedPiece(NamedTuple):
    """A piece with its Blueprint, for documents that contain several systems."""

    owner: Blueprint
    piece: Any
