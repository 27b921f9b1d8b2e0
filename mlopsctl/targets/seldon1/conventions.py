"""The words of Seldon Core 1, and the settings that are the same in every deployment of ours.

In: nothing. Out: constants, each with its reason. Never anything about one system.
"""

from __future__ import annotations

from typing import Final

from mlopsctl.blueprint.model import Resources

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
