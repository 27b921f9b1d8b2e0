"""Settings of Neptune."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from mlopsctl.engines.neptune.fields import PROJECT, TOKEN
from mlopsctl.spec.stack.settings import NOTHING, Credential, RegistrySettings, secret_variables
from mlopsctl.spec.stack.words import SecretName
from mlopsctl.spec.words import Text, Url, Version


class Neptune(RegistrySettings):
    """A self-hosted Neptune, which tracks runs and registers models."""

    engine: Literal["neptune"]
    """The engine."""
    version: Version = "3"
    """The installation's generation, 2 or 3."""
    uri: Url | None = None
    """The address of the self-hosted installation; the hosted Neptune was shut down."""
    project: Text | None = None
    """The Neptune project: workspace/project."""
    secret: SecretName | None = None
    """The secret with the key `apiToken`."""

    def credentials(self) -> tuple[Credential, ...]:
        """Return the secret with the client's token."""
        return (secret_variables(self.secret, "registry", {TOKEN: "apiToken"}),) if self.secret else ()

    def variables(self) -> Mapping[str, str]:
        """Return the variable with the project for Neptune's client."""
        return {PROJECT: self.project} if self.project else NOTHING


SETTINGS: Final = (Neptune,)
