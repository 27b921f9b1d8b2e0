"""The Python modules of the repository: one for each system, one for all entities, one for transforms."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.features import Features
from mlopsctl.blueprint.model.pieces import OwnedPiece
from mlopsctl.blueprint.model.platform import Identity
from mlopsctl.catalogue.types import COLUMN_TYPES
from mlopsctl.emit import python
from mlopsctl.emit.python_tree import Assign, Attribute, Call, Function, Index, Name, Return, Statement
from mlopsctl.engines.feast import conventions, sources, views
from mlopsctl.engines.shared.imports import Imports


def system_module(blueprint: Blueprint, features: Features, modules: Mapping[str, str]) -> str:
    """Write a system's module; `modules` are those of all systems, by system."""
    imports = Imports((conventions.ENTITIES, conventions.ON_DEMAND, *modules.values()))
    statements = _definitions(blueprint, features, modules, imports)
    return python.module(_title(blueprint.identity), [*imports.statements(), *statements])


def _title(identity: Identity) -> str:
    title = f"Features of {identity.system}, owned by {identity.owner}."
    return f"{title}\n\n{identity.description}" if identity.description else title


def _definitions(
    blueprint: Blueprint, features: Features, modules: Mapping[str, str], imports: Imports
) -> list[Statement]:
    identity, offline = blueprint.identity, blueprint.engines.features.settings["offline"]["type"]
    by_name = {source.name: source for source in features.sources}
    statements: list[Statement] = []
    for source in features.sources:
        statements += _about(blueprint, source, sources.statements(source, identity, offline, imports))
    for view in features.views:
        statements += _about(blueprint, view, [views.view(view, by_name[view.source], identity, imports)])
    for transform in features.transforms:
        statements += _about(blueprint, transform, views.transform(transform, identity, imports))
    for feature_set in features.sets:
        statements += _about(blueprint, feature_set, [views.service(feature_set, identity, modules, imports)])
    return statements


def _about(owner: Blueprint, piece: Any, statements: Iterable[Statement]) -> Iterator[Statement]:
    return (python.about((OwnedPiece(owner, piece),), statement) for statement in statements)


def entities_module(systems: Iterable[tuple[Blueprint, Features]]) -> str:
    """Write the entities of the environment; one that several systems name belongs to the first of them."""
    users: dict[str, list[OwnedPiece]] = {}
    for blueprint, features in systems:
        for entity in features.entities:
            users.setdefault(entity.name, []).append(OwnedPiece(blueprint, entity))
    imports = Imports(())
    statements = [python.about(tuple(users[name]), _entity(users[name], imports)) for name in sorted(users)]
    return python.module("The entities of every system.", [*imports.statements(), *statements])


def _entity(users: Sequence[OwnedPiece], imports: Imports) -> Statement:
    entity, owner = users[0].piece, users[0].owner.identity
    description = next((user.piece.description for user in users if user.piece.description), "")
    kind = Attribute(imports.name("feast", "ValueType"), COLUMN_TYPES[entity.type].feast_value)
    expression = Call(
        imports.name("feast", "Entity"),
        keywords={
            "name": entity.name,
            "join_keys": [entity.key],
            "value_type": kind,
            **sources.described(description),
            "tags": {"systems": " ".join(user.owner.identity.system for user in users)},
            "owner": owner.owner,
        },
    )
    return Assign(conventions.entity_variable(entity.name), expression)


def on_demand_module() -> str:
    """Write the module that prevents `feast apply` from running transforms.

    Feast calls each transform with made-up values to guess its features, which needs the code of every system and
    fails on functions that look values up. The features are declared: nothing is left to guess.
    """
    imports = Imports(())
    kind, field = imports.name("feast", "OnDemandFeatureView"), imports.name("feast", "Field")
    infer = Function(
        "infer_features",
        parameters={"random_input": Name("dict"), "singleton": Name("bool")},
        returns=Index(Name("list"), field),
        body=(Return(Name("view.features")),),
    )
    declared = Function(
        "as_declared",
        parameters={"view": kind},
        returns=kind,
        docstring="Register a transform with the features it declares, without calling it.",
        body=(
            Assign("transformation", Name("view.feature_transformation")),
            infer,
            Assign(Name("transformation.infer_features"), Name("infer_features")),
            Return(Name("view")),
        ),
    )
    return python.module(_ON_DEMAND, [*imports.statements(), declared])


_ON_DEMAND = """How transforms are registered.

`feast apply` would call each of them with made-up values to find out its features. That needs the
code of every system in one place, and a function that looks something up may fail on such values."""
