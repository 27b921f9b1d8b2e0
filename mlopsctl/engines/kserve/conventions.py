"""The words of KServe, and the annotations that its webhook judges an InferenceService by."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

GROUP: Final = "serving.kserve.io"
API_VERSION: Final = f"{GROUP}/v1beta1"
KIND: Final = "InferenceService"
RUNTIME_API: Final = f"{GROUP}/v1alpha1"
RUNTIME: Final = "ServingRuntime"
CONTAINER: Final = "kserve-container"
"""The container that KServe takes for the model's server."""
MODELS: Final = "/mnt/models"
"""Where the storage initializer puts a model."""
PACKAGE_FORMAT: Final = "mlflow"
"""The format of the registry's package."""
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

HOST: Final = "{name}-predictor-{namespace}"
"""The first label of the host that Standard mode gives a predictor, by KServe's own domain template."""
LONGEST_LABEL: Final = 63

INFERENCE_SERVICE_LABEL: Final = f"{GROUP}/inferenceservice"
"""KServe puts the InferenceService's name in this label of its pods."""
SERVING_PORT: Final = "8080"
"""Where KServe expects a server to answer; its runtimes do not declare it, and a scrape finds declared ports alone."""
GRPC_PORT: Final = "9000"
"""Where KServe expects gRPC."""
