"""What Neptune is not, and what it cannot do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from mlopsctl.blueprint.model.blueprint import Blueprint, Shared
from mlopsctl.blueprint.model.training import Model
from mlopsctl.diagnostics.model import Diagnostic, Severity
from mlopsctl.engines.base import Limits
from mlopsctl.engines.known import supports
from mlopsctl.engines.neptune import codes

_PROJECT = re.compile(r"[A-Za-z0-9._-]+/[A-Za-z0-9._-]+")
_HOSTED = "neptune.ai"
_OF_MLFLOW = ("models", "runs", "mlflow-artifacts")
"""Schemes that MLflow's registry alone resolves."""


def limits(blueprint: Blueprint) -> tuple[Diagnostic, ...]:
    """Find what Neptune cannot do of a system."""
    model = blueprint.model
    return (*_registered(blueprint, model), *_endpoints(blueprint)) if model else ()


def limits_shared(shared: Shared) -> tuple[Diagnostic, ...]:
    """Find what is missing of the installation."""
    return tuple(_installation(shared))


def _installation(shared: Shared) -> Iterator[Diagnostic]:
    settings, path = shared.engines.registry.settings, "spec.stack.registry"
    shutdown = "the hosted Neptune was shut down on 5 March 2026"
    host = urlsplit(settings["uri"] or "").hostname or ""
    if not host:
        yield codes.HOSTED.at(None, f"{shutdown}, and no installation of your own is named", path=path)
    elif host == _HOSTED or host.endswith(f".{_HOSTED}"):
        yield codes.HOSTED.at(None, f"{shutdown}, and `{host}` is its address", path=f"{path}.uri")
    project = settings["project"] or ""
    if not _PROJECT.fullmatch(project):
        message = f"`{project}` is no project of Neptune" if project else "no project of Neptune is named"
        yield codes.PROJECT.at(None, message, path=f"{path}.project")


def _registered(blueprint: Blueprint, model: Model) -> Iterator[Diagnostic]:
    """Find what the spec relies on a registry for, and Neptune has not."""
    alias = supports("registry", "neptune", blueprint.engines.registry.version, "aliases")
    message = f"the alias `{model.alias}` is no single version's: {alias.why}"
    help = f"rely on {alias.instead} for what is served, or register models with mlflow"
    yield codes.REGISTRY.at(None, message, help=help, path="spec.model.registry.alias")
    live = blueprint.checks.live if blueprint.checks else None
    if live and model.served is None:
        message = "nothing is locked, so no served version is watched"
        yield codes.REGISTRY.at(None, message, help="lock the version that is served", path="spec.checks.live")
    elif live and live.drift and model.served and not model.served.snapshot:
        message = "the locked version has no `snapshot`, and the one in its run cannot be read back"
        help = "put the rows of model/snapshot where steps can read them, and name the place in mlops.lock"
        yield codes.REGISTRY.at(None, message, help=help, path="spec.checks.live.drift")


def _endpoints(blueprint: Blueprint) -> Iterator[Diagnostic]:
    for endpoint in blueprint.endpoints:
        for served in filter(None, (endpoint.stable, endpoint.candidate)):
            uri = served.version.uri
            path = f"spec.serving.endpoints.{endpoint.spec_name}.model"
            if uri.partition(":")[0] in _OF_MLFLOW:
                message = f"`{uri}` is an address of MLflow's, and the registry is Neptune"
                yield codes.ARTIFACT.at(None, message, path=path, severity=Severity.ERROR)
            else:
                message = f"no step puts the package of version {served.version.version} at {uri}"
                yield codes.ARTIFACT.at(None, message, path=path)


LIMITS: Final = Limits(system=limits, shared=limits_shared)
