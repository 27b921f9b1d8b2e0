"""Resolve a model's alias in MLflow: version, artifact, run, and recorded tags.

The step `register` writes the tags.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable, Mapping, MutableMapping
from pathlib import Path
from typing import Any

from mlopsctl.registries.failures import Unregistered, Unresolved
from mlopsctl.registries.versions import Version
from mlopsctl.runtime.backends.registry import GATES, PACKAGE, SIGNATURE, SNAPSHOT
from mlopsctl.runtime.local.layout import Layout

_PARTS = ("inputs", "outputs")
_OVERRIDE = "MLFLOW_TRACKING_URI"
# Seven retries of a minute each are too long at a terminal; the user's own setting wins.
_CLIENT_SETTINGS = {
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "1",
    "MLFLOW_HTTP_REQUEST_TIMEOUT": "30",
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "DO_NOT_TRACK": "1",
}


class MlflowVersions:
    """A client of MLflow registries."""

    def __init__(self, environ: MutableMapping[str, str]) -> None:
        self._environ = environ
        self._clients: dict[str, Any] = {}

    def address(self, configured: str | None, home: Path) -> str:
        """Return the registry's address; the local one is the store that `mlopsctl run` creates."""
        address = self._environ.get(_OVERRIDE) or configured
        if address:
            return address
        layout = Layout(home)
        if not layout.tracking.is_file():
            raise Unregistered("there is no local registry beside the spec; `mlopsctl run` creates one")
        return layout.tracking_uri

    def override(self) -> tuple[str, str] | None:
        """Return the variable of MLflow's client that names a registry, where it is set."""
        address = self._environ.get(_OVERRIDE)
        return (_OVERRIDE, address) if address else None

    def printable(self, address: str) -> str:
        """Return an address without credentials."""
        return printable_uri(address)

    def by_alias(self, uri: str, name: str, alias: str) -> Version:
        """Return the version of an alias; raise Unregistered if there is none."""
        return self._version_by(uri, f"{name}@{alias}", lambda client: client.get_model_version_by_alias(name, alias))

    def by_version(self, uri: str, name: str, version: str) -> Version:
        """Return a version by its number."""
        return self._version_by(
            uri, f"version {version} of {name}", lambda client: client.get_model_version(name, version)
        )

    def _version_by(self, uri: str, subject: str, ask: Callable[[Any], Any]) -> Version:
        place = printable_uri(uri)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of libraries, about libraries
                client = self._client(uri)
                return _version(client, ask(client))
        except Unresolved:
            raise
        except ImportError as error:
            raise Unresolved(f"{place} needs the Python package `{error.name}`: pip install 'mlopsctl[run]'") from error
        except Exception as error:  # MLflow's own, and those of the drivers of its stores
            kind, reason = (Unregistered, f"has no {subject}") if _is_absent(error) else (Unresolved, _reason(error))
            raise kind(f"{place} {reason}") from error

    def _client(self, uri: str) -> Any:
        if uri not in self._clients:
            for name, value in _CLIENT_SETTINGS.items():
                self._environ.setdefault(name, value)
            import mlflow

            self._clients[uri] = mlflow.MlflowClient(uri, uri)
        return self._clients[uri]


def printable_uri(uri: str) -> str:
    """Return a registry's address without credentials."""
    scheme, separator, rest = uri.partition("://")
    return f"{scheme}{separator}{rest.rpartition('@')[2]}"


def _is_absent(error: BaseException) -> bool:
    """Return whether an MLflow error means `not found`; for an alias it is an invalid value."""
    code = getattr(error, "error_code", "")
    wrong = code == "INVALID_PARAMETER_VALUE" and str(error).rstrip(". ").endswith("not found")
    return code in ("RESOURCE_DOES_NOT_EXIST", "NOT_FOUND") or wrong


def _reason(error: BaseException) -> str:
    text = str(error)
    for sign, reason in (
        ("unsupported URI", "is not supported by the installed MLflow; a file store needs mlopsctl[run]"),
        ("refused", "refuses the connection: is it running?"),
        ("NameResolution", "is an unknown host"),
        ("timed out", "does not respond in time"),
        (
            "401",
            "requires a login: set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN",
        ),
        ("403", "denies read access"),
    ):
        if sign in text:
            return reason
    return f"cannot be read: {next((line for line in text.splitlines() if line.strip()), 'no reason given')[:200]}"


def _version(client: Any, model_version: Any) -> Version:
    """Turn MLflow's version into the lock's entry."""
    if not model_version.version:
        raise Unresolved("the registry responded without a version")
    tags = dict(model_version.tags)
    locked: dict[str, Any] = {
        "version": str(model_version.version),
        "uri": _location(str(client.get_model_version_download_uri(model_version.name, model_version.version))),
    }
    if model_version.run_id:
        locked["run"] = str(model_version.run_id)
    signature = _tag(tags, SIGNATURE, model_version)
    if signature is not None:
        locked["signature"] = {part: _mapping(signature.get(part, {}), SIGNATURE, model_version) for part in _PARTS}
    if tags.get(PACKAGE):
        locked["package"] = str(tags[PACKAGE])
    if tags.get(SNAPSHOT):
        locked["snapshot"] = _location(str(tags[SNAPSHOT]))
    gates = _tag(tags, GATES, model_version)
    return Version(locked, gates)


def _tag(tags: Mapping[str, str], name: str, model_version: Any) -> Mapping[str, Any] | None:
    """Read a tag that holds a mapping as JSON; None where the version has none."""
    if name not in tags:
        return None
    try:
        return _mapping(json.loads(tags[name]), name, model_version)
    except (ValueError, RecursionError):
        return _mapping(None, name, model_version)


def _mapping(value: object, tag: str, model_version: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        subject = f"the tag `{tag}` of version {model_version.version} of {model_version.name}"
        raise Unresolved(f"{subject} is unreadable: register the version again")
    return value


def _location(address: str) -> str:
    """Return where an artifact lies, where that says anything to who is not this machine or MLflow."""
    if "://" not in address:
        message = f"the artifacts are at `{address[:80]}`, which a serving engine cannot read"
        raise Unresolved(f"{message}: set the registry server's artifact root, such as s3://bucket/path")
    return address
