"""Settings of the External Secrets operator."""

from __future__ import annotations

from typing import Final, Literal

from mlopsctl.spec.stack.settings import EngineSettings
from mlopsctl.spec.stack.words import Location
from mlopsctl.spec.words import Label, Section


class SecretStore(Section):
    """The store that ExternalSecret objects read."""

    kind: Literal["ClusterSecretStore", "SecretStore"] = "ClusterSecretStore"
    """The store's kind."""
    name: Label
    """The store's name."""


class ExternalSecrets(EngineSettings):
    """The External Secrets operator, which fetches secrets."""

    engine: Literal["external-secrets"]
    """The engine."""
    store: SecretStore
    """The store of the secrets."""
    prefix: Location = ""
    """The prefix of each secret's name in the store."""


SETTINGS: Final = (ExternalSecrets,)
