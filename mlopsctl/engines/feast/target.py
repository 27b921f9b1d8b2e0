"""Feast: one repository for all systems of an environment, in files and in a ConfigMap.

A single system renders nothing of its own: the feature project is applied as a whole, so that one system reads
another's features without a copy.
"""

from __future__ import annotations

from typing import Final

from mlopsctl.blueprint.model.blueprint import Blueprint, Shared
from mlopsctl.engines.base import Renderer
from mlopsctl.engines.feast.limits import limits, limits_shared
from mlopsctl.engines.feast.repository import repository
from mlopsctl.engines.shared import feature_maps, files
from mlopsctl.tree.fileset import FileSet

__all__ = ["RENDERER", "limits", "limits_shared", "render", "render_shared"]


def render(blueprint: Blueprint) -> FileSet:
    """Render nothing: a system's definitions are in the shared repository."""
    del blueprint
    return FileSet()


def render_shared(shared: Shared) -> FileSet:
    """Render the repository, and the ConfigMap that steps mount it from."""
    project_files = dict(repository(shared))
    if not project_files:
        return FileSet()
    return FileSet.of(
        [files.text_file(f"repo/{name}", text) for name, text in project_files.items()],
        feature_maps.manifests(shared, project_files),
    )


RENDERER: Final = Renderer(system=render, shared=render_shared)
