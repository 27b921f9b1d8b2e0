"""Feast: one repository for all systems of an environment, in files and in a ConfigMap.

In: what the systems of an environment share. Out: files. A single system renders nothing of its own: the feature
project is applied as a whole, so that one system reads another's features without a copy.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mlopsctl.blueprint.model import Blueprint, Shared
from mlopsctl.diagnostics.model import Diagnostic
from mlopsctl.emit import yaml
from mlopsctl.targets import files, kubernetes
from mlopsctl.targets.feast import conventions, modules, shared_limits, store
from mlopsctl.targets.feast.limits import limits
from mlopsctl.tree.fileset import FileSet

__all__ = ["limits", "limits_shared", "render", "render_shared"]


def render(blueprint: Blueprint) -> FileSet:
    """Render nothing: what a system defines is in the shared repository."""
    del blueprint
    return FileSet()


def limits_shared(shared: Shared) -> tuple[Diagnostic, ...]:
    """Find what Feast cannot do of the systems together."""
    found = shared_limits.limits_shared(shared)
    if found or not shared_limits.may_be_too_large(shared):
        return found
    parts = _parts(dict(_repository(shared)), shared.feature_maps)
    return shared_limits.too_large(max(sum(len(text.encode()) for text in part.values()) for part in parts.values()))


def render_shared(shared: Shared) -> FileSet:
    """Render the repository, and the ConfigMap that steps mount it from."""
    repository = dict(_repository(shared))
    if not repository:
        return FileSet()
    return FileSet.of(
        [files.text_file(f"repo/{name}", text) for name, text in repository.items()],
        [
            files.manifest_file(f"{name.removeprefix(f'{shared.workspace}-')}.yaml", _config_map(shared, name, part))
            for name, part in _parts(repository, shared.feature_maps).items()
        ],
    )


def _parts(repository: dict[str, str], config_maps: tuple[str, ...]) -> dict[str, dict[str, str]]:
    """Deal the repository's files out to the ConfigMaps, in their order."""
    each = -(-len(repository) // len(config_maps))
    names = list(repository)
    return {
        config_map: {name: repository[name] for name in names[number * each : (number + 1) * each]}
        for number, config_map in enumerate(config_maps)
    }


def _config_map(shared: Shared, name: str, part: dict[str, str]) -> dict[str, Any]:
    meta = kubernetes.metadata(shared, name, conventions.COMPONENT, wave=-1)
    return kubernetes.manifest("v1", "ConfigMap", meta, data=part)


def _repository(shared: Shared) -> Iterator[tuple[str, str]]:
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
