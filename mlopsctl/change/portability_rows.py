"""The words of a portability report that text and Markdown share.

In: parts of the JSON document. Out: short texts. Never marks anything up.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]


def headline(environment: Json) -> str:
    """Say how it would come out, in a sentence."""
    errors = sum(one["severity"] == "error" for one in environment["losses"])
    verdict = f"refused: {_count(errors, 'error')}" if environment["refused"] else "can be rendered"
    others = len(environment["losses"]) - errors
    parts = [
        verdict,
        f"{_count(others, 'other new finding')}" if others else "",
        f"{_count(len(environment['differences']), 'ability')} behaving otherwise"
        if environment["differences"]
        else "",
        f"{_count(len(environment['readings']), 'alert')} would read otherwise" if environment["readings"] else "",
    ]
    return ", ".join(filter(None, parts))


def _count(number: int, word: str) -> str:
    return f"{number} {word if number == 1 else f'{word[:-1]}ies' if word.endswith('y') else f'{word}s'}"


def swapped(swap: Json) -> str:
    """Say which engine would stand in which one's place."""
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


def reading(one: Json) -> str:
    """Say what an alert would read."""
    before, after = ", ".join(one["before"]), ", ".join(one["after"])
    if not after:
        return "it would be gone: the engine exports nothing it could read"
    return f"{before or 'nothing'} -> {after}"


def same(environment: Json) -> str:
    """List what both engines can, by stage."""
    stages: dict[str, list[str]] = {}
    for one in environment["same"]:
        stage, _, ability = one.partition(": ")
        stages.setdefault(stage, []).append(ability)
    return "; ".join(f"{stage}: {', '.join(abilities)}" for stage, abilities in stages.items())


def whose(one: Json) -> str:
    """Name the system and the field."""
    return f"{one['system'] or 'workspace'}: {one['path']}"


def counts(one: Json) -> str:
    """Say how many files of a target would come, go, change and stay."""
    words = (("come", "come"), ("go", "go"), ("change", "change"), ("stay", "stay the same"))
    return ", ".join(f"{one[key]} {word}" for key, word in words if one[key])
