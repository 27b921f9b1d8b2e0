"""Engines as plain data, and the capabilities and limits of each as text, for every format."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from mlopsctl.catalogue.capability import Capability
from mlopsctl.diagnostics.render.visible import visible
from mlopsctl.engines.base import Facts

Json = dict[str, Any]


def document(engines: Iterable[Facts]) -> Json:
    """Return engines as plain data, from which every format is made.

    The texts of an engine of another package are escaped: they control no terminal.
    """
    return {"engines": [_engine(engine) for engine in engines]}


def _engine(engine: Facts) -> Json:
    return {
        "stage": engine.stage,
        "name": visible(engine.name),
        "versions": list(map(visible, engine.versions)),
        "default": visible(engine.default_version) or None,
        "state": visible(engine.state),
        "licence": visible(engine.licence_note) or None,
        "notice": visible(engine.notice) or None,
        "abilities": [_ability(name, capability) for name, capability in engine.capabilities.items()],
    }


def _ability(name: str, answer: Capability) -> Json:
    word, _, mode = name.partition("@")
    return {
        "name": visible(word),
        "mode": visible(mode) or None,
        "yes": answer.yes,
        "since": visible(answer.since) or None,
        "why": visible(answer.why) or None,
        "instead": visible(answer.instead) or None,
    }


def can(engine: Json) -> list[str]:
    """List what an engine can do, in words."""
    return [_capability_text(ability, "from") for ability in engine["abilities"] if ability["yes"]]


def cannot(engine: Json) -> list[tuple[str, str, str]]:
    """List what an engine, or its older versions, cannot do: each with why, and what to do instead."""
    return [
        (_capability_text(ability, "before"), ability["why"] or "", ability["instead"] or "")
        for ability in engine["abilities"]
        if not ability["yes"] or ability["since"]
    ]


def _capability_text(ability: Json, when: str) -> str:
    mode, since = ability["mode"], ability["since"]
    return " ".join(filter(None, (ability["name"], mode and f"in mode {mode}", since and f"{when} {since}")))
