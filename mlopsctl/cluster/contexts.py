"""Find the kubeconfig context whose address is the environment's.

The address must match, or the user names the context explicitly, so that the wrong cluster is never read silently.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from msgspec import Struct

OWN = "https://kubernetes.default.svc"
"""Argo CD's name of its own cluster, which does not contain an address."""


class Context(Struct, frozen=True):
    """A context and the address of its cluster."""

    name: str
    server: str
    current: bool = False


class UnknownClusterError(Exception):
    """The cluster is ambiguous; the text says what to do."""


def contexts(kubeconfig: str) -> tuple[Context, ...]:
    """Read the contexts of the kubeconfig files, in the format of `KUBECONFIG`. Credentials are not read."""
    files = [_kubeconfig(Path(path).expanduser()) for path in kubeconfig.split(os.pathsep) if path]
    files = [file for file in files if file]
    if not files:
        raise UnknownClusterError(f"there is no kubeconfig at `{kubeconfig}`")
    current = next((file["current-context"] for file in files if file.get("current-context")), None)
    servers = {
        name: str(entry.get("server", "")) for name, entry in _entries_by_name(files, "clusters", "cluster").items()
    }
    return tuple(
        Context(name, servers.get(str(entry.get("cluster")), ""), name == current)
        for name, entry in _entries_by_name(files, "contexts", "context").items()
    )


def choose(available: Iterable[Context], cluster: str, name: str | None, server: str | None) -> Context:
    """Return the context of `cluster`; `name` and `server` are the user's explicit choice.

    `server` is the cluster's address from this machine, if it differs from the spec.
    """
    available = tuple(available)
    address = server or cluster
    if name:
        return _confirmed(available, name, address, sure=server is None and same_server(cluster, OWN))
    if server is None and same_server(cluster, OWN):
        raise UnknownClusterError(
            f"the spec calls this environment's cluster {OWN}, which is Argo CD's own, wherever that is: "
            f"name its context with --context; there are {_names(available)}"
        )
    contexts = [context for context in available if same_server(context.server, address)]
    if not contexts:
        raise UnknownClusterError(f"no context of the kubeconfig is of {address}; there are {_names(available)}")
    chosen = contexts if len(contexts) == 1 else [context for context in contexts if context.current]
    if not chosen:
        raise UnknownClusterError(f"several contexts are of {address}: name one with --context: {_names(contexts)}")
    return chosen[0]


def _confirmed(available: tuple[Context, ...], name: str, address: str, *, sure: bool) -> Context:
    context = next((candidate for candidate in available if candidate.name == name), None)
    if context is None:
        raise UnknownClusterError(f"the kubeconfig has no context `{name}`; there are {_names(available)}")
    if not sure and not same_server(context.server, address):
        raise UnknownClusterError(
            f"context `{name}` is of {context.server or 'no cluster'}, and the environment's cluster is {address}; "
            f"if that is the same one, say so with --server {context.server}"
        )
    return context


def same_server(text: str, other: str) -> bool:
    """Return whether two addresses are equivalent."""
    return bool(text) and _normal(text) == _normal(other)


def _normal(address: str) -> tuple[str, str, int, str]:
    try:
        parts = urlsplit(address)
        port = parts.port or (80 if parts.scheme == "http" else 443)
    except ValueError:
        return (address, "", 0, "")
    return (parts.scheme.lower(), (parts.hostname or "").rstrip("."), port, parts.path.rstrip("/"))


def _names(contexts: Iterable[Context]) -> str:
    return ", ".join(f"`{context.name}` ({context.server or 'no cluster'})" for context in contexts) or "none"


def _kubeconfig(path: Path) -> dict[str, Any]:
    """Read one file; empty if it does not exist."""
    import yaml

    try:
        value = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (yaml.YAMLError, OSError, ValueError) as error:
        raise UnknownClusterError(f"the kubeconfig `{path}` cannot be read: {type(error).__name__}") from error
    return value if isinstance(value, dict) else {}


def _entries_by_name(files: Iterable[dict[str, Any]], listed: str, inside: str) -> dict[str, dict[str, Any]]:
    """Return the named entries of all files; the first file with a name takes precedence."""
    by_name: dict[str, dict[str, Any]] = {}
    for file in files:
        entries = file.get(listed)
        for entry in entries if isinstance(entries, list) else ():
            if isinstance(entry, dict) and isinstance(entry.get(inside), dict):
                by_name.setdefault(str(entry.get("name")), entry[inside])
    return by_name
