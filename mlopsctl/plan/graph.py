"""The dependency graph of an environment: columns, views, features, sets, models and endpoints, across systems."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.features import FeatureSet, View
from mlopsctl.blueprint.model.serving import Endpoint
from mlopsctl.plan.model import Chain, Kind, Link

SHARED_FILES = ("workspace:", "lock:")
"""Prefixes of paths in the workspace and in its lock."""


class Graph:
    """The systems of one environment, by name."""

    def __init__(self, systems: Iterable[Blueprint]) -> None:
        self.systems = {system.identity.system: system for system in systems}

    def chains(self, system: str, node: tuple[str, ...], path: str) -> list[Chain]:
        """Return the chains from a node of a system, with `path` in the spec, to its users; empty without users."""
        if system not in self.systems:
            return []
        kind, *names = node
        start = (Link(Kind.FIELD, "" if path.startswith(SHARED_FILES) else system, "", path),)
        walks = {
            "column": self._from_column,
            "contract": self._from_column,
            "source": self._from_source,
            "entity": self._from_entity,
            "view": self._from_view,
            "feature": self._from_feature,
            "transform": lambda blueprint, names, start: self._from_transform(blueprint, names[:1], start),
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
        return list(walks[kind](self.systems[system], names, start))

    def _from_column(self, blueprint: Blueprint, names: list[str], start: Chain) -> Iterator[Chain]:
        source, column, *_ = names
        for view in _views(blueprint):
            if view.source == source and any(field.name == column for field in view.fields):
                yield from self._users(
                    blueprint, view.name, column, (*start, _view(blueprint, view.name, f".fields.{column}"))
                )

    def _from_source(self, blueprint: Blueprint, names: list[str], start: Chain) -> Iterator[Chain]:
        yield from self._of_views(blueprint, (view for view in _views(blueprint) if view.source == names[0]), start)
        if blueprint.model and blueprint.model.label.source == names[0]:
            yield from self._of_model(blueprint, start)

    def _from_entity(self, blueprint: Blueprint, names: list[str], start: Chain) -> Iterator[Chain]:
        yield from self._of_views(blueprint, (view for view in _views(blueprint) if view.entity == names[0]), start)

    def _of_views(self, blueprint: Blueprint, views: Iterable[View], start: Chain) -> Iterator[Chain]:
        for view in views:
            yield from self._users(blueprint, view.name, None, (*start, _view(blueprint, view.name)))

    def _from_view(self, blueprint: Blueprint, names: list[str], start: Chain) -> Iterator[Chain]:
        yield from self._users(blueprint, names[0], None, _at(start, Kind.VIEW, blueprint, names[0]))

    def _from_feature(self, blueprint: Blueprint, names: list[str], start: Chain) -> Iterator[Chain]:
        view, field, *_ = names
        yield from self._users(blueprint, view, field, _at(start, Kind.VIEW, blueprint, view))

    def _from_transform(self, blueprint: Blueprint, names: list[str], start: Chain) -> Iterator[Chain]:
        field = names[1] if len(names) > 1 else None
        yield from self._sets_with(blueprint.identity.system, names[0], field, start)

    def _users(self, blueprint: Blueprint, view: str, field: str | None, chain: Chain) -> Iterator[Chain]:
        """Continue to the sets that contain a view's field (None: any), directly or through a transform."""
        yield from self._sets_with(blueprint.identity.system, view, field, chain)
        transformed = False
        for system, user in self.systems.items():
            for transform in user.features.transforms if user.features else ():
                if any(input_.view == view and field in (None, input_.name) for input_ in transform.inputs):
                    transformed = True
                    link = Link(Kind.TRANSFORM, system, transform.name, f"transforms.{transform.name}")
                    yield from self._sets_with(system, transform.name, None, (*chain, link))
        if not transformed and not self._held(blueprint.identity.system, view, field):
            yield chain

    def _held(self, system: str, producer: str, field: str | None) -> bool:
        return any(
            _holds(feature_set, system, producer, field)
            for user in self.systems.values()
            for feature_set in _sets(user)
        )

    def _sets_with(self, system: str, producer: str, field: str | None, chain: Chain) -> Iterator[Chain]:
        for name, user in self.systems.items():
            for feature_set in _sets(user):
                if _holds(feature_set, system, producer, field):
                    link = Link(Kind.SET, name, feature_set.name, f"sets.{feature_set.name}")
                    yield from self._of_set(user, feature_set.name, (*chain, link))

    def _from_set(self, blueprint: Blueprint, names: list[str], start: Chain) -> Iterator[Chain]:
        yield from self._of_set(blueprint, names[0], _at(start, Kind.SET, blueprint, names[0]))

    def _of_set(self, blueprint: Blueprint, name: str, chain: Chain) -> Iterator[Chain]:
        trains = blueprint.model is not None and blueprint.model.features == name
        if trains:
            yield from self._of_model(blueprint, chain)
            return
        asking = [endpoint for endpoint in blueprint.endpoints if endpoint.features == name]
        for endpoint in asking:
            yield _ended(chain, blueprint, endpoint)
        if not asking:
            yield chain

    def _from_model(self, blueprint: Blueprint, _names: list[str], start: Chain) -> Iterator[Chain]:
        yield from self._of_model(blueprint, start)

    def _of_model(self, blueprint: Blueprint, chain: Chain) -> Iterator[Chain]:
        if blueprint.model is None:
            yield chain
            return
        before = chain[:-1] if chain[-1].path == "model" else chain
        so_far = (*before, Link(Kind.MODEL, blueprint.identity.system, blueprint.model.registered_name, "model"))
        if blueprint.checks and blueprint.checks.gates:
            so_far = (*so_far, _gates(blueprint))
        for endpoint in blueprint.endpoints:
            yield _ended(so_far, blueprint, endpoint)
        if not blueprint.endpoints:
            yield so_far

    def _from_gate(self, blueprint: Blueprint, _names: list[str], start: Chain) -> Iterator[Chain]:
        so_far = (*start, _gates(blueprint))
        for endpoint in blueprint.endpoints:
            yield _ended(so_far, blueprint, endpoint)
        if not blueprint.endpoints:
            yield so_far

    def _from_slo(self, blueprint: Blueprint, names: list[str], start: Chain) -> Iterator[Chain]:
        watched = {slo.endpoint for slo in blueprint.slos if slo.name == names[0]}
        for endpoint in blueprint.endpoints:
            if endpoint.name in watched or endpoint.spec_name in watched:
                yield _ended(start, blueprint, endpoint)

    def _from_endpoint(self, blueprint: Blueprint, names: list[str], start: Chain) -> Iterator[Chain]:
        for endpoint in blueprint.endpoints:
            if endpoint.spec_name == names[0]:
                yield _ended(start, blueprint, endpoint)

    def _from_endpoints(self, blueprint: Blueprint, _names: list[str], start: Chain) -> Iterator[Chain]:
        for endpoint in blueprint.endpoints:
            yield _ended(start, blueprint, endpoint)

    def _from_stack(self, blueprint: Blueprint, _names: list[str], start: Chain) -> Iterator[Chain]:
        for view in _views(blueprint):
            yield (*start, _view(blueprint, view.name))
        for endpoint in blueprint.endpoints:
            if endpoint.features:
                yield _ended(start, blueprint, endpoint)


def endpoint_link(blueprint: Blueprint, endpoint: Endpoint) -> Link:
    """Return an endpoint as the last link of a chain."""
    identity = blueprint.identity
    return Link(Kind.ENDPOINT, identity.system, endpoint.spec_name, tier=identity.tier, owner=identity.owner)


def _ended(chain: Chain, blueprint: Blueprint, endpoint: Endpoint) -> Chain:
    return (*chain, endpoint_link(blueprint, endpoint))


def _at(start: Chain, kind: Kind, blueprint: Blueprint, name: str) -> Chain:
    """Start a chain at the node itself."""
    return (Link(kind, blueprint.identity.system, name, start[0].path),)


def _view(blueprint: Blueprint, name: str, below: str = "") -> Link:
    return Link(Kind.VIEW, blueprint.identity.system, name, f"features.views.{name}{below}")


def _gates(blueprint: Blueprint) -> Link:
    return Link(Kind.GATES, blueprint.identity.system, "gates", "gates")


def _views(blueprint: Blueprint) -> tuple[View, ...]:
    return blueprint.features.views if blueprint.features else ()


def _sets(blueprint: Blueprint) -> tuple[FeatureSet, ...]:
    return blueprint.features.sets if blueprint.features else ()


def _holds(feature_set: FeatureSet, system: str, producer: str, field: str | None) -> bool:
    return any(
        field_.system == system and field_.producer == producer and field in (None, field_.name)
        for field_ in feature_set.fields
    )
