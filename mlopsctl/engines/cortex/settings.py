"""Settings of Cortex."""

from __future__ import annotations

from typing import Final, Literal

from mlopsctl.spec.stack.settings import EngineSettings, Scope
from mlopsctl.spec.stack.words import Labels
from mlopsctl.spec.words import Image, Version


class Cortex(EngineSettings):
    """Cortex, which serves models on AWS."""

    engine: Literal["cortex"]
    """The engine."""
    version: Version = "0.42"
    """Its version."""
    image: Image | None = None
    """The image of the model server, which reads MODEL_URI."""
    node_groups: Labels = ()
    """The node groups for its pods. Default: all."""

    def scopes(self, cluster: str) -> tuple[Scope, ...]:
        """Return the cluster: Cortex has no namespaces."""
        return (Scope(f"the APIs of Cortex in {cluster}", "cluster"),)


SETTINGS: Final = (Cortex,)
