"""The words of KServe, and the annotations that its webhook judges an InferenceService by.

In: nothing. Out: constants, each with its reason. Never anything about one system.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

GROUP: Final = "serving.kserve.io"
API_VERSION: Final = f"{GROUP}/v1beta1"
KIND: Final = "InferenceService"
PROTOCOL: Final = "v2"
"""The protocol that Seldon speaks, too: a client need not know which engine answers."""

STANDARD, KNATIVE = "Standard", "Knative"

ANNOTATIONS: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        # Without the mode the webhook holds Knative's rules against the object, whatever the cluster's default is.
        STANDARD: {f"{GROUP}/deploymentMode": STANDARD, f"{GROUP}/autoscalerClass": "hpa"},
        # KServe's own class knows no word for Knative's scaler; Knative has an annotation of its own.
        KNATIVE: {
            f"{GROUP}/deploymentMode": KNATIVE,
            "autoscaling.knative.dev/class": "kpa.autoscaling.knative.dev",
        },
    }
)

STORES: Final = (
    "gs://",
    "s3://",
    "pvc://",
    "file://",
    "https://",
    "http://",
    "hdfs://",
    "webhdfs://",
    "oci://",
    "hf://",
)
"""The beginnings of addresses that the storage initializer knows; Azure's blobs are among https."""
