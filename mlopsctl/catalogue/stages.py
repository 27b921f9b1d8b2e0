"""The stages of a stack, in order, and what each of them renders."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

PRODUCES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "features": "the feature project: entities, sources, views, transforms, sets",
        "pipelines": "training, materialisation, monitoring, rollouts; schedules; runs on change",
        "registry": "where the steps track runs, register versions and move aliases",
        "checks": "what data, splits and models must hold; drift of what is served",
        "serving": "models, canaries, mirrors, autoscaling",
        "monitoring": "burn-rate, freshness, drift, quality and training alerts, each with a unit test",
        "dashboards": "one dashboard a system",
        "delivery": "a project, one application a system, sync waves, health checks",
        "ci": "the pull request's checks",
        "secrets": "references, never contents",
    }
)
"""The outputs of each stage, in a few words."""
STAGES: Final = tuple(PRODUCES)
DELIVERY: Final = "delivery"
"""The stage that applies the files of the other stages to the cluster."""
CI: Final = "ci"
"""The stage that checks pull requests; its files are outside of the output tree."""
