"""Pipeline engines: what runs the steps."""

from __future__ import annotations

from typing import Annotated, Literal

from mlopsctl.spec import scalars
from mlopsctl.spec.stack.words import Host, SecretName
from mlopsctl.spec.words import Label, Section, Text, Url, Version


class S3(Section):
    """An S3 bucket, or a store that speaks the same language."""

    bucket: Annotated[
        str,
        scalars.matching(
            r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]",
            "a bucket",
            "use lower-case letters, digits, `-` and `.`",
            kind="value",
        ),
    ]
    """The bucket."""
    endpoint: Host = "s3.amazonaws.com"
    """The store's address."""
    region: Label | None = None
    """The bucket's region."""
    secret: SecretName | None = None
    """The secret with the keys `accessKey` and `secretKey`; left out, the pod's own identity is used."""


class Gcs(Section):
    """A Google Cloud Storage bucket."""

    bucket: Annotated[
        str,
        scalars.matching(
            r"[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]",
            "a bucket",
            "use lower-case letters, digits, `-`, `_` and `.`",
            kind="value",
        ),
    ]
    """The bucket."""
    secret: SecretName | None = None
    """The secret with the key `serviceAccountKey`; left out, the pod's own identity is used."""


class Artifacts(Section):
    """Where steps hand files to each other; left out, the engine's own default repository is used."""

    s3: S3 | None = None
    """An S3 bucket."""
    gcs: Gcs | None = None
    """A Google Cloud Storage bucket."""


class ArgoWorkflows(Section):
    """Argo Workflows runs the pipelines."""

    engine: Literal["argo-workflows"]
    """The engine."""
    version: Version = "4.1"
    """Its version."""
    service_account: Label | None = None
    """An existing service account; left out, one with the least rights is rendered."""
    artifacts: Artifacts = Artifacts.model_construct(s3=None, gcs=None)
    """Where steps hand files to each other."""


class Kfp(Section):
    """Kubeflow Pipelines runs the pipelines."""

    engine: Literal["kfp"]
    """The engine."""
    version: Version = "2.17"
    """Its version."""
    endpoint: Url = "http://ml-pipeline.kubeflow.svc.cluster.local:8888"
    """The API that schedules ask to start a run."""
    service_account: Label | None = None
    """An existing service account; left out, one with the least rights is rendered."""


class Polyaxon(Section):
    """Polyaxon runs the pipelines."""

    engine: Literal["polyaxon"]
    """The engine."""
    version: Version = "2.18"
    """Its version."""
    edition: Literal["community", "commercial"] = "community"
    """Queues are part of the commercial edition."""
    queue: Text | None = None
    """The queue that runs wait in, in the commercial edition."""


class Kale(Section):
    """Kale compiles a notebook to Kubeflow Pipelines."""

    engine: Literal["kale"]
    """The engine."""
    version: Version = "2.3"
    """Its version."""
    cache: bool = False
    """Whether Kubeflow Pipelines may reuse a step's earlier result."""
