"""Constants of Seldon Core 1, and the settings common to all rendered deployments."""

from __future__ import annotations

from typing import Final

from mlopsctl.blueprint.model.pipelines import Resources

GROUP: Final = "machinelearning.seldon.io"
API_VERSION: Final = f"{GROUP}/v1"
PROTOCOL: Final = "v2"
"""The protocol that Seldon 2 and KServe speak, too: a client need not know which engine answers."""

USER: Final = 8888
"""The user that Seldon's operator gives its pods, and that its server images are made for."""

ORCHESTRATOR: Final = Resources("500m", "512Mi")
"""What the executor before each model asks for. Without a request the autoscaler cannot tell a share of the pod's."""

RATE_WINDOW: Final = "2m"
"""Two minutes hold two samples even where Prometheus scrapes once a minute."""
