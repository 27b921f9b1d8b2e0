"""The target external-secrets: each secret that rendered objects refer to, fetched from the platform's store.

In: a Blueprint, or what systems share. Out: ExternalSecrets, which say where a secret lies. Never its content.
"""

from __future__ import annotations

from typing import Any

from mlopsctl.blueprint.model import Blueprint, Secret, Shared
from mlopsctl.emit.origin import about
from mlopsctl.targets.external_secrets import conventions
from mlopsctl.targets.external_secrets.limits import limits
from mlopsctl.targets.files import manifest_file
from mlopsctl.targets.kubernetes import manifest, metadata
from mlopsctl.tree.fileset import FileSet

__all__ = ["external_secret", "limits", "render", "render_shared"]


def render(blueprint: Blueprint) -> FileSet:
    """Return what fetches the secrets of one system; those of the stack are fetched once, for all."""
    return _files(blueprint, [secret for secret in blueprint.secrets if not secret.shared])


def render_shared(shared: Shared) -> FileSet:
    """Return what fetches the secrets of the environment's stack."""
    return _files(shared, shared.secrets)


def _files(owner: Blueprint | Shared, secrets: tuple[Secret, ...] | list[Secret]) -> FileSet:
    if not secrets:
        return FileSet()
    made = [about((secret,), external_secret(owner, secret)) for secret in secrets]
    return FileSet.of(manifest_file("secrets.yaml", *made, about=(owner.engines.secrets,)))


def external_secret(owner: Blueprint | Shared, secret: Secret) -> dict[str, Any]:
    """Return the object that fetches one secret under its own name."""
    settings = owner.engines.secrets.settings
    store = settings["store"]
    place = f"{settings['prefix']}{secret.name}"
    return manifest(
        conventions.API_VERSION,
        "ExternalSecret",
        metadata(owner, secret.name, conventions.COMPONENT, wave=conventions.WAVE),
        spec={
            "refreshInterval": conventions.REFRESH,
            "secretStoreRef": {"kind": store["kind"], "name": store["name"]},
            "target": {"name": secret.name, "creationPolicy": "Owner", "deletionPolicy": "Retain"},
            **_entries(place, secret.keys),
        },
    )


def _entries(place: str, keys: tuple[str, ...]) -> dict[str, Any]:
    """Return which entries are fetched from the place in the store: those that are needed, else all of them."""
    if not keys:
        return {"dataFrom": [{"extract": {"key": place, **conventions.DEFAULTS}}]}
    return {
        "data": [
            {"secretKey": key, "remoteRef": {"key": place, "property": key, **conventions.DEFAULTS}} for key in keys
        ]
    }
