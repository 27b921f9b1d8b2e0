"""ConfigMaps with the files of a feature project, which the steps of every pipeline engine mount.

They have the same form for every feature store engine.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from mlopsctl.blueprint.model.blueprint import Shared
from mlopsctl.diagnostics.codes import engines as codes
from mlopsctl.diagnostics.model import Diagnostic

if TYPE_CHECKING:
    from mlopsctl.tree.fileset import File

COMPONENT = "features"
LARGEST = 1024 * 1024
"""Maximum size of a ConfigMap in the Kubernetes API, in bytes."""
_LONG_LINE = 400
"""An upper estimate of the average length of a definition's lines, in bytes."""


def manifests(shared: Shared, project: Mapping[str, str]) -> Iterator[File]:
    """Yield the ConfigMaps that the steps mount."""
    from mlopsctl.engines.shared import files, kubernetes  # a check of the size needs neither

    for name, part in _parts(project, shared.feature_maps).items():
        meta = kubernetes.metadata(shared, name, COMPONENT, wave=-1)
        config_map = kubernetes.manifest("v1", "ConfigMap", meta, data=part)
        about = (shared, shared.engines.features)
        yield files.manifest_file(f"{name.removeprefix(f'{shared.workspace}-')}.yaml", config_map, about=about)


def _parts(project: Mapping[str, str], config_maps: tuple[str, ...]) -> dict[str, dict[str, str]]:
    """Distribute the project's files over the ConfigMaps, in order."""
    size = -(-len(project) // len(config_maps))
    names = list(project)
    return {
        config_map: {name: project[name] for name in names[number * size : (number + 1) * size]}
        for number, config_map in enumerate(config_maps)
    }


def may_be_too_large(shared: Shared) -> bool:
    """Return whether a project could be too large, by an estimate that avoids rendering small ones twice."""
    lines = sum(
        4 * len([*f.sources, *f.views, *f.transforms, *f.sets]) + sum(len(view.fields) for view in f.views)
        for system in shared.systems
        if (f := system.features)
    )
    return lines * _LONG_LINE > LARGEST


def too_large(shared: Shared, project: Mapping[str, str]) -> tuple[Diagnostic, ...]:
    """Report a feature project that does not fit into the ConfigMaps that steps mount."""
    dealt = _parts(project, shared.feature_maps).values()
    size = max(sum(len(text.encode()) for text in part.values()) for part in dealt)
    if size <= LARGEST:
        return ()
    message = f"the feature project has {size} bytes, but a ConfigMap holds at most {LARGEST}"
    return (codes.FEATURES_TOO_LARGE.at(None, message, path="spec.systems"),)
