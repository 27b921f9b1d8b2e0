"""Base classes of an engine's settings, per stage: the fields that the rest of the package reads."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

from mlopsctl.spec.words import Section

NOTHING: Final[Mapping[str, str]] = MappingProxyType({})


class Credential(NamedTuple):
    """A secret with credentials for an engine.

    `keys` are its required keys; empty reads all of them. `variables` maps each variable of the steps to the key with
    its value.
    """

    secret: str
    purpose: str
    keys: tuple[str, ...] = ()
    variables: Mapping[str, str] = NOTHING


def secret_variables(secret: str, purpose: str, variables: Mapping[str, str]) -> Credential:
    """Return a secret of which only the keys for variables of the steps are read."""
    return Credential(secret, purpose, tuple(variables.values()), variables)


class FileStore(NamedTuple):
    """A store in a local file: its content, and its field in the settings."""

    content: str
    field: str


_LOCAL_SCHEMES: Final = frozenset({"", "file", "sqlite"})


def is_local(address: str) -> bool:
    """Return whether an address is a local path; a database scheme may name its driver: `sqlite+pysqlite`."""
    scheme = address.partition("://")[0] if "://" in address else ""
    return scheme.partition("+")[0] in _LOCAL_SCHEMES


class Scope(NamedTuple):
    """A target outside of a namespace that the engine writes to, and the field that separates environments."""

    target: str
    field: str


class EngineSettings(Section):
    """The settings of an engine: the field `engine`, and `version` for engines with versions."""

    if TYPE_CHECKING:

        @property
        def engine(self) -> str:
            """The engine's name in a stack."""

        @property
        def version(self) -> str:
            """The version of the engine."""

    def credentials(self) -> tuple[Credential, ...]:
        """Return the secrets with credentials for the engine."""
        return ()

    def file_stores(self) -> tuple[FileStore, ...]:
        """Return the stores in local files, which pods do not share."""
        return ()

    def scopes(self, cluster: str) -> tuple[Scope, ...]:  # noqa: ARG002 - for engines that have any
        """Return the targets outside of a namespace that the engine writes to, in a cluster."""
        return ()


class FeatureStoreSettings(EngineSettings):
    """The settings of a feature store."""

    if TYPE_CHECKING:

        @property
        def project(self) -> str | None:
            """The feature project; None for the default."""

    def server_address(self) -> str | None:
        """Return the address of the feature server; None for the default."""
        return None

    def server_to_run(self) -> str | None:
        """Return the name of the feature server that must run in the namespace of endpoints; None if none is needed."""
        return None


class RegistrySettings(EngineSettings):
    """The settings of a model registry."""

    if TYPE_CHECKING:

        @property
        def uri(self) -> str | None:
            """The address of the registry; None for the default."""

    def tracking_uri(self) -> str | None:
        """Return the address of the tracking server, which is part of a model's training."""
        return None

    def variables(self) -> Mapping[str, str]:
        """Return the steps' variables for the registry, except credentials."""
        return NOTHING


class MonitoringSettings(EngineSettings):
    """The settings of a monitoring engine."""

    if TYPE_CHECKING:

        @property
        def pushgateway(self) -> str | None:
            """The push gateway for metrics of steps; None if there is none."""
