"""The target argocd: what carries the rendered tree to the cluster.

In: what systems share, and the files of every unit. Out: Applications beside the units they deliver, the project that
allows exactly what was rendered, and what the platform applies once. Never another target's object.
"""

from __future__ import annotations

from collections.abc import Mapping

from mlopsctl.blueprint.model import Shared
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
            delivery[name] = FileSet.of(manifest_file("application.yaml", *made))
    together = applications.of_shared(shared, found[common])
    delivery[common] = FileSet.of(
        manifest_file("project.yaml", project.project(shared, kinds)),
        [manifest_file("application.yaml", *together)] if together else [],
        manifest_file("root.yaml", project.root_project(shared), applications.root(shared), folder="bootstrap"),
        yaml_file("health/argocd-cm.yaml", health.patch(shared, kinds)),
    )
    return delivery
