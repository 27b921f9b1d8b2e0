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
    from mlopsctl.engines.base import Registry
    from mlopsctl.registries.images import Images
    from mlopsctl.registries.versions import Version, Versions

_IMAGE_LIBRARY = "requests"


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
    _need_libraries(all_uses)
    ask = _Memory(machine, plain_http)
    _warn_of_overrides(all_uses, ask, machine)
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
    if _facts(use.engine).versions:
        return codes.MODEL_UNRESOLVED.at(use.place, message)
    severity = Severity.ERROR if strict else Severity.WARNING
    return codes.MODEL_UNRESOLVED.at(use.place, message, help="write the entry by hand", severity=severity)


def _at(use: Use, diagnostic: Diagnostic) -> Diagnostic:
    return diagnostic.in_environment(use.environment)


def versions(machine: Machine) -> Callable[[Use, str], Version]:
    """Return a function that reads a version by number from a use's registry."""
    ask = _Memory(machine, frozenset())

    def by_version(use: Use, version: str) -> Version:
        _need_libraries([use])
        return ask.versions(use).by_version(ask.address(use), use.key.partition("@")[0], version)

    return by_version


class _Memory:
    """Cache of resolved names, per registry."""

    def __init__(self, machine: Machine, plain_http: frozenset[str]) -> None:
        self._machine = machine
        self._plain_http = plain_http
        self._images: Images | None = None
        self._versions: dict[str, Versions] = {}
        self._known: dict[tuple[str, ...], Any] = {}

    def digest(self, key: str) -> str:
        """Return the digest of an image's tag."""
        name, tag = _cut(key)
        digest: str = self._cached(("image", key), lambda: self.images().digest(name, tag))
        return digest

    def model(self, use: Use) -> dict[str, Any]:
        """Return the lock entry of a model's alias."""
        address = self.address(use)
        name, _, alias = use.key.partition("@")
        version = self._cached((address, use.key), lambda: self.versions(use).by_alias(address, name, alias))
        entry: dict[str, Any] = version.locked
        return entry

    def images(self) -> Images:
        """Return the client of image registries, created on first use."""
        if self._images is None:
            from mlopsctl.registries.credentials import docker_credentials
            from mlopsctl.registries.images import Images

            self._images = Images(docker_credentials(_docker_file(self._machine)), self._plain_http)
        return self._images

    def address(self, use: Use) -> str:
        """Return the address of a model's registry."""
        return self.versions(use).address(use.registry, (self._machine.root / use.file).parent)

    def versions(self, use: Use) -> Versions:
        """Return the client of the registries of a use's engine, created on first use."""
        if use.engine not in self._versions:
            self._versions[use.engine] = _client(use, self._machine)
        return self._versions[use.engine]

    def _cached(self, key: tuple[str, ...], ask: Callable[[], Any]) -> Any:
        if key not in self._known:
            try:
                self._known[key] = ask()
            except Unresolved as error:
                self._known[key] = error
        if isinstance(self._known[key], Unresolved):
            raise self._known[key]
        return self._known[key]


def _client(use: Use, machine: Machine) -> Versions:
    """Import the client of an engine's registries."""
    from mlopsctl.engines.base import attribute
    from mlopsctl.registries.versions import Versions

    facts = _facts(use.engine)
    if not facts.versions:
        raise Unresolved(f"the models of `{use.environment}` are in {use.engine}, which `lock` does not support")
    try:
        client = attribute(facts.versions, type)
    except (ImportError, TypeError, ValueError) as error:
        raise Unresolved(f"the registry client of {use.engine} cannot be imported: {error}") from error
    versions = client(machine.environ)
    if not isinstance(versions, Versions):
        raise Unresolved(f"the registry client of {use.engine} lacks a method of `Versions`: {facts.versions}")
    return versions


def _facts(engine: str) -> Registry:
    from mlopsctl.engines.base import Registry
    from mlopsctl.engines.known import engine as known_engine

    entry = known_engine("registry", engine)
    return (entry.registry if entry else None) or Registry("")


def _warn_of_overrides(uses: Iterable[Use], ask: _Memory, machine: Machine) -> None:
    """Warn once for each local setting that overrides a registry of the workspace."""
    warned_variables = set()
    for use in uses:
        if use.kind == IMAGES or use.registry is None or not _facts(use.engine).versions:
            continue
        versions = ask.versions(use)
        variable, address = versions.override() or ("", use.registry)
        if address != use.registry and variable not in warned_variables:
            warned_variables.add(variable)
            where = f"{versions.printable(address)} ({variable})"
            machine.warn(f"models are read from {where}, not from the workspace's registry")


def _need_libraries(uses: Iterable[Use]) -> None:
    needed = {_IMAGE_LIBRARY if use.kind == IMAGES else _facts(use.engine).library for use in uses}
    lacking = next((library for library in sorted(filter(None, needed)) if find_spec(library) is None), None)
    if lacking:
        raise UsageError(
            f"the Python package `{lacking}` is not installed; "
            "registries need the extra `lock`: pip install 'mlopsctl[lock]'"
        )


def _cut(key: str) -> tuple[str, str | None]:
    """Split an image reference without digest into name and tag."""
    path, slash, last = key.rpartition("/")
    name, colon, tag = last.partition(":")
    return f"{path}{slash}{name}", tag if colon else None


def _docker_file(machine: Machine) -> Path:
    """Return the file in which `docker login` or `podman login` stores credentials."""
    path = machine.environ.get("REGISTRY_AUTH_FILE")
    folder = machine.environ.get("DOCKER_CONFIG")
    return Path(path) if path else (Path(folder) if folder else Path.home() / ".docker") / "config.json"
