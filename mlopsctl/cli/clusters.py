"""Which cluster a verb asks, and the options that say so.

In: an environment and what a person named. Out: an open cluster, or a usage error that says which there are.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from mlopsctl.cluster.api import Cluster

_DEFAULT = "~/.kube/config"


def options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that name a cluster to a verb."""
    context = click.option("--context", help="The kubeconfig's context. Default: the one of the environment's cluster.")
    server = click.option("--server", help="The cluster's address from here, where the spec knows it by another.")
    return context(server(command))


def opened(cluster: str, context: str | None, server: str | None) -> Cluster:
    """Open the cluster of an environment, `cluster` being its address in the spec."""
    try:
        import kubernetes  # noqa: F401 - asked whether it is there
    except ModuleNotFoundError:
        raise click.UsageError("asking a cluster needs the extra `run`: pip install 'mlopsctl[run]'") from None
    from mlopsctl.cluster.api import Cluster
    from mlopsctl.cluster.contexts import Unclear, choose, contexts

    # It tells of every attempt on the error stream; what came of them is told once, as a finding.
    logging.getLogger("urllib3").setLevel(logging.CRITICAL)
    kubeconfig = os.environ.get("KUBECONFIG") or _DEFAULT
    try:
        return Cluster(kubeconfig, choose(contexts(kubeconfig), cluster, context, server))
    except Unclear as unclear:
        raise click.UsageError(str(unclear)) from unclear
