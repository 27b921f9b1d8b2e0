"""What Feast cannot do with the systems of an environment together, or with the stores they share.

A path of a system's spec begins with the system's name and a colon; one without is a path of the workspace.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mlopsctl.blueprint.model.blueprint import Blueprint, Shared
from mlopsctl.blueprint.model.features import Features
from mlopsctl.diagnostics.model import Diagnostic
from mlopsctl.engines.feast import codes, conventions
from mlopsctl.engines.feast.stores import FILE_REGISTRIES, OFFLINE, ONLINE, SQL_REGISTRIES, FeatureStore

_STACK = "spec.stack.features"
_Systems = list[tuple[Blueprint, Features]]


def limits_shared(shared: Shared) -> tuple[Diagnostic, ...]:
    """Return the limits of Feast that several systems hit together."""
    systems = [(system, system.features) for system in shared.systems if system.features]
    settings = shared.engines.features.settings
    return (
        *_stores(settings),
        *_registry(settings["registry"]),
        *_names(systems),
        *_modules(systems),
    )


def _stores(settings: Mapping[str, Any]) -> Iterator[Diagnostic]:
    """Report missing settings of a store, and unused secrets."""
    sides: tuple[tuple[str, Mapping[str, FeatureStore]], ...] = (("offline", OFFLINE), ("online", ONLINE))
    for side, stores in sides:
        store, feature_store = settings[side], stores[settings[side]["type"]]
        for need in feature_store.needs:
            if not store.get(need):
                message = f"the {side} store {feature_store.type} requires `{need}`"
                yield codes.FEAST_STORE.at(None, message, path=f"{_STACK}.{side}.{need}")
        if store.get("secret") and not feature_store.variables:
            message = f"the {side} store {feature_store.type} authenticates by the pod's identity and uses no secret"
            help = "remove the secret, and grant the rights to the pods' service account"
            yield codes.FEAST_STORE.at(None, message, help=help, path=f"{_STACK}.{side}.secret")
        yield from _address(side, feature_store.type, store)


def _address(side: str, kind: str, store: Mapping[str, Any]) -> Iterator[Diagnostic]:
    """Report an invalid Redshift address or BigQuery dataset, which otherwise only the cloud reports."""
    connection, database = store.get("connection") or "", store.get("database") or ""
    if kind == "redshift" and connection and not _is_redshift(connection):
        message = f"`{connection}` is not a Redshift address: Feast reads the cluster and the region from it"
        help = "write the address that AWS shows: name.id.region.redshift.amazonaws.com"
        yield codes.FEAST_STORE.at(None, message, help=help, path=f"{_STACK}.{side}.connection")
    if kind == "bigquery" and not database.replace("_", "").isalnum() and database:
        message = f"`{database}` is not a valid name of a BigQuery dataset"
        help = "use letters, digits and `_`; the project belongs in `connection`"
        yield codes.FEAST_STORE.at(None, message, help=help, path=f"{_STACK}.{side}.database")


def _is_redshift(address: str) -> bool:
    return address.count(".") >= 4 and (".redshift." in address or ".redshift-serverless." in address)


def _registry(location: str) -> Iterator[Diagnostic]:
    scheme = location.partition("://")[0] if "://" in location else ""
    if scheme not in FILE_REGISTRIES | SQL_REGISTRIES:
        message = f"Feast does not support a registry at `{scheme}://`"
        help = f"use a file, or one of {', '.join(sorted((FILE_REGISTRIES | SQL_REGISTRIES) - {''}))}"
        yield codes.FEAST_STORE.at(None, message, help=help, path=f"{_STACK}.registry")


def _claims(features: Features) -> Iterator[tuple[str, str, str]]:
    """Yield each name of a feature view or a data source in Feast, with its kind and path.

    Views and transforms share one list of names, sources share one with push and request sources. Duplicates of one
    kind are reported where names are derived.
    """
    for view in features.views:
        yield "feature view", view.name, f"views.{view.name}"
    for transform in features.transforms:
        yield "feature view", transform.name, f"transforms.{transform.name}"
    for source in features.sources:
        yield "data source", source.name, f"sources.{source.name}"
        if source.push:
            yield "data source", conventions.push_name(source.name), f"sources.{source.name}"
    for transform in features.transforms:
        yield "data source", conventions.request_name(transform.name), f"transforms.{transform.name}"


def _names(systems: _Systems) -> Iterator[Diagnostic]:
    """Report two objects of the spec that would have the same name in Feast."""
    first: dict[tuple[str, str], str] = {}
    for blueprint, features in systems:
        for kind, name, path in _claims(features):
            first_path = first.setdefault((kind, name), path)
            if first_path != path:
                section = "data" if path.startswith("sources") else "features"
                message = f"`{path}` and `{first_path}` would both be the {kind} `{name}` in Feast"
                yield codes.FEAST_NAME.at(None, message, path=f"{blueprint.identity.system}:spec.{section}.{path}")


def _modules(systems: _Systems) -> Iterator[Diagnostic]:
    """Report functions whose package has the same name as a module of the feature repository."""
    reserved = {conventions.ENTITIES, conventions.ON_DEMAND, *(features.module for _, features in systems)}
    for blueprint, features in systems:
        for transform in features.transforms:
            package = transform.function.partition(":")[0].partition(".")[0]
            if package in reserved:
                message = (
                    f"package `{package}` of transform `{transform.name}` has the same name as a module of the "
                    "feature project"
                )
                path = f"{blueprint.identity.system}:spec.features.transforms.{transform.name}.function"
                yield codes.FEAST_MODULE.at(None, message, path=path)
