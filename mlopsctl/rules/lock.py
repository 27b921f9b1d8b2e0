"""The lock: entries that nothing uses, which are mostly misspelt."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mlopsctl.diagnostics.codes import policy as codes
from mlopsctl.diagnostics.model import Diagnostic
from mlopsctl.diagnostics.suggest import closest
from mlopsctl.resolve.model import Landscape


def unused_entries(landscape: Landscape) -> Iterator[Diagnostic]:
    """Every locked model and image must be one that a system of the environment names."""
    if not landscape.whole or landscape.workspace.lock is None:
        return
    systems = landscape.systems.values()
    images = {str(one.image) for system in systems for one in system.images}
    images.add(str(landscape.workspace.defaults.image))
    yield from _unused(landscape, "models", landscape.lock.models, {key for one in systems for key in one.aliases})
    # An image that is not pinned is reported where it is named; the entry it had before is told nothing of.
    pinned = images & set(landscape.lock.images)
    stale = [image for image in landscape.lock.images if closest(image, sorted(images - pinned)) is None]
    yield from _unused(landscape, "images", stale, images)


def _unused(landscape: Landscape, kind: str, locked: Iterable[str], used: set[str]) -> Iterator[Diagnostic]:
    origin = landscape.workspace.lock
    assert origin  # noqa: S101 - the caller looked
    for name in locked:
        if name not in used:
            path = ("environments", landscape.environment.name, kind, name)
            near = closest(name, sorted(used))
            help = f"did you mean `{near}`? Else run `mlopsctl lock`, which drops it" if near else ""
            message = f"no system names {kind[:-1]} `{name}`"
            yield codes.OTHER_LOCK.at(origin.key(*path), message, help=help, path=".".join(path))


RULES = ()
LANDSCAPE_RULES = (unused_entries,)
