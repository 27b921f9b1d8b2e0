"""Which patches apply in an environment."""

from __future__ import annotations

from collections.abc import Mapping

from mlopsctl.blueprint.model.patches import Patch
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
