"""Settings of Argo CD."""

from __future__ import annotations

from typing import Final, Literal

from mlopsctl.spec.stack.settings import EngineSettings
from mlopsctl.spec.words import Label, Version


class ArgoCD(EngineSettings):
    """Argo CD, which applies the rendered tree."""

    engine: Literal["argocd"]
    """The engine."""
    version: Version = "3.5"
    """Its version."""
    project: Label | None = None
    """The AppProject. Default: the workspace's name."""
    namespace: Label = "argocd"
    """The namespace of Argo CD."""


SETTINGS: Final = (ArgoCD,)
