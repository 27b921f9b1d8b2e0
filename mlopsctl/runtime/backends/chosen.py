"""The back ends of a step: the registry, the feature store and the check engine of its Blueprint.

Only this module knows which engine has which implementation; the library of a back end is imported when the step uses
it.
"""

from __future__ import annotations

from mlopsctl.runtime.backends.checks import Checks, ContractChecks
from mlopsctl.runtime.backends.feature_store import FeatureStore
from mlopsctl.runtime.backends.registry import Registry
from mlopsctl.runtime.step_context import StepContext


def registry(step_context: StepContext) -> Registry:
    """Open the registry of the call's environment."""
    if step_context.blueprint.engines.registry.name == "neptune":
        from mlopsctl.runtime.backends.neptune import Neptune

        return Neptune(step_context)
    from mlopsctl.runtime.backends.mlflow import Mlflow

    return Mlflow(step_context)


def feature_store(step_context: StepContext) -> FeatureStore:
    """Return the feature store of the call's environment."""
    if step_context.blueprint.engines.features.name == "hopsworks":
        from mlopsctl.runtime.backends.hopsworks import Hopsworks

        return Hopsworks(step_context)
    from mlopsctl.runtime.backends.feast_store import Feast

    return Feast(step_context)


def checks(step_context: StepContext) -> Checks:
    """Return the check engine of the call's environment."""
    engine = step_context.blueprint.engines.checks.name
    if engine == "deepchecks":
        from mlopsctl.runtime.backends.deepchecks import Deepchecks

        return Deepchecks(step_context)
    if engine == "great-expectations":
        from mlopsctl.runtime.backends.great_expectations import GreatExpectations

        return GreatExpectations(step_context)
    if engine == "etiq":
        from mlopsctl.runtime.backends.etiq import Etiq

        return Etiq(step_context)
    return ContractChecks(step_context)
