"""The target argocd: the Applications that apply the rendered tree."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from mlopsctl.blueprint.model.blueprint import Blueprint, Shared
from mlopsctl.blueprint.model.pieces import OwnedPiece, Part
from mlopsctl.blueprint.model.platform import Engine
from mlopsctl.engines.argocd import applications, conventions, health, project
from mlopsctl.engines.argocd.folders import rendered
from mlopsctl.engines.argocd.limits import limits, limits_shared
from mlopsctl.engines.base import Renderer
from mlopsctl.engines.shared.files import manifest_file, yaml_file
from mlopsctl.tree.fileset import FileSet

__all__ = ["RENDERER", "limits", "limits_shared", "render_delivery"]


def render_delivery(shared: Shared, units: Mapping[str, FileSet]) -> dict[str, FileSet]:
    """Return the delivery files of each unit."""
    rendered_units = {unit: rendered(files) for unit, files in units.items()}
    common = shared.place.path.rpartition("/")[2]
    kinds = frozenset([kind for unit in rendered_units.values() for kind in unit.kinds])
    delivery = {}
    for system in shared.systems:
        name = system.identity.system
        if objects := applications.of_system(system, rendered_units[name]):
            about = (system.place, _engine(system), Part(system, "kinds"))
            delivery[name] = FileSet.of(manifest_file("application.yaml", *objects, about=about))
    together = applications.of_shared(shared, rendered_units[common])
    where = (shared, shared.place, _engine(shared))
    # Which kinds there are follows from what each system asks for.
    rendered_from = (*where, *(OwnedPiece(system, Part(system, "kinds")) for system in shared.systems))
    delivery[common] = FileSet.of(
        manifest_file("project.yaml", project.project(shared, kinds), about=rendered_from),
        [manifest_file("application.yaml", *together, about=where)] if together else [],
        yaml_file("health/argocd-cm.yaml", health.patch(shared, kinds), about=rendered_from),
    )
    root = (project.root_project(shared), applications.root(shared, delivery))
    # The root Application names its units.
    root_about = (*where, *(OwnedPiece(system, Part(system.identity, "system")) for system in shared.systems))
    bootstrap = manifest_file("root.yaml", *root, folder=conventions.BOOTSTRAP, about=root_about)
    return {**delivery, common: FileSet.of(delivery[common], bootstrap)}


def _engine(owner: Blueprint | Shared) -> Engine:
    assert owner.engines.delivery  # noqa: S101 - the target serves only stacks that have one
    return owner.engines.delivery


RENDERER: Final = Renderer(delivery=render_delivery)
