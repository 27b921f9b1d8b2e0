"""The back ends of a step: the registry, the feature store and the check library of its Blueprint.

The facts of an engine name its back end; its library is imported when the step uses it.
"""

from __future__ import annotations

from mlopsctl.blueprint.model.platform import Engine
from mlopsctl.engines.base import Facts, attribute
from mlopsctl.engines.known import engine
from mlopsctl.runtime.backends.checks import Checks
from mlopsctl.runtime.backends.feature_store import FeatureStore
from mlopsctl.runtime.backends.registry import Registry
from mlopsctl.runtime.failures import first_line
from mlopsctl.runtime.step_context import StepContext, StepFailed


def registry(step_context: StepContext) -> Registry:
    """Open the registry of the call's environment."""
    chosen = step_context.blueprint.engines.registry
    facts = _facts("registry", chosen).registry
    backend = _opened(step_context, facts.backend if facts else "", chosen)
    if not isinstance(backend, Registry):
        raise _unfit(backend, chosen, Registry)
    return backend


def feature_store(step_context: StepContext) -> FeatureStore:
    """Return the feature store of the call's environment."""
    chosen = step_context.blueprint.engines.features
    facts = _facts("features", chosen).features
    backend = _opened(step_context, facts.backend if facts else "", chosen)
    if not isinstance(backend, FeatureStore):
        raise _unfit(backend, chosen, FeatureStore)
    return backend


def checks(step_context: StepContext) -> Checks:
    """Return the check library of the call's environment."""
    chosen = step_context.blueprint.engines.checks
    facts = _facts("checks", chosen).checks
    backend = _opened(step_context, facts.backend if facts else "", chosen)
    if not isinstance(backend, Checks):
        raise _unfit(backend, chosen, Checks)
    return backend


def _facts(stage: str, chosen: Engine) -> Facts:
    entry = engine(stage, chosen.name, chosen.version)
    if entry is None:
        message = f"the engine `{chosen.name}` is not installed: the image needs the package that has it"
        raise StepFailed(message, f"stack.{stage}.engine")
    return entry


def _opened(step_context: StepContext, address: str, chosen: Engine) -> object:
    """Import a back end and call it with the context of the step."""
    try:
        backend = attribute(address, type)
    except (ImportError, TypeError, ValueError) as error:
        raise StepFailed(f"the back end of {chosen.name} cannot be imported: {first_line(error)}") from error
    return backend(step_context)


def _unfit(backend: object, chosen: Engine, protocol: type) -> StepFailed:
    """Name the methods of the protocol that a back end lacks."""
    lacking = [name for name in vars(protocol) if not name.startswith("_") and not hasattr(backend, name)]
    return StepFailed(f"the back end of {chosen.name} has no method {', '.join(f'`{name}`' for name in lacking)}")
