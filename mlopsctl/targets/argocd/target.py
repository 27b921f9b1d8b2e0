"""The target argocd: what carries the rendered tree to the cluster.

In: what systems share, and the files of every unit. Out: Applications beside the units they deliver, the project that
allows exactly what was rendered, and what the platform applies once. Never another target's object.
"""

from __future__ import annotations

from collections.abc import Mapping

from mlopsctl.blueprint.model import Blueprint, Shared
from mlopsctl.diagnostics.codes import engines as codes
from mlopsctl.diagnostics.model import Diagnostic
from mlopsctl.targets.argocd import applications, conventions, health, project
from mlopsctl.targets.argocd.folders import rendered
from mlopsctl.targets.files import manifest_file, yaml_file
from mlopsctl.tree.fileset import FileSet


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


def limits(blueprint: Blueprint) -> tuple[Diagnostic, ...]:  # noqa: ARG001 - every target is asked
    """Return nothing: any system can be delivered."""
    return ()


def limits_shared(shared: Shared) -> tuple[Diagnostic, ...]:
    """Find systems whose Application would have the name of another."""
    taken = {conventions.shared_application(shared): "what systems share", conventions.root(shared): "the root"}
    found = []
    for system in shared.systems:
        who = system.identity.system
        for name in (conventions.application(system), conventions.runs(system)):
            other = taken.setdefault(name, f"the system `{who}`")
            if other != f"the system `{who}`":
                message = f"the Application `{name}` of `{who}` has the name of the one for {other}"
                found.append(codes.ARGOCD_NAME.at(None, message, path=f"{who}:metadata.name"))
    return tuple(found)
