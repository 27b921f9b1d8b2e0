"""The lock: unused entries, often misspelt, and entries edited by hand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from mlopsctl.diagnostics.codes import lock as lock_codes
from mlopsctl.diagnostics.codes import policy as codes
from mlopsctl.diagnostics.model import Diagnostic
from mlopsctl.diagnostics.suggest import closest
from mlopsctl.lock.digest import digest
from mlopsctl.resolve.model import Landscape
from mlopsctl.spec import lock as lock_spec


def unused_entries(landscape: Landscape) -> Iterator[Diagnostic]:
    """Report locked models and images that no system of the environment names."""
    if not landscape.complete or landscape.workspace.lock is None:
        return
    systems = landscape.systems.values()
    images = {str(named_image.image) for system in systems for named_image in system.images}
    images.add(str(landscape.workspace.defaults.image))
    yield from _unused(
        landscape, "models", landscape.lock.models, {key for system in systems for key in system.aliases}
    )
    # An unpinned image is reported in the spec; its old lock entry is not reported.
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
            help = f"did you mean `{near}`? Otherwise run `mlopsctl lock` to remove the entry" if near else ""
            message = f"no system uses {kind[:-1]} `{name}`"
            yield codes.OTHER_LOCK.at(origin.key(*path), message, help=help, path=".".join(path))


def edited_entries(landscape: Landscape) -> Iterator[Diagnostic]:
    """Require that each locked version matches its digest; entries of older locks have none."""
    origin = landscape.workspace.lock
    for key, entry in landscape.lock.models.items() if origin else ():
        versions = ((entry, ()), *(((entry.candidate, ("candidate",)),) if entry.candidate else ()))
        for version, below in versions:
            if origin and version.digest and version.digest != digest(_plain(version)):
                environment = landscape.environment.name
                path = ("environments", environment, "models", key, *below, "digest")
                message = f"version {version.version} of `{key}` does not match its digest: it was edited by hand"
                help = f"run `mlopsctl lock --env {environment} --upgrade {key}` to read it from the registry again"
                yield lock_codes.EDITED_ENTRY.at(origin.value(*path), message, help=help, path=".".join(path))


def _plain(version: lock_spec.LockedVersion) -> dict[str, Any]:
    """Return a version as written in the lock file."""
    signature = version.signature
    columns = {"inputs": signature.inputs, "outputs": signature.outputs} if signature else None
    facts = {"version": version.version, "uri": version.uri, "run": version.run}
    facts |= {"package": version.package, "snapshot": version.snapshot}
    return {**facts, "signature": columns}


RULES = ()
LANDSCAPE_RULES = (unused_entries, edited_entries)
