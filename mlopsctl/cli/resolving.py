"""Ask the registries what images and models stand for, all of them, and report every one that could not tell.

In: what is used, and this machine's environment. Out: values by use, findings. Writes nothing.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from mlopsctl.diagnostics.codes import lock as codes
from mlopsctl.diagnostics.model import Diagnostic, Severity
from mlopsctl.lock.uses import IMAGES, Use
from mlopsctl.registries.failures import Unregistered, Unresolved

if TYPE_CHECKING:
    from mlopsctl.registries.images import Images
    from mlopsctl.registries.models import Models, Version

_ASKED = "mlflow"
_OVERRIDE = "MLFLOW_TRACKING_URI"
_LIBRARIES = {"images": "requests", "models": "mlflow"}
# Nobody who waits at a terminal waits for seven retries of a minute each; a person's own setting wins.
_PATIENCE = {
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "1",
    "MLFLOW_HTTP_REQUEST_TIMEOUT": "30",
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "DO_NOT_TRACK": "1",
}


class Resolved(NamedTuple):
    """What was found out, in the order of what was asked."""

    values: list[tuple[Use, Any]]
    diagnostics: list[Diagnostic]


def resolve(asked: Iterable[Use], named: Iterable[Use], root: Path, plain_http: frozenset[str]) -> Resolved:
    """Resolve every use; `named` are those that a person asked for by name, `plain_http` hosts without TLS."""
    wanted, strict = list(asked), frozenset(named)
    _need_libraries({one.kind for one in wanted})
    _tell_of_the_override(wanted)
    ask = _Memory(root, plain_http)
    values, found = [], []
    for use in wanted:
        try:
            value: Any = ask.digest(use.key) if use.kind == IMAGES else ask.model(use)
        except Unregistered as error:
            severity = Severity.ERROR if use in strict else None
            message = f"nothing is registered as `{use.key}` yet: {error}"
            found.append(_at(use, codes.NOT_REGISTERED.at(use.place, message, severity=severity)))
        except Unresolved as error:
            found.append(_at(use, _unresolved(use, error, use in strict)))
        else:
            if use.kind != IMAGES and "signature" not in value:
                message = f"version {value['version']} of `{use.key}` has no recorded signature"
                found.append(_at(use, codes.NO_SIGNATURE.at(use.place, message)))
            values.append((use, value))
    return Resolved(values, found)


def _unresolved(use: Use, error: Unresolved, strict: bool) -> Diagnostic:
    """Report what nobody could tell; where nobody here could ever tell, only somebody who asks for it is stopped."""
    message = f"`{use.key}`: {error}"
    if use.kind == IMAGES:
        return codes.IMAGE_UNRESOLVED.at(use.place, message)
    if use.engine == _ASKED:
        return codes.MODEL_UNRESOLVED.at(use.place, message)
    severity = Severity.ERROR if strict else Severity.WARNING
    return codes.MODEL_UNRESOLVED.at(use.place, message, help="write the entry by hand", severity=severity)


def _at(use: Use, diagnostic: Diagnostic) -> Diagnostic:
    return diagnostic.in_environment(use.environment)


def versions(root: Path) -> Callable[[Use, str], Version]:
    """Return what asks a use's registry for a version by its number."""
    _need_libraries({"models"})
    ask = _Memory(root, frozenset())
    return lambda use, version: ask.models().by_version(_registry(use, root), use.key.partition("@")[0], version)


class _Memory:
    """Asks each registry once for each name."""

    def __init__(self, root: Path, plain_http: frozenset[str]) -> None:
        self._root = root
        self._plain_http = plain_http
        self._images: Images | None = None
        self._models: Models | None = None
        self._known: dict[tuple[str, ...], Any] = {}

    def digest(self, key: str) -> str:
        """Return the digest of an image's tag."""
        name, tag = _cut(key)
        found: str = self._once(("image", key), lambda: self.images().digest(name, tag))
        return found

    def model(self, use: Use) -> dict[str, Any]:
        """Return what the lock may say of a model's alias."""
        uri = _registry(use, self._root)
        name, _, alias = use.key.partition("@")
        version = self._once((uri, use.key), lambda: self.models().by_alias(uri, name, alias))
        found: dict[str, Any] = version.locked
        return found

    def images(self) -> Images:
        """Return what asks image registries, made when it is first needed."""
        if self._images is None:
            from mlopsctl.registries.credentials import docker_credentials
            from mlopsctl.registries.images import Images

            self._images = Images(docker_credentials(_docker_file()), self._plain_http)
        return self._images

    def models(self) -> Models:
        """Return what asks model registries."""
        if self._models is None:
            from mlopsctl.registries.models import Models

            for name, value in _PATIENCE.items():
                os.environ.setdefault(name, value)
            self._models = Models()
        return self._models

    def _once(self, key: tuple[str, ...], ask: Callable[[], Any]) -> Any:
        if key not in self._known:
            try:
                self._known[key] = ask()
            except Unresolved as error:
                self._known[key] = error
        if isinstance(self._known[key], Unresolved):
            raise self._known[key]
        return self._known[key]


def _tell_of_the_override(asked: Iterable[Use]) -> None:
    """Say that this machine's setting stands over the workspace's: what is written is true of that registry."""
    named = os.environ.get(_OVERRIDE)
    if named and any(use.kind != IMAGES and use.registry not in (None, named) for use in asked):
        from mlopsctl.registries.models import shown

        click.echo(
            f"models are asked of {shown(named)}, as {_OVERRIDE} says, and not of the workspace's registry", err=True
        )


def _need_libraries(kinds: Iterable[str]) -> None:
    lacking = next((_LIBRARIES[kind] for kind in sorted(kinds) if find_spec(_LIBRARIES[kind]) is None), None)
    if lacking:
        raise click.UsageError(
            f"the Python package `{lacking}` is not installed here; "
            "registries are asked with an extra: pip install 'mlopsctl[lock]'"
        )


def _cut(key: str) -> tuple[str, str | None]:
    """Cut an image's reference, without a digest, into its name and its tag."""
    path, slash, last = key.rpartition("/")
    name, colon, tag = last.partition(":")
    return f"{path}{slash}{name}", tag if colon else None


def _docker_file() -> Path:
    """Return where `docker login` or `podman login` keeps credentials."""
    named = os.environ.get("REGISTRY_AUTH_FILE")
    folder = os.environ.get("DOCKER_CONFIG")
    return Path(named) if named else (Path(folder) if folder else Path.home() / ".docker") / "config.json"


def _registry(use: Use, root: Path) -> str:
    """Return where a model is registered: this machine's setting, the environment's, the store beside the spec."""
    from mlopsctl.runtime.local.layout import Layout

    if use.engine != _ASKED:
        raise Unresolved(f"the models of `{use.environment}` are kept in {use.engine}, which cannot be asked here")
    named = os.environ.get(_OVERRIDE) or use.registry
    if named:
        return named
    layout = Layout((root / use.file).parent)
    if not layout.tracking.is_file():
        raise Unregistered("there is no registry beside the spec, and `mlopsctl run` makes one")
    return layout.tracking_uri
