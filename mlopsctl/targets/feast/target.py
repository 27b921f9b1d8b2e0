"""Feast: one repository for all systems of an environment, in files and in a ConfigMap.

In: what the systems of an environment share. Out: files. A single system renders nothing of its own: the feature
project is applied as a whole, so that one system reads another's features without a copy.
"""

from __future__ import annotations

from mlopsctl.blueprint.model import Blueprint, Shared
from mlopsctl.targets import feature_maps, files
from mlopsctl.targets.feast.limits import limits, limits_shared
from mlopsctl.targets.feast.repository import repository
from mlopsctl.tree.fileset import FileSet

__all__ = ["limits", "limits_shared", "render", "render_shared"]


def render(blueprint: Blueprint) -> FileSet:
    """Render nothing: what a system defines is in the shared repository."""
    del blueprint
    return FileSet()


def render_shared(shared: Shared) -> FileSet:
    """Render the repository, and the ConfigMap that steps mount it from."""
    made = dict(repository(shared))
    if not made:
        return FileSet()
    return FileSet.of(
        [files.text_file(f"repo/{name}", text) for name, text in made.items()],
        feature_maps.manifests(shared, made),
    )
