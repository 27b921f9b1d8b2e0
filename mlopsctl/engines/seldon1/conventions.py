"""Constants of Seldon Core 1, and the settings common to all rendered deployments."""

from __future__ import annotations

from typing import Final

from mlopsctl.blueprint.model.pipelines import Resources

GROUP: Final = "machinelearning.seldon.io"
API_VERSION: Final = f"{GROUP}/v1"
ENDPOINT_LABEL: Final = "seldon-deployment-id"
"""Seldon's operator puts the SeldonDeployment's name in this label of its pods."""
PROTOCOL: Final = "v2"
"""The same protocol as Seldon 2's and KServe's: clients do not depend on the engine."""

USER: Final = 8888
"""The user of pods that Seldon's operator creates, for which its server images are built."""

ORCHESTRATOR: Final = Resources("500m", "512Mi")
"""What the executor before each model asks for. Without a request the autoscaler cannot tell a share of the pod's."""

RATE_WINDOW: Final = "2m"
"""Two minutes contain two samples even if Prometheus scrapes once a minute."""
