"""Patches that change traffic weights in a live object."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mlopsctl.engines.base import NoCandidateError, Patch


def set_each(listed: list[Any], path: str, field: str, shares: Mapping[str, int]) -> Patch:
    """Set a field of the entries by name, all in one patch, so that the weights always add up to 100."""
    places = {entry["name"]: i for i, entry in enumerate(listed)}
    if not set(shares) <= set(places):
        raise NoCandidateError
    return [
        {"op": "add", "path": f"{path}/{places[name]}/{field}", "value": share}
        for name, share in shares.items()
        if listed[places[name]].get(field) != share
    ]


def set_one(path: str, current: object, share: int) -> Patch:
    """Set one field; no operation if it already has the value."""
    return [] if current == share else [{"op": "add", "path": path, "value": share}]
