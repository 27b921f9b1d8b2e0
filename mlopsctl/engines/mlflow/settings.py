"""Settings of MLflow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from mlopsctl.spec.stack.settings import NOTHING, Credential, FileStore, RegistrySettings, is_local, secret_variables
from mlopsctl.spec.stack.words import SecretName
from mlopsctl.spec.words import Uri, Version


class Mlflow(RegistrySettings):
    """MLflow, which tracks runs and registers models."""

    engine: Literal["mlflow"]
    """The engine."""
    version: Version = "3"
    """Its version."""
    uri: Uri | None = None
    """The address of the tracking server. Default: a local store next to the spec."""
    secret: SecretName | None = None
    """The secret with the keys `username` and `password`, if the server requires a login."""

    def credentials(self) -> tuple[Credential, ...]:
        """Return the secret with the user of the tracking server."""
        variables = {"MLFLOW_TRACKING_USERNAME": "username", "MLFLOW_TRACKING_PASSWORD": "password"}
        return (secret_variables(self.secret, "registry", variables),) if self.secret else ()

    def file_stores(self) -> tuple[FileStore, ...]:
        """Return the store of runs and models if it is a local file."""
        return (FileStore("the model registry", "uri"),) if is_local(self.uri or "") else ()

    def tracking_uri(self) -> str | None:
        """Return the tracking server."""
        return self.uri

    def variables(self) -> Mapping[str, str]:
        """Return the variable with the address for MLflow's client."""
        return {"MLFLOW_TRACKING_URI": self.uri} if self.uri else NOTHING


SETTINGS: Final = (Mlflow,)
