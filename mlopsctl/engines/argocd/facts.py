"""Facts of argocd: versions, and what it can and cannot do."""

from __future__ import annotations

from typing import Final

from mlopsctl.catalogue.capability import abilities, no
from mlopsctl.engines.base import Exporter, Facts

_ARGOCD: Final = abilities(
    "waves prune self-heal ignore-differences health-checks hooks server-side-apply app-projects",
    training_in_hooks=no("a hook blocks every later sync until it ends", "the -runs application"),
)


FACTS: Final = (
    Facts(
        "delivery",
        "argocd",
        ("3.3", "3.4", "3.5"),
        "3.5",
        capabilities=_ARGOCD,
        folder="argocd",
        metrics=(Exporter("mlopsctl.engines.argocd.exported_metrics"),),
    ),
)
