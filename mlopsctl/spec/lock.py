"""`kind: Lock`: mlops.lock, what each environment runs, settled in Git."""

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
    """What the locked model takes and gives."""

    inputs: dict[ColumnName, ColumnType]
    """Inputs with their types, in order."""
    outputs: dict[ColumnName, ColumnType] = {}
    """Outputs with their types, in order."""


class LockedVersion(Section):
    """One version of a model."""

    version: Version
    """The registry's version."""
    uri: Uri
    """Where the serving engine reads the artifact."""
    run: RunId | None = None
    """The run that made it."""
    signature: Signature | None = None
    """What it takes and gives."""
    package: Digest | None = None
    """The digest of the registered package's files; no other package is loaded."""
    snapshot: Uri | None = None
    """The training snapshot that drift is measured against."""
    digest: Digest | None = None
    """The digest of what stands above, as the registry said it."""
    replaces: Digest | None = None
    """The digest that the same version had before it was locked again."""


class LockedModel(LockedVersion):
    """The version an alias stands for here, and the one on its way in."""

    candidate: LockedVersion | None = None
    """The version that a canary or shadow rollout is bringing in."""


class LockedEnvironment(Section):
    """What one environment runs."""

    images: dict[ImageKey, Digest] = {}
    """Image tags and the digests they stand for."""
    models: dict[ModelKey, LockedModel] = {}
    """Models by name@alias."""


class LockMetadata(Section):
    """Which workspace or system the lock belongs to."""

    name: Name
    """The workspace's name, or the single system's."""


class Lock(Section):
    """What each environment runs."""

    api_version: Literal["mlopsctl.dev/v1alpha1"]
    """The version of the language."""
    kind: Literal["Lock"]
    """The kind of document."""
    metadata: LockMetadata
    """Which workspace or system the lock belongs to."""
    environments: dict[EnvironmentName, LockedEnvironment] = {}
    """What each environment runs, by name."""
