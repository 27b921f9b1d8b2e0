"""`kind: Lock`: mlops.lock, the pinned images and model versions of each environment."""

from __future__ import annotations

from typing import Annotated, Literal

from mlopsctl.spec import scalars
from mlopsctl.spec.words import ColumnName, ColumnType, EnvironmentName, Name, Section, Uri, Version

Digest = Annotated[
    str, scalars.matching(r"sha256:[0-9a-f]{64}", "a digest", "write sha256: and 64 hex digits", kind="value")
]
ModelKey = Annotated[
    str, scalars.matching(r"[a-z][-a-z0-9]*@[a-z][-a-z0-9]*", "a model and its alias", "write model@alias")
]
ImageKey = Annotated[
    str, scalars.matching(r"[A-Za-z0-9][A-Za-z0-9._:/-]*", "an image reference", "write registry/name:tag")
]
RunId = Annotated[
    str,
    scalars.matching(r"[A-Za-z0-9][A-Za-z0-9_-]*", "a run", "write the registry's run id", kind="value", limit=64),
]


class Signature(Section):
    """The signature of the locked model."""

    inputs: dict[ColumnName, ColumnType]
    """Inputs with their types, in order."""
    outputs: dict[ColumnName, ColumnType] = {}
    """Outputs with their types, in order."""


class LockedVersion(Section):
    """A locked version of a model."""

    version: Version
    """The version in the registry."""
    uri: Uri
    """The address from which the serving engine reads the artifact."""
    run: RunId | None = None
    """The run that trained it."""
    signature: Signature | None = None
    """Its signature."""
    package: Digest | None = None
    """The digest of the registered package's files; a different package is not loaded."""
    snapshot: Uri | None = None
    """The training snapshot, the reference for drift."""
    digest: Digest | None = None
    """The digest of the fields above, as read from the registry."""
    replaces: Digest | None = None
    """The previous digest, if the same version was locked again."""


class LockedModel(LockedVersion):
    """The version of an alias, and its candidate."""

    candidate: LockedVersion | None = None
    """The candidate of a canary or shadow rollout."""


class LockedEnvironment(Section):
    """The pinned images and models of an environment."""

    images: dict[ImageKey, Digest] = {}
    """Image tags and their digests."""
    models: dict[ModelKey, LockedModel] = {}
    """Models by name@alias."""


class LockMetadata(Section):
    """The workspace or system of the lock."""

    name: Name
    """The workspace's name, or the single system's."""


class Lock(Section):
    """The pinned images and models of all environments."""

    api_version: Literal["mlopsctl.dev/v1alpha1"]
    """The version of the language."""
    kind: Literal["Lock"]
    """The kind of document."""
    metadata: LockMetadata
    """The workspace or system of the lock."""
    environments: dict[EnvironmentName, LockedEnvironment] = {}
    """The environments, by name."""
