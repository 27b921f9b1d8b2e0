"""The Models of an endpoint: one per version, with its requirements."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.serving import Endpoint, ServedVersion
from mlopsctl.engines.seldon2 import conventions, scaling
from mlopsctl.engines.seldon2.facts import KINDS
from mlopsctl.engines.shared import kubernetes, serving
from mlopsctl.engines.shared.quantities import whole_bytes

NamedVersion = tuple[str, ServedVersion]


def models_of(endpoint: Endpoint) -> Iterator[NamedVersion]:
    """Yield each Model's name and the version it serves, the stable one first.

    Behind a Pipeline a version has a Model of its own name; on its own the Model is the endpoint, and versions take
    turns in it.
    """
    behind = endpoint.kind == "pipeline"
    yield endpoint.stable.name if behind else endpoint.name, endpoint.stable
    if endpoint.candidate:
        yield endpoint.candidate.name if behind else endpoint.candidate_name, endpoint.candidate


def model(blueprint: Blueprint, endpoint: Endpoint, name: str, served: ServedVersion) -> dict[str, Any]:
    """Return a Model."""
    own_name = name == served.name
    meta = kubernetes.metadata(
        blueprint,
        name,
        serving.COMPONENT,
        wave=KINDS[conventions.GROUP, "Model"].wave,
        labels={serving.VERSION: served.version.version},
        annotations={kubernetes.SYNC_OPTIONS: conventions.PRUNE_LAST} if own_name else None,
    )
    secret = blueprint.engines.serving.settings.get("secret")
    spec = {
        "storageUri": served.version.uri,
        **({"secretName": secret} if secret else {}),
        "requirements": list(serving.served(blueprint, endpoint).words),
        "memory": whole_bytes(endpoint.resources.memory),
        **scaling.replicas(endpoint),
    }
    return kubernetes.manifest(conventions.API_VERSION, "Model", meta, spec=spec)
