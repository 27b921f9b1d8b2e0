"""The list of engines. An engine is one folder; adding one touches that folder and one line of this list.

`known` looks engines up, `base` defines the contents of an engine's folder, `plugins` finds engines of other
packages.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple


class Registration(NamedTuple):
    """An engine of this package: its stage, its folder below this one, and its names in a stack.

    `major` is the only major version that the folder supports; empty for any.
    """

    stage: str
    folder: str
    names: tuple[str, ...]
    major: str = ""


ENGINES: tuple[Registration, ...] = (
    Registration("features", "feast", ("feast",)),
    Registration("features", "hopsworks", ("hopsworks",)),
    Registration("pipelines", "argo_workflows", ("argo-workflows",)),
    Registration("pipelines", "kfp", ("kfp",)),
    Registration("pipelines", "polyaxon", ("polyaxon",)),
    Registration("pipelines", "kale", ("kale",)),
    Registration("registry", "mlflow", ("mlflow",)),
    Registration("registry", "neptune", ("neptune",)),
    Registration("checks", "deepchecks", ("deepchecks",)),
    Registration("checks", "great_expectations", ("great-expectations",)),
    Registration("checks", "etiq", ("etiq",)),
    Registration("serving", "seldon2", ("seldon",), "2"),
    Registration("serving", "seldon1", ("seldon",), "1"),
    Registration("serving", "kserve", ("kserve",)),
    Registration("serving", "mlserver", ("mlserver",)),
    Registration("serving", "cortex", ("cortex",)),
    Registration("monitoring", "prometheus", ("prometheus-operator", "prometheus")),
    Registration("dashboards", "grafana", ("grafana",)),
    Registration("delivery", "argocd", ("argocd",)),
    Registration("ci", "github", ("github",)),
    Registration("ci", "bitbucket", ("bitbucket",)),
    Registration("secrets", "external_secrets", ("external-secrets",)),
    Registration("secrets", "existing_secrets", ("existing",)),
)
"""Every engine of this package. Renderers of one unit run in this order."""
DEFAULTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "features": "feast",
        "pipelines": "argo-workflows",
        "registry": "mlflow",
        "checks": "deepchecks",
        "serving": "seldon",
        "monitoring": "prometheus-operator",
        "dashboards": "grafana",
        "delivery": "argocd",
        "secrets": "existing",
    }
)
"""The default engine of each stage; the stage ci has none."""
