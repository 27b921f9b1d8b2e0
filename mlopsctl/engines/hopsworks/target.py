"""Hopsworks: one project's definitions for all systems of an environment, in files and in a ConfigMap.

A single system renders nothing of its own: a set may join the feature group of another system, and all are of one
project.
"""

from __future__ import annotations

from typing import Final

from mlopsctl.blueprint.model.blueprint import Blueprint, Shared
from mlopsctl.engines.base import Renderer
from mlopsctl.engines.hopsworks.limits import limits, limits_shared
from mlopsctl.engines.hopsworks.repository import repository
from mlopsctl.engines.shared import feature_maps, files
from mlopsctl.tree.fileset import FileSet

__all__ = ["RENDERER", "limits", "limits_shared", "render", "render_shared"]


def render(blueprint: Blueprint) -> FileSet:
    """Render nothing: what a system defines is in the shared project."""
    del blueprint
    return FileSet()


def render_shared(shared: Shared) -> FileSet:
    """Render the modules, and the ConfigMap that steps mount them from."""
    project_files = dict(repository(shared))
    if not project_files:
        return FileSet()
    return FileSet.of(
        [files.text_file(f"repo/{name}", text) for name, text in project_files.items()],
        feature_maps.manifests(shared, project_files),
    )


RENDERER: Final = Renderer(system=render, shared=render_shared)
