"""The words of a portability report that text and Markdown share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]


def headline(environment: Json) -> str:
    """Return how it would come out, in a sentence."""
    errors = sum(loss["severity"] == "error" for loss in environment["losses"])
    verdict = f"refused: {_count(errors, 'error')}" if environment["refused"] else "can be rendered"
    other_findings = len(environment["losses"]) - errors
    parts = [
        verdict,
        f"{_count(other_findings, 'other new finding')}" if other_findings else "",
        f"{_count(len(environment['differences']), 'ability')} behaving otherwise"
        if environment["differences"]
        else "",
        f"{_count(len(environment['readings']), 'alert')} would read otherwise" if environment["readings"] else "",
    ]
    return ", ".join(filter(None, parts))


def _count(number: int, noun: str) -> str:
    return f"{number} {noun if number == 1 else f'{noun[:-1]}ies' if noun.endswith('y') else f'{noun}s'}"


def swapped(swap: Json) -> str:
    """Return which engine replaces which one, as text."""
    if swap["before"] == swap["after"]:
        return f"{swap['stage']}: {swap['before']} stands there already"
    state = f" ({swap['state']})" if swap["state"] else ""
    return f"{swap['stage']}: {swap['before']} -> {swap['after']}{state}, with the settings of {swap['settings_of']}"


def remarks(swap: Json) -> Iterator[str]:
    """Yield what has to be known and done about the engine itself."""
    yield from swap["notes"]
    if swap["needs"]:
        yield f"settings it needs, and that have no default: {', '.join(swap['needs'])}"
    if swap["left"]:
        yield f"settings of the present engine that it does not know: {', '.join(swap['left'])}"
    if swap["pinned"]:
        yield f"the spec itself names its engine, and has to be changed too: {', '.join(swap['pinned'])}"


def reading(entry: Json) -> str:
    """Return what an alert would read."""
    before, after = ", ".join(entry["before"]), ", ".join(entry["after"])
    if not after:
        return "it would be gone: the engine exports nothing it could read"
    return f"{before or 'nothing'} -> {after}"


def shared_abilities(environment: Json) -> str:
    """List what both engines can, by stage."""
    stages: dict[str, list[str]] = {}
    for capability in environment["same"]:
        stage, _, ability = capability.partition(": ")
        stages.setdefault(stage, []).append(ability)
    return "; ".join(f"{stage}: {', '.join(abilities)}" for stage, abilities in stages.items())


def field_owner(entry: Json) -> str:
    """Name the system and the field."""
    return f"{entry['system'] or 'workspace'}: {entry['path']}"


def counts(entry: Json) -> str:
    """Return how many files of a target would come, go, change and stay."""
    labels = (("come", "come"), ("go", "go"), ("change", "change"), ("stay", "stay the same"))
    return ", ".join(f"{entry[key]} {label}" for key, label in labels if entry[key])
