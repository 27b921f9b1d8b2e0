"""Changes of several environments and systems, told once.

In: changes. Out: fewer changes, and a line a system. Never loses one: what differs by environment names it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from mlopsctl.change.model import Change, Consequence, Effect, State, Summary


def folded(changes: Iterable[Change]) -> tuple[Change, ...]:
    """Tell a change once that is made in several environments, or in the workspace for several systems."""
    found: dict[tuple[str, str, str], Change] = {}
    for one in changes:
        key = (one.system, one.path, one.action)
        other = found.get(key)
        found[key] = _joined(other, one) if other else one
    return tuple(sorted(found.values(), key=_danger))


def _joined(one: Change, other: Change) -> Change:
    return replace(
        one,
        old=_values(one, other, one.old, other.old),
        new=_values(one, other, one.new, other.new),
        environments=tuple(dict.fromkeys((*one.environments, *other.environments))),
        consequences=_together(one, other),
        chains=tuple(dict.fromkeys((*one.chains, *other.chains))),
        reviewers=tuple(sorted({*one.reviewers, *other.reviewers})),
    )


def _values(one: Change, other: Change, mine: str, theirs: str) -> str:
    """Join two values; where they differ, each names its environment."""
    if mine == theirs or other.environments[0] in one.environments:
        return mine
    told = mine if mine.startswith(f"{one.environments[0]}: ") else f"{one.environments[0]}: {mine}"
    return f"{told}, {other.environments[0]}: {theirs}"


def _together(one: Change, other: Change) -> tuple[Consequence, ...]:
    """Join what follows in two environments; what holds in one of them alone names it."""
    held: dict[Consequence, dict[str, None]] = {}
    for change in (one, other):
        for each in change.consequences:
            places = each.environments or change.environments
            held.setdefault(replace(each, environments=()), {}).update(dict.fromkeys(places))
    everywhere = {*one.environments, *other.environments}
    found = (replace(each, environments=() if {*at} == everywhere else tuple(at)) for each, at in held.items())
    return tuple(sorted(found, key=lambda each: (-each.effect, each.system, each.on)))


def _danger(change: Change) -> tuple[int, str, str, tuple[str, ...]]:
    return (-change.effect, change.system, change.path, change.environments)


def summaries(changes: Iterable[Change], before: State, after: State) -> tuple[Summary, ...]:
    """Make a line a system: those that are changed, and those that a change reaches."""
    effects: dict[str, dict[Effect, None]] = {}
    places: dict[str, dict[str, None]] = {}
    for change in changes:
        for one in change.consequences:
            if one.system:
                effects.setdefault(one.system, {})[one.effect] = None
                places.setdefault(one.system, {}).update(dict.fromkeys(one.environments or change.environments))
    shared = [one for side in (before, after) for one in side.environments.values()]
    who = {each.identity.system: each.identity for one in shared for each in one.systems}
    made = [
        Summary(name, who[name].owner, who[name].tier, tuple(sorted(found, reverse=True)), tuple(places[name]))
        for name, found in effects.items()
        if name in who
    ]
    return tuple(sorted(made, key=lambda one: (-one.effects[0], one.tier, one.system)))


def endpoints(changes: Iterable[Change]) -> tuple[str, ...]:
    """Return the endpoints that changes reach, each once."""

    def reached() -> Iterator[str]:
        for change in changes:
            yield from (chain[-1] for chain in change.chains if "endpoint " in chain[-1])

    return tuple(dict.fromkeys(reached()))
