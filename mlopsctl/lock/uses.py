"""The images and models that an environment uses, and the unused entries of the lock."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from mlopsctl.diagnostics.model import Place
from mlopsctl.resolve.model import Landscape, System

IMAGES, MODELS = "images", "models"
KIND_NOUNS = {IMAGES: "image", MODELS: "model"}

Data = dict[str, Any]
"""The lock's document as plain data."""


class Use(NamedTuple):
    """A key that systems of an environment use. `needed`: without it an object is not rendered or not pinned.

    `rollout` is the strategy for new versions, `place` the place of its first use, `file` the spec with that
    use, `engine` and `registry` the engine and address of its model registry.
    """

    environment: str
    kind: str
    key: str
    systems: tuple[str, ...]
    needed: bool
    rollout: str
    place: Place | None
    file: str
    engine: str
    registry: str | None


def uses(landscape: Landscape) -> tuple[Use, ...]:
    """Return the distinct images and models that the systems of an environment use, images first."""
    by_key: dict[tuple[str, str], Use] = {}
    for system in landscape.systems.values():
        for image in (*_images(system), *_models(system)):
            use = by_key.get((image.kind, image.key))
            by_key[(image.kind, image.key)] = _joined(use, image) if use else image
    return tuple(sorted(by_key.values(), key=lambda use: use.kind))


def _joined(a: Use, b: Use) -> Use:
    rollout = a.rollout if a.rollout != "direct" else b.rollout
    systems = tuple(dict.fromkeys((*a.systems, *b.systems)))
    return a._replace(systems=systems, needed=a.needed or b.needed, rollout=rollout)


def _images(system: System) -> Iterator[Use]:
    """Yield the images rendered for a system, except those with a digest in the spec."""
    for image, origin, path in system.images:
        if not image.digest:
            place = origin.value(*path) if origin else None
            yield _use(system, IMAGES, str(image), True, "direct", place)


def _models(system: System) -> Iterator[Use]:
    """Yield the models that endpoints serve, then those that training and monitors compare with."""
    for endpoint in system.endpoints.values():
        place = system.origin.value("spec", "serving", "endpoints", endpoint.name, "model")
        yield _use(system, MODELS, endpoint.key, True, endpoint.spec.rollout.strategy, place)
    if system.trained:
        checks = system.spec.checks
        compares = checks is not None and any(gate.max_drop is not None for gate in checks.gates.values())
        needed = compares or bool(checks and checks.live)
        place = system.origin.value("spec", "model", "registry", "name")
        yield _use(system, MODELS, system.trained, needed, "direct", place)


def _use(system: System, kind: str, key: str, needed: bool, rollout: str, place: Place | None) -> Use:
    registry = system.engines.registry
    where = (system.environment.name, kind, key, (system.name,))
    return Use(*where, needed, rollout, place, system.origin.file, registry.engine, registry.uri)


def locked(data: Data, environment: str, kind: str) -> Mapping[str, Any]:
    """Return the lock's entries of one kind for an environment."""
    section = (data.get("environments") or {}).get(environment) or {}
    entries: Mapping[str, Any] = section.get(kind) or {}
    return entries


def missing(used: Iterable[Use], data: Data) -> tuple[Use, ...]:
    """Return the needed uses that are not locked."""
    return tuple(use for use in used if use.needed and use.key not in locked(data, use.environment, use.kind))


def unused(landscape: Landscape, data: Data) -> tuple[tuple[str, str, str], ...]:
    """Return the locked entries of an environment that no system uses, as (environment, kind, key)."""
    known_uses = {(use.kind, use.key) for use in uses(landscape)} | {(IMAGES, str(landscape.workspace.defaults.image))}
    name = landscape.environment.name
    return tuple(
        (name, kind, key)
        for kind in (IMAGES, MODELS)
        for key in locked(data, name, kind)
        if (kind, key) not in known_uses
    )
