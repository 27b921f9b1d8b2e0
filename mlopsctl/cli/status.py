"""`mlopsctl status`: per environment what is deployed, which model version serves, what has drifted from Git."""

from __future__ import annotations

import gc
import json
from typing import TYPE_CHECKING, Any

import click
from msgspec import to_builtins

from mlopsctl import cli
from mlopsctl.blueprint.model import Shared
from mlopsctl.cli import clusters, live, report
from mlopsctl.cli import project as projects
from mlopsctl.cli.sides import decided
from mlopsctl.cli.status_text import lines
from mlopsctl.diagnostics.codes import tree as codes
from mlopsctl.diagnostics.model import Severity

if TYPE_CHECKING:
    from mlopsctl.cluster.api import Cluster

VERSION = 1


@click.command(name="status")
@click.argument("path", required=False)
@click.option("--env", "environments", multiple=True, help="Only this environment; may be given again.")
@clusters.options
@click.option("--argocd-context", help="The context of Argo CD's cluster, where that is not the environment's.")
@click.option("-o", "--format", "output_format", type=click.Choice(("text", "json")), default="text", show_default=True)
def command(
    path: str | None,
    environments: tuple[str, ...],
    context: str | None,
    server: str | None,
    argocd_context: str | None,
    output_format: str,
) -> int:
    """Show what is deployed in each environment, which model version serves, and what has drifted from Git.

    PATH is a workspace, a spec or a folder; left out, the nearest one here or above. Nothing is written.
    """
    from mlopsctl.compile import ready

    gc.disable()
    project = projects.load(path)
    projects.known_environments(project, environments)
    now = decided(project, environments, "the specs here")
    report.show(now.diagnostics, tuple(one.environment for one in now.shared), project.root, "text")
    if not ready(now.diagnostics) or not now.shared:
        return cli.ERRORS
    if len(now.shared) > 1 and (context or server):
        raise click.UsageError("--context and --server are about one environment's cluster: name it with --env")
    told = [_told(project, one, (context, server, argocd_context), len(now.shared) == 1) for one in now.shared]
    if output_format == "json":
        click.echo(json.dumps({"version": VERSION, "environments": told}, indent=2))
    else:
        click.echo("\n\n".join("\n".join(lines(one)) for one in told))
    return cli.OK if all(one["reached"] for one in told) else cli.ERRORS


def _told(
    project: projects.Project, shared: Shared, named: tuple[str | None, str | None, str | None], alone: bool
) -> dict[str, Any]:
    """Ask an environment's clusters. One that gives no answer is told, and the other environments are asked."""
    from mlopsctl.cluster.api import OutOfReach, Refusal

    context, server, argocd_context = named
    told: dict[str, Any] = {"environment": shared.environment, "reached": False}
    try:
        cluster = clusters.opened(shared.place.cluster, context, server)
        told |= _asked(project, shared, cluster, _argocd(project, shared, cluster, argocd_context))
    except click.UsageError as unclear:
        if alone:
            raise
        live.out_of_reach(project, f"{shared.environment}: {unclear.message}")
    except (OutOfReach, Refusal) as away:
        live.out_of_reach(project, f"{shared.environment}: {away}")
    return told


def _asked(project: projects.Project, shared: Shared, cluster: Cluster, home: Cluster | None) -> dict[str, Any]:
    """Return what the clusters say; `home` is Argo CD's."""
    from mlopsctl.cluster.status import applications, served

    every = live.objects(shared)
    found = live.compared(shared, cluster, None)
    problems = [one for one in found.diagnostics if one.severity is not Severity.NOTE]
    report.show(problems, (), project.root, "text")
    drift = [{"verdict": one.verdict, "kind": one.kind, "name": one.name, "unit": one.unit} for one in found.entries]
    return {
        "reached": True,
        "cluster": {"server": cluster.context.server, "context": cluster.context.name},
        "applications": [to_builtins(one) for one in applications(every, home)] if home else None,
        "models": [{**to_builtins(one), "agrees": one.agrees} for one in served(shared, every, cluster)],
        "drift": drift,
        "complete": not problems,
    }


def _argocd(project: projects.Project, shared: Shared, cluster: Cluster, context: str | None) -> Cluster | None:
    """Return Argo CD's cluster, where that is known; None where it is not, or there is no Argo CD."""
    from mlopsctl.cluster.contexts import OWN, same

    if shared.engines.delivery is None:
        return None
    if context:
        return clusters.opened(OWN, context, None)
    if same(shared.place.cluster, OWN):
        return cluster
    message = f"what Argo CD says of {shared.environment} is not known: it runs in another cluster"
    report.show((codes.ELSEWHERE.at(None, message),), (), project.root, "text")
    return None
