"""Who uses what in an environment: from a column or a view to features, sets, models and endpoints, across systems.

In: the Blueprints of an environment, and a thing in one of them. Out: chains to everything that depends on it. Never
says what that means.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from mlopsctl.blueprint.model import Blueprint, Endpoint, FeatureSet, View


class Reached(NamedTuple):
    """A thing that a chain comes by: its kind (view, set, model, gates, endpoint), its system and its name."""

    kind: str
    system: str
    name: str


class Chain(NamedTuple):
    """The words from a cause to its last user, and the things that they stand for."""

    words: tuple[str, ...]
    reached: tuple[Reached, ...]

    def then(self, word: str, reached: Reached) -> Chain:
        """Go one thing further."""
        return Chain((*self.words, word), (*self.reached, reached))


class Graph:
    """The systems of one environment, by name."""

    def __init__(self, systems: Iterable[Blueprint]) -> None:
        self.systems = {one.identity.system: one for one in systems}

    def chains(self, system: str, node: tuple[str, ...], word: str) -> list[Chain]:
        """Return the chains from a thing of a system, whose first word is `word`; none where nothing uses it."""
        if system not in self.systems:
            return []
        kind, *names = node
        start = Chain((word,), ())
        of = {
            "column": self._from_column,
            "contract": self._from_column,
            "source": self._from_source,
            "entity": self._from_entity,
            "view": self._from_view,
            "feature": self._from_feature,
            "transform": lambda of, names, start: self._from_transform(of, names[:1], start),
            "computed": self._from_transform,
            "set": self._from_set,
            "model": self._from_model,
            "checks": self._from_model,
            "live": self._from_model,
            "gate": self._from_gate,
            "slo": self._from_slo,
            "endpoint": self._from_endpoint,
            "endpoints": self._from_endpoints,
            "stack": self._from_stack,
        }
        return list(of[kind](self.systems[system], names, start))

    def _from_column(self, of: Blueprint, names: list[str], start: Chain) -> Iterator[Chain]:
        source, column, *_ = names
        for view in _views(of):
            if view.source == source and any(field.name == column for field in view.fields):
                word = f"features.views.{view.name}.fields.{column}"
                here = start.then(word, Reached("view", of.identity.system, view.name))
                yield from self._users(of, view.name, column, here)

    def _from_source(self, of: Blueprint, names: list[str], start: Chain) -> Iterator[Chain]:
        yield from self._of_views(of, (view for view in _views(of) if view.source == names[0]), start)
        if of.model and of.model.label.source == names[0]:
            yield from self._of_model(of, start)

    def _from_entity(self, of: Blueprint, names: list[str], start: Chain) -> Iterator[Chain]:
        yield from self._of_views(of, (view for view in _views(of) if view.entity == names[0]), start)

    def _of_views(self, of: Blueprint, views: Iterable[View], start: Chain) -> Iterator[Chain]:
        for view in views:
            here = start.then(f"features.views.{view.name}", Reached("view", of.identity.system, view.name))
            yield from self._users(of, view.name, None, here)

    def _from_view(self, of: Blueprint, names: list[str], start: Chain) -> Iterator[Chain]:
        here = Chain(start.words, (Reached("view", of.identity.system, names[0]),))
        yield from self._users(of, names[0], None, here)

    def _from_feature(self, of: Blueprint, names: list[str], start: Chain) -> Iterator[Chain]:
        view, field, *_ = names
        here = Chain(start.words, (Reached("view", of.identity.system, view),))
        yield from self._users(of, view, field, here)

    def _from_transform(self, of: Blueprint, names: list[str], start: Chain) -> Iterator[Chain]:
        field = names[1] if len(names) > 1 else None
        yield from self._sets_with(of.identity.system, names[0], field, start)

    def _users(self, of: Blueprint, view: str, field: str | None, chain: Chain) -> Iterator[Chain]:
        """Go on to the sets that hold a view's field (None: any), directly or through a transform."""
        yield from self._sets_with(of.identity.system, view, field, chain)
        found = False
        for system, user in self.systems.items():
            for transform in user.features.transforms if user.features else ():
                if any(one.view == view and field in (None, one.name) for one in transform.inputs):
                    found = True
                    word = f"transforms.{transform.name}"
                    here = chain.then(self._word(word, system, chain), Reached("transform", system, transform.name))
                    yield from self._sets_with(system, transform.name, None, here)
        if not found and not self._held(of.identity.system, view, field):
            yield chain

    def _held(self, system: str, producer: str, field: str | None) -> bool:
        return any(_holds(one, system, producer, field) for user in self.systems.values() for one in _sets(user))

    def _sets_with(self, system: str, producer: str, field: str | None, chain: Chain) -> Iterator[Chain]:
        for name, user in self.systems.items():
            for one in _sets(user):
                if _holds(one, system, producer, field):
                    word = self._word(f"sets.{one.name}", name, chain, system)
                    yield from self._of_set(user, one.name, chain.then(word, Reached("set", name, one.name)))

    def _word(self, word: str, system: str, chain: Chain, before: str = "") -> str:
        """Name the system where a chain crosses into another one."""
        last = chain.reached[-1].system if chain.reached else before
        return word if not last or last == system else f"{system}: {word}"

    def _from_set(self, of: Blueprint, names: list[str], start: Chain) -> Iterator[Chain]:
        here = Chain(start.words, (Reached("set", of.identity.system, names[0]),))
        yield from self._of_set(of, names[0], here)

    def _of_set(self, of: Blueprint, name: str, chain: Chain) -> Iterator[Chain]:
        trains = of.model is not None and of.model.features == name
        if trains:
            yield from self._of_model(of, chain)
            return
        asking = [one for one in of.endpoints if one.features == name]
        for endpoint in asking:
            yield _ended(chain, of, endpoint)
        if not asking:
            yield chain

    def _from_model(self, of: Blueprint, _names: list[str], start: Chain) -> Iterator[Chain]:
        yield from self._of_model(of, start)

    def _of_model(self, of: Blueprint, chain: Chain) -> Iterator[Chain]:
        if of.model is None:
            yield chain
            return
        words = chain.words[:-1] if chain.words[-1:] == ("model",) else chain.words
        here = Chain(
            (*words, "model"), (*chain.reached, Reached("model", of.identity.system, of.model.registered_name))
        )
        if of.checks and of.checks.gates:
            here = here.then("gates", Reached("gates", of.identity.system, "gates"))
        for endpoint in of.endpoints:
            yield _ended(here, of, endpoint)
        if not of.endpoints:
            yield here

    def _from_gate(self, of: Blueprint, _names: list[str], start: Chain) -> Iterator[Chain]:
        here = start.then("gates", Reached("gates", of.identity.system, "gates"))
        for endpoint in of.endpoints:
            yield _ended(here, of, endpoint)
        if not of.endpoints:
            yield here

    def _from_slo(self, of: Blueprint, names: list[str], start: Chain) -> Iterator[Chain]:
        watched = {slo.endpoint for slo in of.slos if slo.name == names[0]}
        for endpoint in of.endpoints:
            if endpoint.name in watched or endpoint.spec_name in watched:
                yield _ended(start, of, endpoint)

    def _from_endpoint(self, of: Blueprint, names: list[str], start: Chain) -> Iterator[Chain]:
        for endpoint in of.endpoints:
            if endpoint.spec_name == names[0]:
                yield _ended(start, of, endpoint)

    def _from_endpoints(self, of: Blueprint, _names: list[str], start: Chain) -> Iterator[Chain]:
        for endpoint in of.endpoints:
            yield _ended(start, of, endpoint)

    def _from_stack(self, of: Blueprint, _names: list[str], start: Chain) -> Iterator[Chain]:
        for view in _views(of):
            yield start.then(
                f"{of.identity.system}: features.views.{view.name}", Reached("view", of.identity.system, view.name)
            )
        for endpoint in of.endpoints:
            if endpoint.features:
                yield _ended(start, of, endpoint)


def title(of: Blueprint, endpoint: Endpoint) -> str:
    """Name an endpoint as a reviewer needs to know it."""
    return f"endpoint {endpoint.spec_name} (tier {of.identity.tier}, {of.identity.owner})"


def _ended(chain: Chain, of: Blueprint, endpoint: Endpoint) -> Chain:
    return chain.then(title(of, endpoint), Reached("endpoint", of.identity.system, endpoint.spec_name))


def _views(of: Blueprint) -> tuple[View, ...]:
    return of.features.views if of.features else ()


def _sets(of: Blueprint) -> tuple[FeatureSet, ...]:
    return of.features.sets if of.features else ()


def _holds(one: FeatureSet, system: str, producer: str, field: str | None) -> bool:
    return any(
        each.system == system and each.producer == producer and field in (None, each.name) for each in one.fields
    )
