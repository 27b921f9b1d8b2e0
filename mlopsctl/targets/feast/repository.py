"""The feature repository of an environment, as texts by file name.

In: what the systems share. Out: the files. Never a Kubernetes object.
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


def _python(module: str) -> str:
    return f"{module}.py"
