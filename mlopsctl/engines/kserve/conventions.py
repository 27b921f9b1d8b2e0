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
"""The container that KServe uses as the model server."""
MODELS: Final = "/mnt/models"
"""Where the storage initializer puts a model."""
PACKAGE_FORMAT: Final = "mlflow"
"""The format of the registry's package."""
PROTOCOL: Final = "v2"
"""The same protocol as Seldon's: clients do not depend on the engine."""

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
"""The address prefixes that the storage initializer supports; Azure blobs use https."""

HOST: Final = "{name}-predictor-{namespace}"
"""The first label of a predictor's host in Standard mode, by KServe's default domain template."""
LONGEST_LABEL: Final = 63

INFERENCE_SERVICE_LABEL: Final = f"{GROUP}/inferenceservice"
"""KServe puts the InferenceService's name in this label of its pods."""
SERVING_PORT: Final = "8080"
"""The port that KServe expects of a server; its runtimes do not declare it, and scraping needs declared ports."""
GRPC_PORT: Final = "9000"
"""Where KServe expects gRPC."""
