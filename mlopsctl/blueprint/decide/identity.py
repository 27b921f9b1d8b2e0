"""Decide a system's identity, placement, engines, labels, routes and secrets."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from mlopsctl.blueprint.model.alerts import Route
from mlopsctl.blueprint.model.platform import Engine, Engines, Identity, Placement, Secret
from mlopsctl.resolve import model as resolved
from mlopsctl.spec import lock as lock_spec
from mlopsctl.spec import references

PREFIX = "mlopsctl.dev"


def identity(system: resolved.System) -> Identity:
    """Decide the system's identity."""
    alerts = system.spec.alerts
    runbook = (alerts.runbook if alerts else None) or system.workspace.defaults.runbook
    return Identity(
        workspace=system.workspace.name,
        system=system.name,
        environment=system.environment.name,
        owner=system.metadata.owner,
        tier=system.metadata.tier,
        description=system.metadata.description,
        protected=system.environment.protect,
        runbook=runbook,
    )


def placement(environment: resolved.Environment, workspace: resolved.Workspace, unit: str) -> Placement:
    """Decide the placement of a unit (a system, or `shared`)."""
    return Placement(
        cluster=environment.cluster,
        namespace=environment.namespace,
        repository=workspace.git.repository if workspace.git else None,
        branch=workspace.git.branch if workspace.git else "main",
        path=f"{workspace.output}/{environment.name}/{unit}",
    )


def engines(chosen: resolved.Engines, lock: lock_spec.LockedEnvironment) -> Engines:
    """Turn the typed stack into neutral engines."""
    return Engines(
        features=_engine(chosen.features),
        pipelines=_engine(chosen.pipelines),
        registry=_engine(chosen.registry),
        checks=_engine(chosen.checks),
        serving=_server(chosen.serving, lock),
        monitoring=_engine(chosen.monitoring),
        dashboards=_engine(chosen.dashboards),
        delivery=_engine(chosen.delivery) if chosen.delivery else None,
        ci=_engine(chosen.ci) if chosen.ci else None,
        secrets=_engine(chosen.secrets),
    )


def _engine(chosen: Any) -> Engine:
    settings = _plain(chosen)
    return Engine(settings.pop("engine"), str(settings.pop("version", "")), settings)


def _server(chosen: Any, lock: lock_spec.LockedEnvironment) -> Engine:
    """Return the serving engine; the image of a model server, if its settings have one, by digest."""
    image = getattr(chosen, "image", None)
    engine = _engine(chosen)
    return replace(engine, settings={**engine.settings, "image": pinned(image, lock)}) if image else engine


def pinned(image: references.Image, lock: lock_spec.LockedEnvironment) -> str:
    """Return an image by digest, if the spec or the lock has one."""
    digest = image.digest or lock.images.get(str(image))
    return f"{image.name}@{digest}" if digest else str(image)


def _plain(value: Any) -> Any:
    """Return a typed setting as plain data; empty fields of a section are left out, a user's map is unchanged.

    Pydantic would build a serializer per engine and use it once.
    """
    if hasattr(value, "model_fields_set"):
        settings = {field.alias: _plain(getattr(value, name)) for name, field in type(value).model_fields.items()}
        return {key: inner for key, inner in settings.items() if not _empty(inner)}
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    return tuple(map(_plain, value)) if isinstance(value, tuple) else value


def _empty(value: Any) -> bool:
    return value is None or value is False or value in ("", (), {})


def labels(system: resolved.System) -> dict[str, str]:
    """Decide the labels of every object of the system; derived labels override the system's, those the workspace's."""
    return {
        **system.workspace.labels,
        **system.metadata.labels,
        "app.kubernetes.io/name": system.name,
        "app.kubernetes.io/part-of": system.workspace.name,
        "app.kubernetes.io/managed-by": "mlopsctl",
        f"{PREFIX}/system": system.name,
        f"{PREFIX}/environment": system.environment.name,
        f"{PREFIX}/owner": system.metadata.owner,
        f"{PREFIX}/tier": str(system.metadata.tier),
    }


def shared_labels(landscape: resolved.Landscape) -> dict[str, str]:
    """Decide the labels of shared objects."""
    return {
        **landscape.workspace.labels,
        "app.kubernetes.io/name": landscape.workspace.name,
        "app.kubernetes.io/part-of": landscape.workspace.name,
        "app.kubernetes.io/managed-by": "mlopsctl",
        f"{PREFIX}/environment": landscape.environment.name,
    }


def routes(system: resolved.System) -> tuple[Route, ...]:
    """Merge the system's routes over the workspace's."""
    own = system.spec.alerts.routes if system.spec.alerts else {}
    merged = {**system.workspace.defaults.routes, **own}
    return tuple(Route(severity, merged[severity].kind, merged[severity].name) for severity in sorted(merged))


def notification_secret(system: resolved.System) -> str:
    """Name the secret that notification credentials are read from; one key a severity."""
    return f"{system.name}-notifications"


def secrets(system: resolved.System) -> tuple[Secret, ...]:
    """List every secret that rendered objects of the system refer to, once."""
    used = [*stack_secrets(system.engines)]
    notified = [route for route in routes(system) if route.kind != "email"]
    if notified and system.spec.alerts:
        keys = tuple(route.severity for route in notified)
        used.append(Secret(notification_secret(system), keys, "notifications"))
    return _merged(used)


def _merged(secrets: list[Secret]) -> tuple[Secret, ...]:
    """Return each secret once with the keys of all its uses; a use without keys needs all keys."""
    merged: dict[str, Secret] = {}
    for secret in secrets:
        first_use = merged.setdefault(secret.name, secret)
        if first_use is not secret:
            keys = tuple(dict.fromkeys((*first_use.keys, *secret.keys))) if first_use.keys and secret.keys else ()
            merged[secret.name] = replace(first_use, keys=keys)
    return tuple(merged.values())


def stack_secrets(chosen: resolved.Engines) -> tuple[Secret, ...]:
    """List the secrets of the environment's stack."""
    secrets = [
        Secret(credential.secret, credential.keys, credential.purpose)
        for settings in (chosen.registry, chosen.features, chosen.pipelines)
        for credential in settings.credentials()
    ]
    if models := getattr(chosen.serving, "secret", None):
        # The keys depend on the store; the engine reads all of them.
        secrets.append(Secret(models, (), "model-store"))
    return _merged([replace(secret, shared=True) for secret in secrets])
