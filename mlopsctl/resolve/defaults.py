"""The defaults of one environment: its own, else the workspace's."""

from __future__ import annotations

from mlopsctl.spec.model import Resources
from mlopsctl.spec.workspace import Defaults


def defaults(workspace: Defaults, environment: Defaults) -> Defaults:
    """Return the workspace's defaults, replaced by the environment's: routes by severity, resources by key."""
    own = {name: getattr(environment, name) for name in environment.model_fields_set}
    return workspace.model_copy(
        update={
            **own,
            "routes": {**workspace.routes, **environment.routes},
            "resources": _resources(workspace.resources, environment.resources),
        }
    )


def _resources(workspace: Resources | None, environment: Resources | None) -> Resources | None:
    if workspace is None or environment is None:
        return environment or workspace
    return workspace.model_copy(update={name: getattr(environment, name) for name in environment.model_fields_set})
