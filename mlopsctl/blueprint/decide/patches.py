"""Which patches apply in an environment, and which manifests are delivered to it."""

from __future__ import annotations

from collections.abc import Mapping

from mlopsctl.blueprint.model.patches import Extra, Patch
from mlopsctl.resolve.model import Manifest
from mlopsctl.spec.patches import Patch as PatchSpec


def patches(specs: Mapping[str, PatchSpec], environment: str, *, shared: bool = False) -> tuple[Patch, ...]:
    """Return the patches of a system, or the `shared` ones of the workspace, that apply in an environment, in order."""
    return tuple(
        Patch(
            name=name,
            engine=spec.target.engine,
            kind=spec.target.kind,
            pattern=spec.target.name,
            json=tuple(operation.plain() for operation in spec.json_ or ()),
            merge=spec.merge,
            matches=spec.matches if isinstance(spec.matches, int) else 0,
            shared=shared,
        )
        for name, spec in specs.items()
        if spec.environments is None or environment in spec.environments
    )


def extra(manifests: Mapping[str, Manifest], environment: str, *, shared: bool = False) -> tuple[Extra, ...]:
    """Return the manifests of a system, or the `shared` ones of the workspace, that an environment has.

    One whose file could not be read is left out; a rule reports it.
    """
    return tuple(
        Extra(name, manifest.file, manifest.value, shared)
        for name, manifest in manifests.items()
        if manifest.value and manifest.is_in(environment)
    )
