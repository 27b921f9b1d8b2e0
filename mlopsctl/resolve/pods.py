"""Settings of pods: the layers of a step and of an endpoint, from the least to the most specific, and their sum.

A more specific scope takes precedence; in one scope the system does over the environment and that over the workspace.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from mlopsctl.resolve.model import Endpoint, System
from mlopsctl.resolve.origin import Origin
from mlopsctl.spec.pods import PodPlacement, Pods, PodSettings
from mlopsctl.spec.words import camel


class Layer(NamedTuple):
    """Settings of pods and where they are written: a document and the path in it."""

    settings: PodSettings
    origin: Origin | None
    path: tuple[str, ...]


def scope(verb: str) -> str:
    """Return the scope of a kind of step: `build-dataset` is `buildDataset`."""
    return camel(verb.replace("-", "_"))


def of_steps(system: System, verb: str = "") -> tuple[Layer, ...]:
    """Return the layers of a kind of step; without a kind, those that all steps share."""
    return tuple(_layers(system, ("all", "steps", *((scope(verb),) if verb else ()))))


def of_endpoint(system: System, endpoint: Endpoint) -> tuple[Layer, ...]:
    """Return the layers of an endpoint."""
    own = endpoint.spec.pods
    path = ("spec", "serving", "endpoints", endpoint.name, "pods")
    last = (Layer(own, system.origin, path),) if own else ()
    return (*_layers(system, ("all", "endpoints")), *last)


def _layers(system: System, scopes: Sequence[str]) -> Iterator[Layer]:
    workspace, environment = system.workspace, system.environment
    blocks: tuple[tuple[Pods, Origin | None, tuple[str, ...]], ...] = (
        (workspace.pods, workspace.origin, ("spec", "defaults", "pods")),
        (environment.pods, workspace.origin, ("spec", "environments", environment.name, "defaults", "pods")),
        (system.spec.pods, system.origin, ("spec", "pods")),
    )
    for name in scopes:
        for block, origin, path in blocks:
            settings = {str(key): value for key, value in block.items()}.get(name)
            if settings:
                yield Layer(settings, origin, (*path, name))


def merged(layers: Sequence[Layer]) -> PodSettings:
    """Return the sum of the layers: maps and lists are joined, single values and affinity are replaced."""
    settings = [layer.settings for layer in layers]
    placements = [each.placement for each in settings]
    return PodSettings.model_construct(
        labels=_joined(settings, "labels"),
        annotations=_joined(settings, "annotations"),
        env=_joined(settings, "env"),
        volumes=_joined(settings, "volumes"),
        service_account=_last(settings, "service_account"),
        image_pull_secrets=_united(settings, "image_pull_secrets"),
        queue=_last(settings, "queue"),
        placement=PodPlacement.model_construct(
            node_selector=_joined(placements, "node_selector"),
            tolerations=_united(placements, "tolerations"),
            affinity=_last(placements, "affinity"),
            priority_class=_last(placements, "priority_class"),
            topology_spread=_last(placements, "topology_spread") or (),
        ),
    )


def _joined(parts: Sequence[Any], name: str) -> dict[str, Any]:
    return {key: value for part in parts for key, value in getattr(part, name).items()}


def _united(parts: Sequence[Any], name: str) -> tuple[Any, ...]:
    values: list[Any] = []
    for value in (value for part in parts for value in getattr(part, name)):
        if value not in values:
            values.append(value)
    return tuple(values)


def _last(parts: Sequence[Any], name: str) -> Any:
    return next((value for part in reversed(parts) if (value := getattr(part, name))), None)
