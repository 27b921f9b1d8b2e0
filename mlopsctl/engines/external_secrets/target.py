"""The target external-secrets: each secret that rendered objects refer to, fetched from the platform's store."""

from __future__ import annotations

from typing import Any, Final

from mlopsctl.blueprint.model.blueprint import Blueprint, Shared
from mlopsctl.blueprint.model.platform import Secret
from mlopsctl.emit.origin import about
from mlopsctl.engines.base import Renderer
from mlopsctl.engines.external_secrets import conventions
from mlopsctl.engines.external_secrets.limits import limits
from mlopsctl.engines.shared.files import manifest_file
from mlopsctl.engines.shared.kubernetes import manifest, metadata
from mlopsctl.tree.fileset import FileSet

__all__ = ["RENDERER", "external_secret", "limits", "render", "render_shared"]


def render(blueprint: Blueprint) -> FileSet:
    """Return what fetches the secrets of one system; those of the stack are fetched once, for all."""
    return _files(blueprint, [secret for secret in blueprint.secrets if not secret.shared])


def render_shared(shared: Shared) -> FileSet:
    """Return what fetches the secrets of the environment's stack."""
    return _files(shared, shared.secrets)


def _files(owner: Blueprint | Shared, secrets: tuple[Secret, ...] | list[Secret]) -> FileSet:
    if not secrets:
        return FileSet()
    objects = [about((secret,), external_secret(owner, secret)) for secret in secrets]
    return FileSet.of(manifest_file("secrets.yaml", *objects, about=(owner.engines.secrets,)))


def external_secret(owner: Blueprint | Shared, secret: Secret) -> dict[str, Any]:
    """Return the object that fetches one secret under its own name."""
    settings = owner.engines.secrets.settings
    store = settings["store"]
    place = f"{settings['prefix'] or ''}{secret.name}"
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


RENDERER: Final = Renderer(system=render, shared=render_shared)
