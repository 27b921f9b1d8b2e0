"""The target argocd: what carries the rendered tree to the cluster.

In: what systems share, and the files of every unit. Out: Applications beside the units they deliver, the project that
allows exactly what was rendered, and what the platform applies once. Never another target's object.
"""

from __future__ import annotations

from collections.abc import Mapping

from mlopsctl.blueprint.model import Blueprint, Engine, Of, Part, Shared
from mlopsctl.targets.argocd import applications, health, project
from mlopsctl.targets.argocd.folders import rendered
from mlopsctl.targets.argocd.limits import limits, limits_shared
from mlopsctl.targets.files import manifest_file, yaml_file
from mlopsctl.tree.fileset import FileSet

__all__ = ["limits", "limits_shared", "render_delivery"]


def render_delivery(shared: Shared, units: Mapping[str, FileSet]) -> dict[str, FileSet]:
    """Return for each unit what delivers it."""
    found = {unit: rendered(files) for unit, files in units.items()}
    common = shared.place.path.rpartition("/")[2]
    kinds = frozenset([kind for one in found.values() for kind in one.kinds])
    delivery = {}
    for system in shared.systems:
        name = system.identity.system
        if made := applications.of_system(system, found[name]):
            about = (system.place, _engine(system), Part(system, "kinds"))
            delivery[name] = FileSet.of(manifest_file("application.yaml", *made, about=about))
    together = applications.of_shared(shared, found[common])
    where = (shared, shared.place, _engine(shared))
    # Which kinds there are follows from what each system asks for.
    rendered_from = (*where, *(Of(system, Part(system, "kinds")) for system in shared.systems))
    delivery[common] = FileSet.of(
        manifest_file("project.yaml", project.project(shared, kinds), about=rendered_from),
        [manifest_file("application.yaml", *together, about=where)] if together else [],
        manifest_file(
            "root.yaml", project.root_project(shared), applications.root(shared), folder="bootstrap", about=where
        ),
        yaml_file("health/argocd-cm.yaml", health.patch(shared, kinds), about=rendered_from),
    )
    return delivery


def _engine(owner: Blueprint | Shared) -> Engine:
    assert owner.engines.delivery  # noqa: S101 - the target serves only stacks that have one
    return owner.engines.delivery
