"""The settings of the engine in the language."""

from __future__ import annotations

from typing import Final, Literal

from mlopsctl.spec.stack.settings import EngineSettings
from mlopsctl.spec.stack.words import SecretName
from mlopsctl.spec.words import Image, Version


class MLServerDeployment(EngineSettings):
    """MLServer serves, in plain Deployments."""

    engine: Literal["mlserver-deployment"]
    """The engine."""
    version: Version = "1.7"
    """MLServer's version."""
    image: Image
    """The image with MLServer, mlserver-mlflow and the libraries of the models."""
    secret: SecretName | None = None
    """The secret whose entries are variables of the server: the credentials of the model store."""


SETTINGS: Final = (MLServerDeployment,)
