"""Resolve images and models from their registries, and report every failure; writes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, MutableMapping
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from mlopsctl.diagnostics.codes import lock as codes
from mlopsctl.diagnostics.model import Diagnostic, Severity
from mlopsctl.errors import UsageError
from mlopsctl.lock.uses import IMAGES, Use
from mlopsctl.registries.failures import Unregistered, Unresolved

if TYPE_CHECKING:
    from mlopsctl.registries.images import Images
    from mlopsctl.registries.models import Models, Version

_RESOLVABLE_ENGINE = "mlflow"
_OVERRIDE = "MLFLOW_TRACKING_URI"
_LIBRARIES = {"images": "requests", "models": "mlflow"}
# Seven retries of a minute each are too long at a terminal; the user's own setting wins.
_PATIENCE = {
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "1",
    "MLFLOW_HTTP_REQUEST_TIMEOUT": "30",
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "DO_NOT_TRACK": "1",
}


class Machine(NamedTuple):
    """The local settings: the project's root, the environment variables, and a function for warnings."""

    root: Path
    environ: MutableMapping[str, str]
    warn: Callable[[str], None]


class Resolved(NamedTuple):
    """The resolved values, in the order of the uses."""

    values: list[tuple[Use, Any]]
    diagnostics: list[Diagnostic]


def resolve(uses: Iterable[Use], strict_uses: Iterable[Use], machine: Machine, plain_http: frozenset[str]) -> Resolved:
    """Resolve every use; `strict_uses` are given by name, `plain_http` are hosts without TLS."""
    all_uses, strict = list(uses), frozenset(strict_uses)
    _need_libraries({use.kind for use in all_uses})
    _tell_of_the_override(all_uses, machine)
    ask = _Memory(machine, plain_http)
    values, diagnostics = [], []
    for use in all_uses:
        try:
            value: Any = ask.digest(use.key) if use.kind == IMAGES else ask.model(use)
        except Unregistered as error:
            severity = Severity.ERROR if use in strict else None
            message = f"no version is registered as `{use.key}` yet: {error}"
            diagnostics.append(_at(use, codes.NOT_REGISTERED.at(use.place, message, severity=severity)))
        except Unresolved as error:
            diagnostics.append(_at(use, _unresolved(use, error, use in strict)))
        else:
            if use.kind != IMAGES and "signature" not in value:
                message = f"version {value['version']} of `{use.key}` has no recorded signature"
                diagnostics.append(_at(use, codes.NO_SIGNATURE.at(use.place, message)))
            values.append((use, value))
    return Resolved(values, diagnostics)


def _unresolved(use: Use, error: Unresolved, strict: bool) -> Diagnostic:
    """Report an unresolved use; if it cannot be resolved on this machine, only as an error when given by name."""
    message = f"`{use.key}`: {error}"
    if use.kind == IMAGES:
        return codes.IMAGE_UNRESOLVED.at(use.place, message)
    if use.engine == _RESOLVABLE_ENGINE:
        return codes.MODEL_UNRESOLVED.at(use.place, message)
    severity = Severity.ERROR if strict else Severity.WARNING
    return codes.MODEL_UNRESOLVED.at(use.place, message, help="write the entry by hand", severity=severity)


def _at(use: Use, diagnostic: Diagnostic) -> Diagnostic:
    return diagnostic.in_environment(use.environment)


def versions(machine: Machine) -> Callable[[Use, str], Version]:
    """Return a function that reads a version by number from a use's registry."""
    _need_libraries({"models"})
    ask = _Memory(machine, frozenset())
    return lambda use, version: ask.models().by_version(_registry(use, machine), use.key.partition("@")[0], version)


class _Memory:
    """Cache of resolved names, per registry."""

    def __init__(self, machine: Machine, plain_http: frozenset[str]) -> None:
        self._machine = machine
        self._plain_http = plain_http
        self._images: Images | None = None
        self._models: Models | None = None
        self._known: dict[tuple[str, ...], Any] = {}

    def digest(self, key: str) -> str:
        """Return the digest of an image's tag."""
        name, tag = _cut(key)
        digest: str = self._cached(("image", key), lambda: self.images().digest(name, tag))
        return digest

    def model(self, use: Use) -> dict[str, Any]:
        """Return what the lock may say of a model's alias."""
        uri = _registry(use, self._machine)
        name, _, alias = use.key.partition("@")
        version = self._cached((uri, use.key), lambda: self.models().by_alias(uri, name, alias))
        entry: dict[str, Any] = version.locked
        return entry

    def images(self) -> Images:
        """Return the client of image registries, created on first use."""
        if self._images is None:
            from mlopsctl.registries.credentials import docker_credentials
            from mlopsctl.registries.images import Images

            self._images = Images(docker_credentials(_docker_file(self._machine)), self._plain_http)
        return self._images

    def models(self) -> Models:
        """Return the client of model registries."""
        if self._models is None:
            from mlopsctl.registries.models import Models

            for name, value in _PATIENCE.items():
                self._machine.environ.setdefault(name, value)
            self._models = Models()
        return self._models

    def _cached(self, key: tuple[str, ...], ask: Callable[[], Any]) -> Any:
        if key not in self._known:
            try:
                self._known[key] = ask()
            except Unresolved as error:
                self._known[key] = error
        if isinstance(self._known[key], Unresolved):
            raise self._known[key]
        return self._known[key]


def _tell_of_the_override(uses: Iterable[Use], machine: Machine) -> None:
    """Warn that a local setting overrides the workspace's registry."""
    override = machine.environ.get(_OVERRIDE)
    if override and any(use.kind != IMAGES and use.registry not in (None, override) for use in uses):
        from mlopsctl.registries.models import printable_uri

        machine.warn(f"models are read from {printable_uri(override)} ({_OVERRIDE}), not from the workspace's registry")


def _need_libraries(kinds: Iterable[str]) -> None:
    lacking = next((_LIBRARIES[kind] for kind in sorted(kinds) if find_spec(_LIBRARIES[kind]) is None), None)
    if lacking:
        raise UsageError(
            f"the Python package `{lacking}` is not installed; "
            "registries need the extra `lock`: pip install 'mlopsctl[lock]'"
        )


def _cut(key: str) -> tuple[str, str | None]:
    """Cut an image's reference, without a digest, into its name and its tag."""
    path, slash, last = key.rpartition("/")
    name, colon, tag = last.partition(":")
    return f"{path}{slash}{name}", tag if colon else None


def _docker_file(machine: Machine) -> Path:
    """Return where `docker login` or `podman login` keeps credentials."""
    path = machine.environ.get("REGISTRY_AUTH_FILE")
    folder = machine.environ.get("DOCKER_CONFIG")
    return Path(path) if path else (Path(folder) if folder else Path.home() / ".docker") / "config.json"


def _registry(use: Use, machine: Machine) -> str:
    """Return a model's registry: the local setting, the environment's, else the store beside the spec."""
    from mlopsctl.runtime.local.layout import Layout

    if use.engine != _RESOLVABLE_ENGINE:
        raise Unresolved(f"the models of `{use.environment}` are in {use.engine}, which `lock` does not support")
    uri = machine.environ.get(_OVERRIDE) or use.registry
    if uri:
        return uri
    layout = Layout((machine.root / use.file).parent)
    if not layout.tracking.is_file():
        raise Unregistered("there is no local registry beside the spec; `mlopsctl run` creates one")
    return layout.tracking_uri
