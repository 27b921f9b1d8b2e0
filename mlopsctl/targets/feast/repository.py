"""The feature repository of an environment, as texts by file name.

In: what the systems share. Out: the files. Never a Kubernetes object.
"""

from __future__ import annotations

from collections.abc import Iterator

from mlopsctl.blueprint.model import Shared
from mlopsctl.emit import yaml
from mlopsctl.targets.feast import conventions, modules, store


def repository(shared: Shared) -> Iterator[tuple[str, str]]:
    """Yield the repository's files; there is none where no system has features."""
    systems = [(one, one.features) for one in shared.systems if one.features]
    if not systems:
        return
    named = {one.identity.system: features.module for one, features in systems}
    yield conventions.STORE_FILE, yaml.dumps(store.feature_store(shared.project, shared.engines.features.settings))
    yield _python(conventions.ENTITIES), modules.entities_module(systems)
    if any(features.transforms for _, features in systems):
        yield _python(conventions.ON_DEMAND), modules.on_demand_module()
    for one, features in systems:
        yield _python(features.module), modules.system_module(one, features, named)


def _python(module: str) -> str:
    return f"{module}.py"
