"""The feature project of an environment as Python modules: one a system, and one that applies them all.

In: what the systems share. Out: the modules' texts by file name. Groups come before views, because a view may join the
group of another system.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from mlopsctl.blueprint.model import Blueprint, Features, Identity, Of, Part, Shared
from mlopsctl.emit import python
from mlopsctl.emit.origin import whole
from mlopsctl.emit.python import Call, Expr, Function, Gap, Import, Statement
from mlopsctl.targets.hopsworks import conventions, groups, views
from mlopsctl.targets.imports import Imports

_GROUPS, _VIEWS = "groups", "views"
_GIVEN = {conventions.STORE.id: None}


def repository(shared: Shared) -> Iterator[tuple[str, str]]:
    """Yield the project's modules; there is none where no system has features."""
    systems = [(one, one.features) for one in shared.systems if one.features]
    if not systems:
        return
    engine = shared.engines.features
    named = tuple([Of(one, Part(one.identity, "labels")) for one, _ in systems])
    yield f"{conventions.ENTRY}.py", whole((engine, shared, *named), _entry(shared, systems))
    for one, features in systems:
        text = _module(one, features, engine.settings)
        yield f"{features.module}.py", whole((engine, Of(one, one.identity)), text)


def _entry(shared: Shared, systems: Sequence[tuple[Blueprint, Features]]) -> str:
    """Write the module with `apply(fs)`."""
    modules = sorted(features.module for _, features in systems)
    body: list[Statement] = [
        Expr(Call(f"{module}.{part}", (conventions.STORE,))) for part in (_GROUPS, _VIEWS) for module in modules
    ]
    apply = Function("apply", parameters=_GIVEN, body=body, docstring="Create what is not there yet; change nothing.")
    title = f"The feature groups and feature views of {shared.workspace} in {shared.environment}."
    return python.module(title, [*(Import(module) for module in modules), Gap(), apply])


def _module(blueprint: Blueprint, features: Features, settings: Mapping[str, Any]) -> str:
    """Write a system's module."""
    imports = Imports(())
    identity, model = blueprint.identity, blueprint.model
    made = [
        line
        for one in groups.of_system(blueprint)
        for line in _about(blueprint, one.of, groups.statements(one, identity, settings, imports))
    ]
    joined = [
        line
        for one in features.sets
        for line in _about(blueprint, (one,), views.statements(one, model, identity, imports))
    ]
    functions = [
        Function(_GROUPS, parameters=_GIVEN, body=made, docstring="Create the feature groups."),
        Function(
            _VIEWS, parameters=_GIVEN, body=joined, docstring="Create the feature views, over groups that are there."
        ),
        *(
            line
            for one in features.sets
            if views.trained_on(one, model)
            for line in _about(blueprint, (one,), [views.training_data(one)])
        ),
    ]
    return python.module(_title(identity), [*imports.statements(), *functions])


def _about(owner: Blueprint, pieces: Iterable[Any], statements: Iterable[Statement]) -> Iterator[Statement]:
    things = tuple([Of(owner, piece) for piece in pieces])
    return (python.about(things, statement) for statement in statements)


def _title(identity: Identity) -> str:
    title = f"Features of {identity.system}, owned by {identity.owner}."
    return f"{title}\n\n{identity.description}" if identity.description else title
