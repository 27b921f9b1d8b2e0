"""Which cluster is meant: a context of the kubeconfig whose address is the environment's.

In: contexts, the environment's cluster, and what a person named. Out: one context, or a reason why none. A wrong
cluster is never taken in silence: the address has to match, or a person says that this is the one.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from msgspec import Struct

OWN = "https://kubernetes.default.svc"
"""How Argo CD calls the cluster it runs in, which says nothing of its address."""


class Context(Struct, frozen=True):
    """A context and the address of its cluster."""

    name: str
    server: str
    current: bool = False


class Unclear(Exception):  # noqa: N818 - it is an answer: which cluster is meant is not known
    """The cluster is not known for sure; the text says what to do."""


def contexts(kubeconfig: str) -> tuple[Context, ...]:
    """Read the contexts of the kubeconfig files, given as `KUBECONFIG` does. No credential is looked at."""
    files = [_read(Path(one).expanduser()) for one in kubeconfig.split(os.pathsep) if one]
    files = [one for one in files if one]
    if not files:
        raise Unclear(f"there is no kubeconfig at `{kubeconfig}`")
    current = next((one["current-context"] for one in files if one.get("current-context")), None)
    servers = {name: str(one.get("server", "")) for name, one in _named(files, "clusters", "cluster").items()}
    return tuple(
        Context(name, servers.get(str(one.get("cluster")), ""), name == current)
        for name, one in _named(files, "contexts", "context").items()
    )


def choose(known: Iterable[Context], cluster: str, named: str | None, server: str | None) -> Context:
    """Return the context of `cluster`; `named` and `server` are a person's word on which it is.

    `server` is the address by which the cluster is reached from here, where that is another than in the spec.
    """
    known = tuple(known)
    wanted = server or cluster
    if named:
        return _confirmed(known, named, wanted, sure=server is None and same(cluster, OWN))
    if server is None and same(cluster, OWN):
        raise Unclear(
            f"the spec calls this environment's cluster {OWN}, which is Argo CD's own, wherever that is: "
            f"name its context with --context; there are {_names(known)}"
        )
    found = [one for one in known if same(one.server, wanted)]
    if not found:
        raise Unclear(f"no context of the kubeconfig is of {wanted}; there are {_names(known)}")
    chosen = found if len(found) == 1 else [one for one in found if one.current]
    if not chosen:
        raise Unclear(f"several contexts are of {wanted}: name one with --context: {_names(found)}")
    return chosen[0]


def _confirmed(known: tuple[Context, ...], named: str, wanted: str, *, sure: bool) -> Context:
    found = next((one for one in known if one.name == named), None)
    if found is None:
        raise Unclear(f"the kubeconfig has no context `{named}`; there are {_names(known)}")
    if not sure and not same(found.server, wanted):
        raise Unclear(
            f"context `{named}` is of {found.server or 'no cluster'}, and the environment's cluster is {wanted}; "
            f"if that is the same one, say so with --server {found.server}"
        )
    return found


def same(one: str, other: str) -> bool:
    """Tell whether two addresses are the same, however they are written."""
    return bool(one) and _normal(one) == _normal(other)


def _normal(address: str) -> tuple[str, str, int, str]:
    try:
        parts = urlsplit(address)
        port = parts.port or (80 if parts.scheme == "http" else 443)
    except ValueError:
        return (address, "", 0, "")
    return (parts.scheme.lower(), (parts.hostname or "").rstrip("."), port, parts.path.rstrip("/"))


def _names(known: Iterable[Context]) -> str:
    return ", ".join(f"`{one.name}` ({one.server or 'no cluster'})" for one in known) or "none"


def _read(path: Path) -> dict[str, Any]:
    """Read one file; nothing where there is none."""
    import yaml

    try:
        value = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (yaml.YAMLError, OSError, ValueError) as error:
        raise Unclear(f"the kubeconfig `{path}` cannot be read: {type(error).__name__}") from error
    return value if isinstance(value, dict) else {}


def _named(files: Iterable[dict[str, Any]], listed: str, inside: str) -> dict[str, dict[str, Any]]:
    """Return the named things of all files; the first file to name one has the say."""
    found: dict[str, dict[str, Any]] = {}
    for file in files:
        things = file.get(listed)
        for one in things if isinstance(things, list) else ():
            if isinstance(one, dict) and isinstance(one.get(inside), dict):
                found.setdefault(str(one.get("name")), one[inside])
    return found
