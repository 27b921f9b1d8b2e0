"""The protocol of a model registry: track runs, and register models with their documents.

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
"""Tags of a run: its outcome, and the reason as a sentence."""
TRAINING, BROKEN, REFUSED, REGISTERED = "training", "broken", "refused", "registered"
GATES, SNAPSHOT, SIGNATURE = "mlopsctl.gates", "mlopsctl.snapshot", "mlopsctl.signature"
PACKAGE = "mlopsctl.package"
"""Tags of a run and of a registered version. The signature is JSON: the model's own inputs and outputs by type. The
package is the digest of its files."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """The content of a version: its package, metrics, documents, training snapshot and tags."""

    package: Path
    metrics: Mapping[str, float]
    documents: Mapping[str, Any]
    snapshot: Path
    tags: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Registered:
    """A registered version; `again` if it existed before."""

    name: str
    version: str
    again: bool


@dataclass(frozen=True, slots=True)
class Version:
    """A served version: the address of its package, and its tags."""

    version: str
    source: str
    tags: Mapping[str, str]


@runtime_checkable
class Registry(Protocol):
    """Tracks runs and registers models."""

    def begin(self, key: str, tags: Mapping[str, str]) -> str:
        """Return the run of a content, existing or new, so that the same work is not logged twice."""

    def running(self, run: str) -> AbstractContextManager[None]:
        """Keep a run open for the user's logging, and close it with the outcome of training."""

    def log(self, run: str, params: Mapping[str, str], metrics: Mapping[str, float]) -> None:
        """Log the parameters and metrics of a run."""

    def conclude(self, run: str, outcome: str, reason: str = "") -> None:
        """Record the outcome of a run; failed and rejected ones count as failed."""

    def register(self, run: str, evidence: Evidence) -> Registered:
        """Register a run's model, then move the alias; a second call reuses the version."""

    def served(self) -> Version | None:
        """Return the served version: the locked one, otherwise the alias's; None if there is none."""

    def fetch(self, location: str) -> Path:
        """Download an artifact of a version to the scratch folder, and return its path."""


def tags_of(model: Model) -> dict[str, str]:
    """Return the spec's tags of a model without credentials, because every user of the registry sees them."""
    return {str(name): str(masked(value, str(name))) for name, value in model.tags.items()}
