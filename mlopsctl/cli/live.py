"""`mlopsctl diff --live`: what a sync would change in the environment's cluster, found out without changing it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from mlopsctl import cli
from mlopsctl.blueprint.model import Shared
from mlopsctl.cli import project as projects
from mlopsctl.cli import report
from mlopsctl.cli.clusters import opened
from mlopsctl.diagnostics.codes import tree as codes
from mlopsctl.diagnostics.model import Diagnostic, has_errors

if TYPE_CHECKING:
    from mlopsctl.change.manifests_read import Thing
    from mlopsctl.cluster.api import Cluster
    from mlopsctl.cluster.live import Live

_PART_OF, _ENVIRONMENT, _SYSTEM = "app.kubernetes.io/part-of", "mlopsctl.dev/environment", "mlopsctl.dev/system"
_MANAGED_BY = "app.kubernetes.io/managed-by"


def diff(
    project: projects.Project, shared: Shared, context: str | None, server: str | None, system: str | None
) -> tuple[dict[str, Any] | None, int]:
    """Return the document of what differs, or None where the cluster gave no answer, and the exit code so far."""
    from mlopsctl.change.diff_json import document
    from mlopsctl.change.manifests import difference
    from mlopsctl.cluster.api import OutOfReach

    try:
        cluster = opened(shared.place.cluster, context, server)
        found = compared(shared, cluster, system)
    except OutOfReach as away:
        out_of_reach(project, str(away))
        return None, cli.ERRORS
    report.show(found.diagnostics, (), project.root, "text")
    code = cli.ERRORS if has_errors(found.diagnostics) else cli.OK
    now = f"{shared.environment} as rendered now"
    if code != cli.OK:
        now += ", as far as the cluster answered,"
    return document(difference(found.entries), called(cluster), now), code


def compared(shared: Shared, cluster: Cluster, system: str | None) -> Live:
    """Compare an environment, or one system of it, with its cluster."""
    from mlopsctl.cluster.live import Live, compare
    from mlopsctl.cluster.rendered import here

    every = objects(shared)
    found = [one for one in here(every, shared.place.cluster) if system in (None, one.unit)]
    labels = {key: shared.labels[key] for key in (_MANAGED_BY, _PART_OF, _ENVIRONMENT)}
    live = compare(found, every, cluster, {**labels, **({_SYSTEM: system} if system else {})})
    away = len(every) - len(here(every, shared.place.cluster))
    return Live(live.entries, (*live.diagnostics, *_elsewhere(away)))


def objects(shared: Shared) -> Sequence[Thing]:
    """Render an environment and return the objects that are applied."""
    from mlopsctl.cluster.rendered import applied
    from mlopsctl.compile import render

    units = render(shared).items()
    return applied({f"{shared.environment}/{unit}/{one.path}": one.content for unit, files in units for one in files})


def called(cluster: Cluster) -> str:
    """Say which cluster was asked."""
    return f"the cluster {cluster.context.server} (context {cluster.context.name})"


def out_of_reach(project: projects.Project, why: str) -> None:
    """Tell that a cluster gave no answer."""
    report.show((codes.OUT_OF_REACH.at(None, why),), (), project.root, "text")


def only(shared: Sequence[Shared], environments: Sequence[str]) -> Shared:
    """Return the one environment that was asked for; a usage error where none or several were."""
    if len(environments) != 1 or len(shared) != 1:
        raise click.UsageError("a cluster is compared with one environment: name it with --env")
    return shared[0]


def _elsewhere(count: int) -> tuple[Diagnostic, ...]:
    if not count:
        return ()
    message = f"{count} objects of Argo CD's own live in its cluster and were not compared"
    return (codes.ELSEWHERE.at(None, message, help="`mlopsctl status` shows what they say"),)
