"""The model registry as a protocol: track runs, and register models with their documents.

Names of tags and fields are the same in each registry.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from mlopsctl.blueprint.model.training import Model
from mlopsctl.secrets.values import masked

SYSTEM, ENVIRONMENT = "mlopsctl.system", "mlopsctl.environment"
SPEC_HASH, DATASET_HASH, GIT_COMMIT = "mlopsctl.spec-hash", "mlopsctl.dataset-hash", "mlopsctl.git-commit"
OUTCOME, REASON = "mlopsctl.outcome", "mlopsctl.reason"
"""Tags of a run: how far it came, and in a sentence why no further."""
TRAINING, BROKEN, REFUSED, REGISTERED = "training", "broken", "refused", "registered"
GATES, SNAPSHOT, SIGNATURE = "mlopsctl.gates", "mlopsctl.snapshot", "mlopsctl.signature"
PACKAGE = "mlopsctl.package"
"""Tags of a run and of a registered version. The signature is JSON: the model's own inputs and outputs by type. The
package is the digest of its files."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a version is made of: its package, its numbers, documents, the rows that drift is measured against, tags."""

    package: Path
    metrics: Mapping[str, float]
    documents: Mapping[str, Any]
    snapshot: Path
    tags: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Registered:
    """A registered version; `again` where it was there before."""

    name: str
    version: str
    again: bool


@dataclass(frozen=True, slots=True)
class Version:
    """A version that is served: where its package is, and what is known of it."""

    version: str
    source: str
    tags: Mapping[str, str]


@runtime_checkable
class Registry(Protocol):
    """Tracks runs and registers models."""

    def begin(self, key: str, tags: Mapping[str, str]) -> str:
        """Return the run of one content: the one there is, or a new one. The same work is not logged twice."""

    def running(self, run: str) -> AbstractContextManager[None]:
        """Keep a run open for the user's own logging, and close it with how training went."""

    def log(self, run: str, params: Mapping[str, str], metrics: Mapping[str, float]) -> None:
        """Log what a run was made with."""

    def conclude(self, run: str, outcome: str, reason: str = "") -> None:
        """Record the outcome of a run; failed and rejected ones count as failed."""

    def register(self, run: str, evidence: Evidence) -> Registered:
        """Register a run's model and move the alias, last; a second time it finds the version that is there."""

    def served(self) -> Version | None:
        """Return the version that is served: what the lock says, else the alias; None for no version yet."""

    def fetch(self, location: str) -> Path:
        """Bring an artifact of a version into the scratch folder, and return its path there."""


def tags_of(model: Model) -> dict[str, str]:
    """Return the spec's tags of a model as texts without credentials, as every user of the registry sees them."""
    return {str(name): str(masked(value, str(name))) for name, value in model.tags.items()}
