"""Credentials: which secrets a stack's engines are entered with, and the variables that steps read them from.

In: the typed engines of a stage. Out: one value a secret, from which both the references and the steps' variables come.
Never a secret's content.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from mlopsctl.blueprint.model import EnvironmentVariable
from mlopsctl.catalogue.feature_stores import OFFLINE, ONLINE
from mlopsctl.catalogue.hopsworks import API_KEY
from mlopsctl.catalogue.neptune import TOKEN
from mlopsctl.resolve.model import Engines, stack_spec


class Credential(NamedTuple):
    """A secret, what it is for, and the secret's key that each variable of a step holds."""

    secret: str
    purpose: str
    variables: Mapping[str, str]

    @property
    def environment(self) -> tuple[EnvironmentVariable, ...]:
        """The variables of a step that is let in with it."""
        return tuple(EnvironmentVariable(name, None, self.secret, key) for name, key in self.variables.items())


def of_features(chosen: Engines) -> tuple[Credential, ...]:
    """List what the feature stores ask for."""
    engine = chosen.features
    if isinstance(engine, stack_spec.Hopsworks):
        return (Credential(engine.secret, "feature-store", {API_KEY: "apiKey"}),) if engine.secret else ()
    stores = ((OFFLINE, engine.offline, "offline-store"), (ONLINE, engine.online, "online-store"))
    return tuple(
        Credential(store.secret, purpose, known[store.type].variables)
        for known, store, purpose in stores
        if store.secret
    )


def of_registry(chosen: Engines) -> tuple[Credential, ...]:
    """List what the model registry asks for."""
    engine = chosen.registry
    if not engine.secret:
        return ()
    if isinstance(engine, stack_spec.Neptune):
        return (Credential(engine.secret, "registry", {TOKEN: "apiToken"}),)
    variables = {"MLFLOW_TRACKING_USERNAME": "username", "MLFLOW_TRACKING_PASSWORD": "password"}
    return (Credential(engine.secret, "registry", variables),)
