"""The feature repository of an environment, as texts by file name."""

from __future__ import annotations

from collections.abc import Iterator

from mlopsctl.blueprint.model.blueprint import Shared
from mlopsctl.blueprint.model.pieces import OwnedPiece
from mlopsctl.emit import yaml
from mlopsctl.emit.origin import about_text
from mlopsctl.engines.feast import conventions, modules, store


def repository(shared: Shared) -> Iterator[tuple[str, str]]:
    """Yield the repository's files; there are none if no system has features."""
    systems = [(system, system.features) for system in shared.systems if system.features]
    if not systems:
        return
    modules_by_system = {blueprint.identity.system: features.module for blueprint, features in systems}
    engine = shared.engines.features
    document = store.feature_store(shared.project, engine.settings)
    yield conventions.STORE_FILE, about_text((engine, shared), yaml.dumps(document))
    yield _python(conventions.ENTITIES), about_text((engine,), modules.entities_module(systems))
    transforms = [
        OwnedPiece(blueprint, transform) for blueprint, features in systems for transform in features.transforms
    ]
    if transforms:
        yield _python(conventions.ON_DEMAND), about_text(tuple(transforms), modules.on_demand_module())
    for blueprint, features in systems:
        yield (
            _python(features.module),
            about_text(
                (OwnedPiece(blueprint, blueprint.identity),),
                modules.system_module(blueprint, features, modules_by_system),
            ),
        )


def _python(module: str) -> str:
    return f"{module}.py"
