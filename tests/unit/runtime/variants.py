"""Blueprints that differ in one thing, made through their JSON: the model of values is theirs to choose."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from mlopsctl.blueprint import codec
from mlopsctl.blueprint.model.blueprint import Blueprint


def changed(blueprint: Blueprint, change: Callable[[dict[str, Any]], Any]) -> Blueprint:
    """Return the Blueprint after a change to its plain values."""
    plain = json.loads(codec.dumps(blueprint))
    change(plain)
    return codec.loads(json.dumps(plain))


def served_by(blueprint: Blueprint, engine: str, version: str, settings: Mapping[str, Any]) -> Blueprint:
    """Return the Blueprint with another serving engine."""

    def change(plain: dict[str, Any]) -> None:
        plain["engines"]["serving"] = {"name": engine, "version": version, "settings": dict(settings)}

    return changed(blueprint, change)
