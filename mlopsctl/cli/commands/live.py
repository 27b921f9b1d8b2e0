"""`mlopsctl diff --live`: what a sync would change in the environment's cluster, by server-side dry runs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from mlopsctl import cli
from mlopsctl.blueprint.model.blueprint import Shared
from mlopsctl.cli import output as report
from mlopsctl.cli.options import opened
from mlopsctl.diagnostics.codes import tree as codes
from mlopsctl.diagnostics.model import Diagnostic, has_errors
from mlopsctl.project import discovery as projects

if TYPE_CHECKING:
    from mlopsctl.cluster.api import Cluster
    from mlopsctl.cluster.live import Live
    from mlopsctl.manifest_diff.reader import TreeObject

_PART_OF, _ENVIRONMENT, _SYSTEM = "app.kubernetes.io/part-of", "mlopsctl.dev/environment", "mlopsctl.dev/system"
_MANAGED_BY = "app.kubernetes.io/managed-by"


def diff(
    project: projects.Project, shared: Shared, context: str | None, server: str | None, system: str | None
) -> tuple[dict[str, Any] | None, int]:
    """Return the differences, or None where the cluster does not respond, and the exit code so far."""
    from mlopsctl.cluster.api import OutOfReach
    from mlopsctl.manifest_diff.comparison import difference
    from mlopsctl.manifest_diff.views.json import document

    try:
        cluster = opened(shared.place.cluster, context, server)
        live = compared(shared, cluster, system)
    except OutOfReach as away:
        out_of_reach(project, str(away))
        return None, cli.ERRORS
    report.show(live.diagnostics, (), project.root, "text")
    code = cli.ERRORS if has_errors(live.diagnostics) else cli.OK
    now = f"{shared.environment} as rendered now"
    if code != cli.OK:
        now += " (some objects could not be compared)"
    return document(difference(live.entries), called(cluster), now), code


def compared(shared: Shared, cluster: Cluster, system: str | None) -> Live:
    """Compare an environment, or one of its systems, with its cluster."""
    from mlopsctl.cluster.live import Live, compare
    from mlopsctl.cluster.rendered import in_own_cluster

    every_object = objects(shared)
    in_cluster = [obj for obj in in_own_cluster(every_object, shared.place.cluster) if system in (None, obj.unit)]
    labels = {key: shared.labels[key] for key in (_MANAGED_BY, _PART_OF, _ENVIRONMENT)}
    live = compare(in_cluster, every_object, cluster, {**labels, **({_SYSTEM: system} if system else {})})
    away = len(every_object) - len(in_own_cluster(every_object, shared.place.cluster))
    return Live(live.entries, (*live.diagnostics, *_elsewhere(away)))


def objects(shared: Shared) -> Sequence[TreeObject]:
    """Render an environment and return the applied objects."""
    from mlopsctl.cluster.rendered import applied
    from mlopsctl.compiler import render

    units = render(shared).items()
    return applied(
        {f"{shared.environment}/{unit}/{file.path}": file.content for unit, files in units for file in files}
    )


def called(cluster: Cluster) -> str:
    """Return the name of the cluster, for output."""
    return f"the cluster {cluster.context.server} (context {cluster.context.name})"


def out_of_reach(project: projects.Project, why: str) -> None:
    """Report a cluster that does not respond."""
    report.show((codes.OUT_OF_REACH.at(None, why),), (), project.root, "text")


def only(shared: Sequence[Shared], environments: Sequence[str]) -> Shared:
    """Return the selected environment; raise a usage error for none or several."""
    if len(environments) != 1 or len(shared) != 1:
        raise click.UsageError("--live compares one environment: choose it with --env")
    return shared[0]


def _elsewhere(count: int) -> tuple[Diagnostic, ...]:
    if not count:
        return ()
    message = f"{count} objects of Argo CD are in its own cluster and were not compared"
    return (codes.ELSEWHERE.at(None, message, help="`mlopsctl status` shows their state"),)
