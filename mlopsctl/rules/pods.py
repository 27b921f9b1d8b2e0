"""Pods: settings that the engine supports, paths and variables that are free."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from mlopsctl.catalogue import pods as catalogue
from mlopsctl.diagnostics.codes import pods as codes
from mlopsctl.diagnostics.codes.entry import Code
from mlopsctl.diagnostics.model import Diagnostic, Place
from mlopsctl.engines import known
from mlopsctl.resolve.model import System
from mlopsctl.resolve.pods import Layer, of_endpoint, of_steps
from mlopsctl.spec.pods import PodSettings

_SCOPES_OF_STEPS = (
    "", "materialize", "build-dataset", "check-data", "split", "check-split", "train", "evaluate", "check-model",
    "gate", "register", "monitor", "request-training", "shift-traffic", "watch-objectives",
)  # fmt: skip


class _Use(NamedTuple):
    """A setting that a layer has: its path below the layer, and the engine's capability."""

    path: tuple[str, ...]
    ability: str


def engine_can(system: System) -> Iterator[Diagnostic]:
    """Report settings that the engine of a stage does not support."""
    for stage, whose, layers in _stages(system):
        engine = getattr(system.engines, stage)
        for layer in layers if system.knows_engine(stage) else ():
            for use in _uses(layer.settings):
                mode = getattr(engine, "mode", "")
                able = known.sets_on_pods(stage, engine.engine, engine.version, use.ability, mode)
                if not able and not (layer.path[-1] == "all" and use.ability == "queue"):
                    message = (
                        f"{engine.engine} {engine.version} cannot set `{'.'.join(use.path)}` of {whose}: {able.why}"
                    )
                    help = f"use {able.instead}" if able.instead else ""
                    yield _at(codes.UNSUPPORTED, layer, use.path, message, help)


def _stages(system: System) -> Iterator[tuple[str, str, list[Layer]]]:
    """Yield the stages that start pods, with every layer of their settings once."""
    if system.image:
        yield (
            "pipelines",
            "a step's pod",
            _distinct(layer for verb in _SCOPES_OF_STEPS for layer in of_steps(system, verb)),
        )
    served = [layer for endpoint in system.endpoints.values() for layer in of_endpoint(system, endpoint)]
    yield "serving", "an endpoint's pods", _distinct(iter(served))


def _distinct(layers: Iterator[Layer]) -> list[Layer]:
    return list({(layer.path, id(layer.origin)): layer for layer in layers}.values())


def _uses(settings: PodSettings) -> Iterator[_Use]:
    """Yield the settings that have a value."""
    placement = settings.placement
    named = (
        (("labels",), "labels", settings.labels),
        (("annotations",), "annotations", settings.annotations),
        (("serviceAccount",), "service-account", settings.service_account),
        (("imagePullSecrets",), "image-pull-secrets", settings.image_pull_secrets),
        (("placement", "nodeSelector"), "node-selector", placement.node_selector),
        (("placement", "tolerations"), "tolerations", placement.tolerations),
        (("placement", "affinity"), "affinity", placement.affinity),
        (("placement", "priorityClass"), "priority-class", placement.priority_class),
        (("placement", "topologySpread"), "topology-spread", placement.topology_spread),
        (("queue",), "queue", settings.queue),
    )
    yield from (_Use(path, ability) for path, ability, value in named if value)
    for name, value in settings.env.items():
        yield _Use(("env", name), "env.secret" if value.secret else "env")
    for name, volume in settings.volumes.items():
        yield _Use(("volumes", name), f"volumes.{volume.kind.replace('_', '-')}")
        if volume.kind == "claim" and volume.read_only:
            yield _Use(("volumes", name, "readOnly"), "volumes.read-only")


def paths_are_free(system: System) -> Iterator[Diagnostic]:
    """Require that no volume hides a folder of mlopsctl's, and that no two volumes have one path."""
    targets = [of_steps(system, verb) for verb in _SCOPES_OF_STEPS]
    targets += [of_endpoint(system, endpoint) for endpoint in system.endpoints.values()]
    seen: set[tuple[str, ...]] = set()
    for layers in targets:
        for finding in _mounts(layers):
            if (key := (finding.path, finding.message)) not in seen:
                seen.add(key)
                yield finding


def _mounts(layers: tuple[Layer, ...]) -> Iterator[Diagnostic]:
    """Find the taken paths of one pod; a volume of a later layer replaces that of its name."""
    volumes = {name: (layer, volume) for layer in layers for name, volume in layer.settings.volumes.items()}
    at: dict[str, tuple[str, Layer]] = {}
    for name, (layer, volume) in volumes.items():
        path, where = volume.mount_path, ("volumes", name, "path")
        first, other = at.setdefault(path, (name, layer))
        if folder := catalogue.taken(path):
            yield _at(codes.MOUNT_PATH, layer, where, f"the volume `{name}` at {path} would hide files of {folder}")
        elif first != name:
            message = f"the volumes `{first}` and `{name}` are both at {path}"
            label = _place(other, ("volumes", first), "the other one")
            yield _at(codes.MOUNT_PATH, layer, where, message, related=label)


def variables_are_free(system: System) -> Iterator[Diagnostic]:
    """Require that no variable has the name of one that mlopsctl sets."""
    for stage, _, layers in _stages(system):
        taken = catalogue.VARIABLES | (_of_engines(system) if stage == "pipelines" else set())
        for layer in layers:
            for name in layer.settings.env:
                if name in taken or name.startswith(catalogue.VARIABLE_PREFIX):
                    message = f"the variable `{name}` is set by mlopsctl"
                    yield _at(codes.VARIABLE, layer, ("env", name), message)


def _of_engines(system: System) -> set[str]:
    """Return the variables with which steps reach the registry and the feature store."""
    stages = (system.engines.registry, system.engines.features)
    of_secrets = {name for settings in stages for each in settings.credentials() for name in each.variables}
    return of_secrets | set(system.engines.registry.variables())


def _at(
    code: Code, layer: Layer, below: tuple[str, ...], message: str, help: str = "", related: tuple[Place, ...] = ()
) -> Diagnostic:
    path = (*layer.path, *below)
    place = layer.origin.key(*path) if layer.origin else None
    return code.at(place, message, help=help, path=".".join(path), related=related)


def _place(layer: Layer, below: tuple[str, ...], label: str) -> tuple[Place, ...]:
    return (layer.origin.key(*layer.path, *below, label=label),) if layer.origin else ()


RULES = (engine_can, paths_are_free, variables_are_free)
