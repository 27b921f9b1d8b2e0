"""Facts of Argo CD: versions and capabilities."""

from __future__ import annotations

from typing import Final

from mlopsctl.catalogue.capability import abilities, no
from mlopsctl.engines.base import Delivery, Exporter, Facts

_ARGOCD: Final = abilities(
    "waves prune self-heal ignore-differences health-checks hooks server-side-apply app-projects",
    training_in_hooks=no("a hook blocks every later sync until it ends", "the -runs application"),
)

_FIXED: Final = {
    ("argoproj.io", "AppProject"): ("/spec",),
    ("argoproj.io", "Application"): ("/spec/project", "/spec/source", "/spec/sources", "/spec/destination"),
}
"""What systems may deploy, and where to."""

FACTS: Final = (
    Facts(
        "delivery",
        "argocd",
        ("3.3", "3.4", "3.5"),
        "3.5",
        capabilities=_ARGOCD,
        folder="argocd",
        delivery=Delivery(
            objects="Argo CD applications",
            created="Argo CD creates its objects after the merge",
            pruned="Argo CD prunes its objects with the sync after the merge",
            all_pruned="Argo CD prunes all its objects",
            renamed="Argo CD creates its objects under the new name and prunes the old ones",
        ),
        metrics=(Exporter("mlopsctl.engines.argocd.exported_metrics"),),
        fixed=_FIXED,
    ),
)
