"""Settings of Argo Workflows: the service account and the artifact repository."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from mlopsctl.spec import scalars
from mlopsctl.spec.stack.settings import Credential, EngineSettings
from mlopsctl.spec.stack.words import Host, SecretName
from mlopsctl.spec.words import Label, Section, Version


class S3(Section):
    """An S3 bucket, or an S3-compatible store."""

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
    """The secret with the keys `accessKey` and `secretKey`. Default: the pod's identity."""
    insecure: bool = False
    """Access the store without TLS."""
    ca: SecretName | None = None
    """The secret with the key `ca.crt`: the certificates of the CA that signed the store's certificate."""


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
    """The secret with the key `serviceAccountKey`. Default: the pod's identity."""


class Artifacts(Section):
    """The repository of files between steps. Default: the engine's default repository."""

    s3: S3 | None = None
    """An S3 bucket."""
    gcs: Gcs | None = None
    """A Google Cloud Storage bucket."""
    without_logs: bool = False
    """Store no logs in the bucket: Argo runs a finished step again if its log cannot be stored."""


class ArgoWorkflows(EngineSettings):
    """Argo Workflows, which runs the pipelines."""

    engine: Literal["argo-workflows"]
    """The engine."""
    version: Version = "4.1"
    """Its version."""
    service_account: Label | None = None
    """An existing service account. Default: one with minimal rights is rendered."""
    artifacts: Artifacts = Artifacts.model_construct(s3=None, gcs=None, without_logs=False)
    """The repository of files between steps."""

    def credentials(self) -> tuple[Credential, ...]:
        """Return the secrets of the artifact repositories, which the engine reads."""
        s3, gcs = self.artifacts.s3, self.artifacts.gcs
        s3_secret = s3.secret if s3 else None
        gcs_secret = gcs.secret if gcs else None
        return (
            *((Credential(s3_secret, "artifacts", ("accessKey", "secretKey")),) if s3_secret else ()),
            *((Credential(s3.ca, "artifacts-ca", ("ca.crt",)),) if s3 and s3.ca else ()),
            *((Credential(gcs_secret, "artifacts", ("serviceAccountKey",)),) if gcs_secret else ()),
        )


SETTINGS: Final = (ArgoWorkflows,)
