"""The options that choose a cluster, and the connection to it."""

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
    """Add the options that choose a cluster to a verb."""
    context = click.option(
        "--context", help="Context in the kubeconfig. Default: the one of the environment's cluster."
    )
    server = click.option("--server", help="Address of the cluster from this machine, when it differs from the spec.")
    return context(server(command))


def opened(cluster: str, context: str | None, server: str | None) -> Cluster:
    """Connect to the cluster of an environment; `cluster` is its address in the spec."""
    try:
        import kubernetes  # noqa: F401 - asked whether it is there
    except ModuleNotFoundError:
        raise click.UsageError("reading a cluster needs the extra `run`: pip install 'mlopsctl[run]'") from None
    from mlopsctl.cluster.api import Cluster
    from mlopsctl.cluster.contexts import UnknownClusterError, choose, contexts

    # The library logs every attempt; the result is reported once, as a diagnostic.
    logging.getLogger("urllib3").setLevel(logging.CRITICAL)
    kubeconfig = os.environ.get("KUBECONFIG") or _DEFAULT
    try:
        return Cluster(kubeconfig, choose(contexts(kubeconfig), cluster, context, server))
    except UnknownClusterError as unclear:
        raise click.UsageError(str(unclear)) from unclear
