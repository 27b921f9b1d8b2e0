"""Base classes of an engine's settings, per stage: the fields that the rest of the package reads."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

from mlopsctl.spec.words import Section

NOTHING: Final[Mapping[str, str]] = MappingProxyType({})


class Credential(NamedTuple):
    """A secret that an engine is accessed with.

    `keys` are the entries that it must have, none: all are read. `variables` maps each variable that the steps need to
    the entry that holds its value.
    """

    secret: str
    purpose: str
    keys: tuple[str, ...] = ()
    variables: Mapping[str, str] = NOTHING


def secret_variables(secret: str, purpose: str, variables: Mapping[str, str]) -> Credential:
    """Return a secret whose entries are variables of the steps, and nothing else of it is read."""
    return Credential(secret, purpose, tuple(variables.values()), variables)


class FileStore(NamedTuple):
    """A store that is a file of one machine: what it holds, and its field in the settings."""

    content: str
    field: str


_LOCAL_SCHEMES: Final = frozenset({"", "file", "sqlite"})


def is_local(address: str) -> bool:
    """Return whether an address is a local path; a database scheme may name its driver: `sqlite+pysqlite`."""
    scheme = address.partition("://")[0] if "://" in address else ""
    return scheme.partition("+")[0] in _LOCAL_SCHEMES


class Scope(NamedTuple):
    """A target outside of a namespace that the engine writes to, and the kind of field that separates two of them."""

    target: str
    field: str


class EngineSettings(Section):
    """The settings of an engine. Each has the field `engine`, and all that have versions the field `version`."""

    if TYPE_CHECKING:

        @property
        def engine(self) -> str:
            """The name that a stack chooses the engine by."""

        @property
        def version(self) -> str:
            """The version of the engine."""

    def credentials(self) -> tuple[Credential, ...]:
        """Return the secrets that the engine is accessed with."""
        return ()

    def file_stores(self) -> tuple[FileStore, ...]:
        """Return the stores that are files of one machine, which pods do not share."""
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
        """Return the address of the server that endpoints ask for features; None for the default."""
        return None

    def server_to_run(self) -> str | None:
        """Return the server that endpoints ask in their namespace, which somebody must run; None for none."""
        return None


class RegistrySettings(EngineSettings):
    """The settings of a model registry."""

    if TYPE_CHECKING:

        @property
        def uri(self) -> str | None:
            """The address of the registry; None for the default."""

    def tracking_uri(self) -> str | None:
        """Return the address that runs are tracked at, which is part of a model's training."""
        return None

    def variables(self) -> Mapping[str, str]:
        """Return the variables by which steps reach the registry, besides its credentials."""
        return NOTHING


class MonitoringSettings(EngineSettings):
    """The settings of a monitoring engine."""

    if TYPE_CHECKING:

        @property
        def pushgateway(self) -> str | None:
            """The push gateway that steps report to; None for none."""
