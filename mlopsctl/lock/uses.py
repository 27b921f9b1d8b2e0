"""What an environment needs locked, and what the lock holds that nothing needs.

In: a landscape, and the lock as plain data. Out: the uses of images and models by their keys. Never asks anybody.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from mlopsctl.diagnostics.model import Place
from mlopsctl.resolve.model import Landscape, System

IMAGES, MODELS = "images", "models"
WORDS = {IMAGES: "image", MODELS: "model"}

Data = dict[str, Any]
"""The lock's document as plain data."""


class Use(NamedTuple):
    """One key that systems of an environment use. `needed`: without it something is left out or not pinned.

    `rollout` is the strategy by which a new version comes in, `place` where the first system names it, `file` that
    system's spec, `engine` and `registry` what keeps its models, and where.
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
    """List what the systems of an environment use: images first, each once."""
    found: dict[tuple[str, str], Use] = {}
    for system in landscape.systems.values():
        for one in (*_images(system), *_models(system)):
            known = found.get((one.kind, one.key))
            found[(one.kind, one.key)] = _joined(known, one) if known else one
    return tuple(sorted(found.values(), key=lambda one: one.kind))


def _joined(a: Use, b: Use) -> Use:
    rollout = a.rollout if a.rollout != "direct" else b.rollout
    systems = tuple(dict.fromkeys((*a.systems, *b.systems)))
    return a._replace(systems=systems, needed=a.needed or b.needed, rollout=rollout)


def _images(system: System) -> Iterator[Use]:
    """Yield the images that are rendered for it, unless the spec itself names a digest."""
    for image, origin, path in system.images:
        if not image.digest:
            place = origin.value(*path) if origin else None
            yield _use(system, IMAGES, str(image), True, "direct", place)


def _models(system: System) -> Iterator[Use]:
    """Yield what endpoints serve, then what training compares with and monitors measure against."""
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
    """Return what the lock holds of one kind for an environment."""
    here = (data.get("environments") or {}).get(environment) or {}
    found: Mapping[str, Any] = here.get(kind) or {}
    return found


def missing(used: Iterable[Use], data: Data) -> tuple[Use, ...]:
    """List what is needed and not locked."""
    return tuple(one for one in used if one.needed and one.key not in locked(data, one.environment, one.kind))


def unused(landscape: Landscape, data: Data) -> tuple[tuple[str, str, str], ...]:
    """List what is locked for an environment and used by none of its systems, as (environment, kind, key)."""
    known = {(one.kind, one.key) for one in uses(landscape)} | {(IMAGES, str(landscape.workspace.defaults.image))}
    name = landscape.environment.name
    return tuple(
        (name, kind, key) for kind in (IMAGES, MODELS) for key in locked(data, name, kind) if (kind, key) not in known
    )
