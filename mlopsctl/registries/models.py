"""What a model's alias means right now, asked of MLflow: the version, its artifact, its run, what was recorded of it.

In: the registry's address, a name and an alias or a version. Out: what the lock may say of it, and the gates' values.
The tags are those that the step `register` writes. Never changes the registry.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from mlopsctl.registries.failures import Unregistered, Unresolved
from mlopsctl.runtime.registry import GATES, SIGNATURE, SNAPSHOT

_PARTS = ("inputs", "outputs")


class Version(NamedTuple):
    """One version. `locked` is its entry in the lock; `gates` is None where none were recorded."""

    locked: dict[str, Any]
    gates: Mapping[str, float] | None


class Models:
    """Asks MLflow registries, each by one client."""

    def __init__(self) -> None:
        self._clients: dict[str, Any] = {}

    def by_alias(self, uri: str, name: str, alias: str) -> Version:
        """Return the version an alias stands for; Unregistered where it stands for none."""
        return self._found(uri, f"{name}@{alias}", lambda client: client.get_model_version_by_alias(name, alias))

    def by_version(self, uri: str, name: str, version: str) -> Version:
        """Return a version by its number."""
        return self._found(uri, f"version {version} of {name}", lambda client: client.get_model_version(name, version))

    def _found(self, uri: str, what: str, ask: Callable[[Any], Any]) -> Version:
        place = shown(uri)
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
            kind, words = (Unregistered, f"has no {what}") if _is_absent(error) else (Unresolved, _reason(error))
            raise kind(f"{place} {words}") from error

    def _client(self, uri: str) -> Any:
        if uri not in self._clients:
            import mlflow

            self._clients[uri] = mlflow.MlflowClient(uri, uri)
        return self._clients[uri]


def shown(uri: str) -> str:
    """Name a registry as a person may see it: without what stands before an `@`."""
    scheme, separator, rest = uri.partition("://")
    return f"{scheme}{separator}{rest.rpartition('@')[2]}"


def _is_absent(error: BaseException) -> bool:
    """Tell whether MLflow says that something is not there; of an alias it says so as of a wrong value."""
    code = getattr(error, "error_code", "")
    wrong = code == "INVALID_PARAMETER_VALUE" and str(error).rstrip(". ").endswith("not found")
    return code in ("RESOURCE_DOES_NOT_EXIST", "NOT_FOUND") or wrong


def _reason(error: BaseException) -> str:
    text = str(error)
    for sign, words in (
        ("unsupported URI", "is nothing that the MLflow installed here can ask; a store of files needs mlopsctl[run]"),
        ("refused", "refuses the connection: is it running?"),
        ("NameResolution", "is no host that can be found"),
        ("timed out", "does not answer in time"),
        (
            "401",
            "does not know you: set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN",
        ),
        ("403", "does not let you read it"),
    ):
        if sign in text:
            return words
    return f"cannot be asked: {next((line for line in text.splitlines() if line.strip()), 'no reason given')[:200]}"


def _version(client: Any, found: Any) -> Version:
    """Turn MLflow's version into the lock's entry."""
    if not found.version:
        raise Unresolved("the registry answers, and names no version")
    tags = dict(found.tags)
    locked: dict[str, Any] = {
        "version": str(found.version),
        "uri": _location(str(client.get_model_version_download_uri(found.name, found.version))),
    }
    if found.run_id:
        locked["run"] = str(found.run_id)
    signature = _tag(tags, SIGNATURE, found)
    if signature is not None:
        locked["signature"] = {part: _mapping(signature.get(part, {}), SIGNATURE, found) for part in _PARTS}
    if tags.get(SNAPSHOT):
        locked["snapshot"] = _location(str(tags[SNAPSHOT]))
    gates = _tag(tags, GATES, found)
    return Version(locked, gates)


def _tag(tags: Mapping[str, str], name: str, found: Any) -> Mapping[str, Any] | None:
    """Read a tag that holds a mapping as JSON; None where the version has none."""
    if name not in tags:
        return None
    try:
        return _mapping(json.loads(tags[name]), name, found)
    except (ValueError, RecursionError):
        return _mapping(None, name, found)


def _mapping(value: object, tag: str, found: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        what = f"the tag `{tag}` of version {found.version} of {found.name}"
        raise Unresolved(f"{what} cannot be read: register it again")
    return value


def _location(address: str) -> str:
    """Return where an artifact lies, where that says anything to who is not this machine or MLflow."""
    if "://" not in address:
        what = f"the artifacts are kept at `{address[:80]}`, which a serving engine cannot read"
        raise Unresolved(f"{what}: give the registry's server a root for them as s3://bucket/path")
    return address
