"""Extra manifests: each must be one Kubernetes object that may be delivered beside a system."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mlopsctl.diagnostics.codes import outside as codes
from mlopsctl.diagnostics.model import Diagnostic
from mlopsctl.resolve.model import Landscape, Manifest, System
from mlopsctl.resolve.origin import Origin


def manifests(system: System) -> Iterator[Diagnostic]:
    """Check the manifests of a system."""
    for name, manifest in _present(system.manifests, system.environment.name):
        yield from _checked(name, manifest, system.origin, system.environment.namespace, shared=False)


def shared_manifests(landscape: Landscape) -> Iterator[Diagnostic]:
    """Check the manifests of the workspace."""
    origin, environment = landscape.workspace.origin, landscape.environment
    for name, manifest in _present(landscape.workspace.manifests, environment.name):
        if origin:
            yield from _checked(name, manifest, origin, environment.namespace, shared=True)


def _present(manifests: Mapping[str, Manifest], environment: str) -> Iterator[tuple[str, Manifest]]:
    return ((name, manifest) for name, manifest in manifests.items() if manifest.is_in(environment))


def _checked(name: str, manifest: Manifest, owner: Origin, namespace: str, *, shared: bool) -> Iterator[Diagnostic]:
    """Check one manifest; a finding in its file names the place of the spec that has it as well."""
    path = ("spec", "extra", name, "file")
    dotted = ".".join(path)
    if manifest.origin is None:
        message = f"there is no readable file `{manifest.file}`"
        yield codes.EXTRA_FILE.at(owner.value(*path), message, path=dotted)
    elif not manifest.value:
        message = f"`{manifest.file}` holds no Kubernetes object"
        yield codes.EXTRA_FILE.at(owner.value(*path), message, path=dotted)
    else:
        from mlopsctl.overlay.extra import problems

        related = (owner.value(*path, label="named here"),)
        for code, pointer, message, help in problems(dict(manifest.value), namespace, shared=shared):
            yield code.at(manifest.origin.value(*pointer), message, help=help, related=related, path=dotted)


RULES = (manifests,)
LANDSCAPE_RULES = (shared_manifests,)
