"""Health of kinds that Argo CD cannot judge itself, so that a wave waits for the one before.

In: the kinds that were rendered, and this folder's Lua. Out: a patch of Argo CD's own ConfigMap. Never synced: that
object is the platform's.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib import resources
from typing import Any, Final

from mlopsctl.blueprint.model import Shared
from mlopsctl.targets.argocd import conventions
from mlopsctl.targets.argocd.folders import Kind

_SELDON2: Final = "mlops.seldon.io"
_CHECKS: Final[dict[Kind, str]] = {
    (conventions.GROUP, "Application"): "application",
    (_SELDON2, "Experiment"): "seldon2",
    (_SELDON2, "Model"): "seldon2",
    (_SELDON2, "Pipeline"): "seldon2",
    ("machinelearning.seldon.io", "SeldonDeployment"): "seldon1",
    ("pipelines.kubeflow.org", "PipelineVersion"): "kfp",
}
"""The check of each kind; kinds without a status to read have none, and count as healthy at once."""


def patch(shared: Shared, kinds: Iterable[Kind]) -> dict[str, Any]:
    """Return what is merged into the ConfigMap `argocd-cm`."""
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "argocd-cm", "namespace": conventions.namespace(shared)},
        "data": {
            f"resource.customizations.health.{group}_{kind}": lua(_CHECKS[group, kind])
            for group, kind in sorted({(conventions.GROUP, "Application"), *kinds})
            if (group, kind) in _CHECKS
        },
    }


@cache
def lua(name: str) -> str:
    """Read one of this folder's checks."""
    return resources.files(__package__).joinpath("health", f"{name}.lua").read_text("utf-8")
