"""The feature project of an environment as Python modules: one a system, and one that applies them all.

Groups come before views, because a view may join the group of another system.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from mlopsctl.blueprint.model.blueprint import Blueprint, Shared
from mlopsctl.blueprint.model.features import Features
from mlopsctl.blueprint.model.pieces import OwnedPiece, Part
from mlopsctl.blueprint.model.platform import Identity
from mlopsctl.emit import python
from mlopsctl.emit.origin import about_text
from mlopsctl.emit.python_tree import Call, Expr, Function, Gap, Import, Statement
from mlopsctl.engines.hopsworks import conventions, groups, views
from mlopsctl.engines.shared.imports import Imports

_GROUPS, _VIEWS = "groups", "views"
_PARAMETERS = {conventions.STORE.id: None}


def repository(shared: Shared) -> Iterator[tuple[str, str]]:
    """Yield the project's modules; there is none where no system has features."""
    systems = [(system, system.features) for system in shared.systems if system.features]
    if not systems:
        return
    engine = shared.engines.features
    about = tuple([OwnedPiece(blueprint, Part(blueprint.identity, "labels")) for blueprint, _ in systems])
    yield f"{conventions.ENTRY}.py", about_text((engine, shared, *about), _entry(shared, systems))
    for blueprint, features in systems:
        text = _module(blueprint, features, engine.settings)
        yield f"{features.module}.py", about_text((engine, OwnedPiece(blueprint, blueprint.identity)), text)


def _entry(shared: Shared, systems: Sequence[tuple[Blueprint, Features]]) -> str:
    """Write the module with `apply(fs)`."""
    modules = sorted(features.module for _, features in systems)
    body: list[Statement] = [
        Expr(Call(f"{module}.{part}", (conventions.STORE,))) for part in (_GROUPS, _VIEWS) for module in modules
    ]
    apply = Function(
        "apply", parameters=_PARAMETERS, body=body, docstring="Create what is not there yet; change nothing."
    )
    title = f"The feature groups and feature views of {shared.workspace} in {shared.environment}."
    return python.module(title, [*(Import(module) for module in modules), Gap(), apply])


def _module(blueprint: Blueprint, features: Features, settings: Mapping[str, Any]) -> str:
    """Write a system's module."""
    imports = Imports(())
    identity, model = blueprint.identity, blueprint.model
    group_lines = [
        line
        for group in groups.of_system(blueprint)
        for line in _about(blueprint, group.pieces, groups.statements(group, identity, settings, imports))
    ]
    joined = [
        line
        for feature_set in features.sets
        for line in _about(blueprint, (feature_set,), views.statements(feature_set, model, identity, imports))
    ]
    functions = [
        Function(_GROUPS, parameters=_PARAMETERS, body=group_lines, docstring="Create the feature groups."),
        Function(
            _VIEWS,
            parameters=_PARAMETERS,
            body=joined,
            docstring="Create the feature views, over groups that are there.",
        ),
        *(
            line
            for feature_set in features.sets
            if views.trained_on(feature_set, model)
            for line in _about(blueprint, (feature_set,), [views.training_data(feature_set)])
        ),
    ]
    return python.module(_title(identity), [*imports.statements(), *functions])


def _about(owner: Blueprint, pieces: Iterable[Any], statements: Iterable[Statement]) -> Iterator[Statement]:
    owned = tuple([OwnedPiece(owner, piece) for piece in pieces])
    return (python.about(owned, statement) for statement in statements)


def _title(identity: Identity) -> str:
    title = f"Features of {identity.system}, owned by {identity.owner}."
    return f"{title}\n\n{identity.description}" if identity.description else title
