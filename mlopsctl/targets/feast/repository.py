"""The feature repository of an environment, as texts by file name.

In: what the systems share. Out: the files, and how they are dealt out to ConfigMaps. Never a Kubernetes object.
"""

from __future__ import annotations

from collections.abc import Iterator

from mlopsctl.blueprint.model import Of, Shared
from mlopsctl.emit import yaml
from mlopsctl.emit.origin import whole
from mlopsctl.targets.feast import conventions, modules, store


def repository(shared: Shared) -> Iterator[tuple[str, str]]:
    """Yield the repository's files; there is none where no system has features."""
    systems = [(one, one.features) for one in shared.systems if one.features]
    if not systems:
        return
    named = {one.identity.system: features.module for one, features in systems}
    engine = shared.engines.features
    document = store.feature_store(shared.project, engine.settings)
    yield conventions.STORE_FILE, whole((engine, shared), yaml.dumps(document))
    yield _python(conventions.ENTITIES), whole((engine,), modules.entities_module(systems))
    transforms = [Of(one, transform) for one, features in systems for transform in features.transforms]
    if transforms:
        yield _python(conventions.ON_DEMAND), whole(tuple(transforms), modules.on_demand_module())
    for one, features in systems:
        yield _python(features.module), whole((Of(one, one.identity),), modules.system_module(one, features, named))


def parts(repository: dict[str, str], config_maps: tuple[str, ...]) -> dict[str, dict[str, str]]:
    """Deal the repository's files out to the ConfigMaps, in their order."""
    each = -(-len(repository) // len(config_maps))
    names = list(repository)
    return {
        config_map: {name: repository[name] for name in names[number * each : (number + 1) * each]}
        for number, config_map in enumerate(config_maps)
    }


def _python(module: str) -> str:
    return f"{module}.py"
