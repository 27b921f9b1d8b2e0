"""The model registry, whichever it is: where runs are tracked, and models registered with what explains them.

In: the call. Out: the environment's registry. Words for tags and fields are the same in each. Never decides whether a
model is good enough.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from mlopsctl.runtime.call import Call

SYSTEM, ENVIRONMENT = "mlopsctl.system", "mlopsctl.environment"
SPEC_HASH, DATASET_HASH, GIT_COMMIT = "mlopsctl.spec-hash", "mlopsctl.dataset-hash", "mlopsctl.git-commit"
GATES, SNAPSHOT, SIGNATURE = "mlopsctl.gates", "mlopsctl.snapshot", "mlopsctl.signature"
"""Tags of a run and of a registered version; the last is JSON: the model's own inputs and outputs by type."""


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


class Registry(Protocol):
    """Tracks runs and registers models."""

    def begin(self, key: str, tags: Mapping[str, str]) -> str:
        """Return the run of one content: the one there is, or a new one. The same work is not logged twice."""

    def running(self, run: str) -> AbstractContextManager[None]:
        """Keep a run open for the user's own logging, and close it with how training went."""

    def log(self, run: str, params: Mapping[str, str], metrics: Mapping[str, float]) -> None:
        """Log what a run was made with."""

    def register(self, run: str, evidence: Evidence) -> Registered:
        """Register a run's model and move the alias, last; a second time it finds the version that is there."""

    def served(self) -> Version | None:
        """Return the version that is served: what the lock says, else the alias; None for no version yet."""


def opened(call: Call) -> Registry:
    """Open the registry of the call's environment."""
    if call.blueprint.engines.registry.name == "neptune":
        from mlopsctl.runtime.neptune import Neptune

        return Neptune(call)
    from mlopsctl.runtime.tracking import Mlflow

    return Mlflow(call)
