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
"""Schemes that only MLflow's registry resolves."""


def limits(blueprint: Blueprint) -> tuple[Diagnostic, ...]:
    """Return the limits of Neptune that the system hits."""
    model = blueprint.model
    return (*_registered(blueprint, model), *_endpoints(blueprint)) if model else ()


def limits_shared(shared: Shared) -> tuple[Diagnostic, ...]:
    """Report a missing or hosted installation and an invalid project."""
    return tuple(_installation(shared))


def _installation(shared: Shared) -> Iterator[Diagnostic]:
    settings, path = shared.engines.registry.settings, "spec.stack.registry"
    shutdown = "the hosted Neptune was shut down on 5 March 2026"
    host = urlsplit(settings["uri"] or "").hostname or ""
    if not host:
        yield codes.HOSTED.at(None, f"{shutdown}, and no self-hosted installation is set", path=path)
    elif host == _HOSTED or host.endswith(f".{_HOSTED}"):
        yield codes.HOSTED.at(None, f"{shutdown}: `{host}` is its address", path=f"{path}.uri")
    project = settings["project"] or ""
    if not _PROJECT.fullmatch(project):
        message = f"`{project}` is not a Neptune project" if project else "no Neptune project is set"
        yield codes.PROJECT.at(None, message, path=f"{path}.project")


def _registered(blueprint: Blueprint, model: Model) -> Iterator[Diagnostic]:
    """Report features of a registry that the spec uses and Neptune does not have."""
    alias = supports("registry", "neptune", blueprint.engines.registry.version, "aliases")
    message = f"several versions can have the alias `{model.alias}`: {alias.why}"
    help = f"use {alias.instead} to choose the served version, or register models with mlflow"
    yield codes.REGISTRY.at(None, message, help=help, path="spec.model.registry.alias")
    live = blueprint.checks.live if blueprint.checks else None
    if live and model.served is None:
        message = "no version is locked, so live checks have no served version to check"
        yield codes.REGISTRY.at(None, message, help="lock the served version", path="spec.checks.live")
    elif live and live.drift and model.served and not model.served.snapshot:
        message = "the locked version has no `snapshot`, and the snapshot in its run cannot be read back"
        help = "copy the rows of model/snapshot to a store that steps can read, and set the address in mlops.lock"
        yield codes.REGISTRY.at(None, message, help=help, path="spec.checks.live.drift")


def _endpoints(blueprint: Blueprint) -> Iterator[Diagnostic]:
    for endpoint in blueprint.endpoints:
        for served in filter(None, (endpoint.stable, endpoint.candidate)):
            uri = served.version.uri
            path = f"spec.serving.endpoints.{endpoint.spec_name}.model"
            if uri.partition(":")[0] in _OF_MLFLOW:
                message = f"`{uri}` is an MLflow address, but the registry is Neptune"
                yield codes.ARTIFACT.at(None, message, path=path, severity=Severity.ERROR)
            else:
                message = f"no step copies the package of version {served.version.version} to {uri}"
                yield codes.ARTIFACT.at(None, message, path=path)


LIMITS: Final = Limits(system=limits, shared=limits_shared)
