"""`mlopsctl status`: per environment, deployed objects, served model versions, and drift from Git."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING, Any

import click
from msgspec import to_builtins

from mlopsctl import cli
from mlopsctl.blueprint.model.blueprint import Shared
from mlopsctl.cli import options as clusters
from mlopsctl.cli import output as report
from mlopsctl.cli.commands import live
from mlopsctl.cli.group import Verb
from mlopsctl.cli.views.formats import STATUS
from mlopsctl.diagnostics.codes import tree as codes
from mlopsctl.diagnostics.model import Severity
from mlopsctl.errors import UsageError
from mlopsctl.plan.sides import decided
from mlopsctl.project import discovery as projects

if TYPE_CHECKING:
    from mlopsctl.cluster.api import Cluster

VERSION = 1


@click.command(cls=Verb, name="status")
@click.argument("path", required=False)
@click.option("--env", "environments", multiple=True, help="Limit to this environment; repeatable.")
@clusters.options
@click.option("--argocd-context", help="Context of Argo CD's cluster, when it is another cluster.")
@report.formats(STATUS)
def command(
    path: str | None,
    environments: tuple[str, ...],
    context: str | None,
    server: str | None,
    argocd_context: str | None,
    output_format: str,
) -> int:
    """Show what is deployed in each environment, which model version serves, and what has drifted from Git.

    PATH is a workspace, a spec or a folder. Default: the nearest one in this folder or above it. Nothing is written.
    """
    from mlopsctl.compiler import ready

    gc.disable()
    project = projects.load(path)
    projects.known_environments(project, environments)
    now = decided(project, environments, "the working tree")
    report.show(now.diagnostics, tuple(environment.environment for environment in now.shared), project.root, "text")
    if not ready(now.diagnostics) or not now.shared:
        return cli.ERRORS
    if len(now.shared) > 1 and (context or server):
        raise click.UsageError("--context and --server need one environment: choose it with --env")
    reports = [
        _environment_report(project, environment, (context, server, argocd_context), len(now.shared) == 1)
        for environment in now.shared
    ]
    report.show_document(STATUS, {"version": VERSION, "environments": reports}, output_format)
    return cli.OK if all(item["reached"] for item in reports) else cli.ERRORS


def _environment_report(
    project: projects.Project, shared: Shared, targets: tuple[str | None, str | None, str | None], alone: bool
) -> dict[str, Any]:
    """Query an environment's clusters; report one that does not respond and continue with the others."""
    from mlopsctl.cluster.api import OutOfReach, Refusal

    context, server, argocd_context = targets
    answer: dict[str, Any] = {"environment": shared.environment, "reached": False}
    try:
        cluster = clusters.opened(shared.place.cluster, context, server)
        answer |= _cluster_report(project, shared, cluster, _argocd(project, shared, cluster, argocd_context))
    except (click.UsageError, UsageError) as unclear:
        if alone:
            raise
        live.out_of_reach(project, f"{shared.environment}: {unclear}")
    except (OutOfReach, Refusal) as away:
        live.out_of_reach(project, f"{shared.environment}: {away}")
    return answer


def _cluster_report(
    project: projects.Project, shared: Shared, cluster: Cluster, home: Cluster | None
) -> dict[str, Any]:
    """Return the state of the clusters; `home` is Argo CD's."""
    from mlopsctl.cluster.status import applications, served

    every_object = live.objects(shared)
    comparison = live.compared(shared, cluster, None)
    problems = [diagnostic for diagnostic in comparison.diagnostics if diagnostic.severity is not Severity.NOTE]
    report.show(problems, (), project.root, "text")
    drift = [
        {"verdict": entry.verdict, "kind": entry.kind, "name": entry.name, "unit": entry.unit}
        for entry in comparison.entries
    ]
    return {
        "reached": True,
        "cluster": {"server": cluster.context.server, "context": cluster.context.name},
        "applications": [to_builtins(application) for application in applications(every_object, home)]
        if home
        else None,
        "models": [{**to_builtins(model), "agrees": model.agrees} for model in served(shared, every_object, cluster)],
        "drift": drift,
        "complete": not problems,
    }


def _argocd(project: projects.Project, shared: Shared, cluster: Cluster, context: str | None) -> Cluster | None:
    """Return Argo CD's cluster; None if it is unknown or there is no Argo CD."""
    from mlopsctl.cluster.contexts import OWN, same_server

    if shared.engines.delivery is None:
        return None
    if context:
        return clusters.opened(OWN, context, None)
    if same_server(shared.place.cluster, OWN):
        return cluster
    message = f"the Argo CD state of {shared.environment} is unknown: Argo CD runs in another cluster"
    report.show((codes.ELSEWHERE.at(None, message),), (), project.root, "text")
    return None
