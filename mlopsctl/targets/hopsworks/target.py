"""Hopsworks: one project's definitions for all systems of an environment, in files and in a ConfigMap.

In: what the systems of an environment share. Out: Python modules with `apply(fs)`. A single system renders nothing of
its own: a set may join the feature group of another system, and all are of one project.
"""

from __future__ import annotations

from mlopsctl.blueprint.model import Blueprint, Shared
from mlopsctl.targets import feature_maps, files
from mlopsctl.targets.hopsworks.limits import limits, limits_shared
from mlopsctl.targets.hopsworks.repository import repository
from mlopsctl.tree.fileset import FileSet

__all__ = ["limits", "limits_shared", "render", "render_shared"]


def render(blueprint: Blueprint) -> FileSet:
    """Render nothing: what a system defines is in the shared project."""
    del blueprint
    return FileSet()


def render_shared(shared: Shared) -> FileSet:
    """Render the modules, and the ConfigMap that steps mount them from."""
    made = dict(repository(shared))
    if not made:
        return FileSet()
    return FileSet.of(
        [files.text_file(f"repo/{name}", text) for name, text in made.items()],
        feature_maps.manifests(shared, made),
    )
