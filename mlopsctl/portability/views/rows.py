"""The phrases of a portability report that the text and Markdown views share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]


def headline(environment: Json) -> str:
    """Return the result of a report, in a sentence."""
    errors = sum(loss["severity"] == "error" for loss in environment["losses"])
    verdict = f"cannot be rendered: {_count(errors, 'error')}" if environment["refused"] else "can be rendered"
    other_findings = len(environment["losses"]) - errors
    parts = [
        verdict,
        f"{_count(other_findings, 'other new finding')}" if other_findings else "",
        f"{_count(len(environment['differences']), 'different capability')}" if environment["differences"] else "",
        f"{_count(len(environment['readings']), 'changed alert')}" if environment["readings"] else "",
    ]
    return ", ".join(filter(None, parts))


def _count(number: int, noun: str) -> str:
    return f"{number} {noun if number == 1 else f'{noun[:-1]}ies' if noun.endswith('y') else f'{noun}s'}"


def swapped(swap: Json) -> str:
    """Return which engine replaces which one, as text."""
    if swap["before"] == swap["after"]:
        return f"{swap['stage']}: {swap['before']} is already in use"
    state = f" ({swap['state']})" if swap["state"] else ""
    return f"{swap['stage']}: {swap['before']} -> {swap['after']}{state}, with the settings of {swap['settings_of']}"


def remarks(swap: Json) -> Iterator[str]:
    """Yield the notes about the engine, and the settings and specs to change."""
    yield from swap["notes"]
    if swap["needs"]:
        yield f"required settings without a default: {', '.join(swap['needs'])}"
    if swap["left"]:
        yield f"settings of the current engine that it does not have: {', '.join(swap['left'])}"
    if swap["pinned"]:
        yield f"specs that set their own engine and must be changed too: {', '.join(swap['pinned'])}"


def reading(entry: Json) -> str:
    """Return the change of the series that an alert reads."""
    before, after = ", ".join(entry["before"]), ", ".join(entry["after"])
    if not after:
        return "removed: the engine exports no series for it"
    return f"{before or 'nothing'} -> {after}"


def shared_abilities(environment: Json) -> str:
    """List the capabilities that both engines have, by stage."""
    stages: dict[str, list[str]] = {}
    for capability in environment["same"]:
        stage, _, ability = capability.partition(": ")
        stages.setdefault(stage, []).append(ability)
    return "; ".join(f"{stage}: {', '.join(abilities)}" for stage, abilities in stages.items())


def field_owner(entry: Json) -> str:
    """Name the system and the field."""
    return f"{entry['system'] or 'workspace'}: {entry['path']}"


def counts(entry: Json) -> str:
    """Return the number of files of a target that would be added, removed, changed and unchanged."""
    labels = (("come", "added"), ("go", "removed"), ("change", "changed"), ("stay", "unchanged"))
    return ", ".join(f"{entry[key]} {label}" for key, label in labels if entry[key])
