"""Constants and limits of Cortex 0.42, and the interface of its containers."""

from __future__ import annotations

from typing import Final

REALTIME, SPLITTER = "RealtimeAPI", "TrafficSplitter"
FILE: Final = "cortex.yaml"

CONTAINER: Final = "server"
PORT: Final = 8080
READY: Final = "/v2/health/ready"
"""Where a server of the V2 protocol, which the other engines speak, says that its model is loaded."""
MODEL_URI, MODEL_NAME, MODEL_VERSION = "MODEL_URI", "MODEL_NAME", "MODEL_VERSION"
"""What the server is told."""

CONCURRENCY: Final = 100
"""How many requests a copy is handed at a time; Cortex's own default is one."""
MOST_CONCURRENT: Final = 30_000
LONGEST_NAME: Final = 42
RESERVED_PREFIX: Final = "b-"
LEAST_CPU, LEAST_MEMORY = "20m", "20Mi"
ALL_PERCENT: Final = 100

ACCELERATORS: Final = {"nvidia.com/gpu": "gpu", "aws.amazon.com/neuron": "inf"}
"""Cortex's word for each resource that it hands out."""
