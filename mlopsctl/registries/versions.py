"""Registered versions as a protocol: find the version of an alias in a model registry."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple, Protocol, runtime_checkable


class Version(NamedTuple):
    """One version. `locked` is its entry in the lock; `gates` is None where none were recorded."""

    locked: dict[str, Any]
    gates: Mapping[str, float] | None


@runtime_checkable
class Versions(Protocol):
    """Reads versions from registries of one engine.

    A class of it is called with the environment variables, which it may add to, and opens no connection yet.

    Its methods raise `registries.failures.Unregistered` for a name that is not registered yet, and `Unresolved` where
    a registry gives no answer.
    """

    def address(self, configured: str | None, home: Path) -> str:
        """Return the registry's address: this machine's setting, the stack's, else the local one beside the spec."""

    def override(self) -> tuple[str, str] | None:
        """Return this machine's setting instead of the stack's: (variable, address); None for none."""

    def printable(self, address: str) -> str:
        """Return an address without credentials."""

    def by_alias(self, address: str, name: str, alias: str) -> Version:
        """Return the version of an alias."""

    def by_version(self, address: str, name: str, version: str) -> Version:
        """Return a version by its number."""
