"""The words of Argo CD, and how its objects are called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from mlopsctl.blueprint.model.blueprint import Blueprint, Shared
from mlopsctl.engines.shared.kubernetes import SYNC_OPTIONS as SYNC_OPTIONS_KEY

API_VERSION: Final = "argoproj.io/v1alpha1"
GROUP: Final = "argoproj.io"
COMPONENT: Final = "delivery"
FOLDER: Final = "argocd"
"""This target's folder in each unit, which no Application but the root applies."""

BOOTSTRAP: Final = "bootstrap"
"""The folder of the root Application and its project: applied once by hand, and by the root from then on."""
ROOT_ITSELF: Final = {"argocd.argoproj.io/ignore-healthcheck": "true", SYNC_OPTIONS_KEY: "Prune=false"}
"""The root and its project are objects of the root: it must neither wait for itself nor delete itself."""

OWN_CLUSTER: Final = "https://kubernetes.default.svc"
"""The cluster that Argo CD itself runs in: Applications live there, wherever the systems do."""

PROJECT_WAVE: Final = -2
SHARED_WAVE: Final = -1
RUNS_WAVE: Final = 1
"""The project comes first, systems need shared objects, and a run needs its system's templates."""

RETRY: Final = {"limit": 10, "refresh": True, "backoff": {"duration": "5s", "factor": 2, "maxDuration": "30m"}}
"""A failed sync is retried with the newest commit, for a bit more than an hour: an unavailable webhook or server
comes back, and Argo CD does not sync a commit whose retries are used up again."""

SYNC_OPTIONS: Final = ("ServerSideApply=true", "ApplyOutOfSyncOnly=true")
"""Dashboards outgrow the annotation of a client-side apply. An object that Git did not change is left alone, so that a
sync for another one's sake does not undo the traffic shares of a rollout under way."""
IN_ORDER: Final = "PruneLast=true"
"""Removed objects are pruned after the rest is healthy: a new version serves before the old one ends."""
RESPECT: Final = "RespectIgnoreDifferences=true"


def settings(owner: Blueprint | Shared) -> Mapping[str, Any]:
    """Return the settings of the delivery engine."""
    assert owner.engines.delivery  # noqa: S101 - the target serves only stacks that have one
    return owner.engines.delivery.settings


def namespace(owner: Blueprint | Shared) -> str:
    """Return where Argo CD looks for its objects."""
    return str(settings(owner)["namespace"])


def project(owner: Blueprint | Shared) -> str:
    """Name the AppProject. Each environment has its own, so that dev cannot deploy to prod."""
    workspace = owner.workspace if isinstance(owner, Shared) else owner.identity.workspace
    return f"{settings(owner)['project'] or workspace}-{environment(owner)}"


def environment(owner: Blueprint | Shared) -> str:
    """Return the environment's name."""
    return owner.environment if isinstance(owner, Shared) else owner.identity.environment


def application(blueprint: Blueprint) -> str:
    """Name a system's Application."""
    return f"{blueprint.identity.system}-{blueprint.identity.environment}"


def runs(blueprint: Blueprint) -> str:
    """Name the Application of a system's runs."""
    return f"{application(blueprint)}-runs"


def shared_application(shared: Shared) -> str:
    """Name the Application of the shared unit."""
    return f"{shared.workspace}-shared-{shared.environment}"


def root(shared: Shared) -> str:
    """Name the Application that applies all the others, and its AppProject."""
    return f"{shared.workspace}-root-{shared.environment}"
