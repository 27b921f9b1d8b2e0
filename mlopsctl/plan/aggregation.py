"""Merge changes that are the same in several environments or systems; sum them up per system."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from mlopsctl.plan.model import Action, Change, Consequence, Effect, Kind, Link, State, Summary, ranked


def folded(changes: Iterable[Change]) -> tuple[Change, ...]:
    """Merge a change made in several environments, or in the workspace for several systems, into one."""
    by_key: dict[tuple[str, str, Action], Change] = {}
    for change in changes:
        key = (change.system, change.path, change.action)
        other = by_key.get(key)
        by_key[key] = _joined(other, change) if other else change
    return tuple(sorted(by_key.values(), key=_danger))


def _joined(change: Change, other: Change) -> Change:
    return replace(
        change,
        old=_values(change, other, change.old, other.old),
        new=_values(change, other, change.new, other.new),
        environments=tuple(dict.fromkeys((*change.environments, *other.environments))),
        consequences=_together(change, other),
        chains=tuple(dict.fromkeys((*change.chains, *other.chains))),
        reviewers=tuple(sorted({*change.reviewers, *other.reviewers})),
    )


def _values(change: Change, other: Change, mine: str, theirs: str) -> str:
    """Join two values; where they differ, prefix each with its environment."""
    if mine == theirs or other.environments[0] in change.environments:
        return mine
    text = mine if mine.startswith(f"{change.environments[0]}: ") else f"{change.environments[0]}: {mine}"
    return f"{text}, {other.environments[0]}: {theirs}"


def _together(first: Change, other: Change) -> tuple[Consequence, ...]:
    """Join the effects of two environments; an effect of one environment only names it."""
    places_of: dict[Consequence, dict[str, None]] = {}
    for change in (first, other):
        for consequence in change.consequences:
            places = consequence.environments or change.environments
            places_of.setdefault(replace(consequence, environments=()), {}).update(dict.fromkeys(places))
    everywhere = {*first.environments, *other.environments}
    consequences = (
        replace(consequence, environments=() if {*at} == everywhere else tuple(at))
        for consequence, at in places_of.items()
    )
    return ranked(consequences)


def _danger(change: Change) -> tuple[int, str, str, tuple[str, ...]]:
    return (-change.effect, change.system, change.path, change.environments)


def summaries(changes: Iterable[Change], before: State, after: State) -> tuple[Summary, ...]:
    """Return a summary per system that is changed or that a change reaches."""
    effects: dict[str, dict[Effect, None]] = {}
    places: dict[str, dict[str, None]] = {}
    for change in changes:
        for consequence in change.consequences:
            if consequence.system:
                effects.setdefault(consequence.system, {})[consequence.effect] = None
                places.setdefault(consequence.system, {}).update(
                    dict.fromkeys(consequence.environments or change.environments)
                )
    shared = [environment for side in (before, after) for environment in side.environments.values()]
    identities = {system.identity.system: system.identity for environment in shared for system in environment.systems}
    summaries_ = [
        Summary(
            name,
            identities[name].owner,
            identities[name].tier,
            tuple(sorted(effects_of, reverse=True)),
            tuple(places[name]),
        )
        for name, effects_of in effects.items()
        if name in identities
    ]
    return tuple(sorted(summaries_, key=lambda summary: (-summary.effects[0], summary.tier, summary.system)))


def endpoints(changes: Iterable[Change]) -> tuple[Link, ...]:
    """Return the distinct endpoints that changes reach."""
    ends = (chain[-1] for change in changes for chain in change.chains)
    return tuple(dict.fromkeys(link for link in ends if link.kind is Kind.ENDPOINT))
