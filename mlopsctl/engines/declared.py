"""Check what a feature store, a model registry or a check library declares: back ends, catalogues, clients."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from importlib.util import find_spec
from types import MappingProxyType
from typing import Final

from mlopsctl.catalogue.checks import STAGES, CheckCatalogue
from mlopsctl.engines.base import Facts, attribute


def can(facts: Facts, capability: str) -> bool:
    """Return whether an engine has a capability in any version and mode."""
    return any(bool(answer) for name, answer in facts.capabilities.items() if name.partition("@")[0] == capability)


def module_exists(module: str) -> bool:
    """Return whether there is a module; nothing is imported but the packages around it."""
    try:
        return find_spec(module) is not None
    except (ImportError, ValueError):
        return False


def _features(facts: Facts) -> Iterator[str]:
    features = facts.features
    if features is None:
        yield "an engine of stage features needs `features`: what happens to the rows of a view that is removed"
        return
    if not facts.folder:
        yield "an engine of stage features needs `folder`: it renders the ConfigMaps that the steps mount"
    yield from _address("features.backend", features.backend)
    if features.local:
        yield from _address("features.local", features.local)
    if can(facts, "lookup") and not features.server:
        yield "capability `lookup` needs `features.server`: the service and port that endpoints look features up at"


def _registry(facts: Facts) -> Iterator[str]:
    registry = facts.registry
    if registry is None:
        yield "an engine of stage registry needs `registry`: the back end that the steps call"
        return
    yield from _address("registry.backend", registry.backend)
    for field, address in (("versions", registry.versions), ("local", registry.local)):
        if address:
            yield from _address(f"registry.{field}", address)
    if can(facts, "aliases") and not registry.versions:
        yield "capability `aliases` needs `registry.versions`: the client with which `lock` resolves them"


def _checks(facts: Facts) -> Iterator[str]:
    checks = facts.checks
    if checks is None:
        yield "an engine of stage checks needs `checks`: the back end that the steps call, and the catalogue of checks"
        return
    yield from _address("checks.backend", checks.backend)
    missing = tuple(_address("checks.catalogue", checks.catalogue))
    yield from missing
    if not missing:
        yield from _catalogue(facts, checks.catalogue)


def _catalogue(facts: Facts, address: str) -> Iterator[str]:
    """Require the parts of the catalogue that the capabilities declare; the catalogue imports no library."""
    try:
        catalogue = attribute(address, CheckCatalogue)
    except (ImportError, TypeError) as error:
        yield f"`checks.catalogue` cannot be used: {error}"
        return
    types = catalogue.checks()
    if not types:
        yield "`checks.catalogue` has no checks"
    for name, check in types.items():
        if check.stage not in STAGES:
            yield f"`checks.catalogue` has the check `{name}` at `{check.stage}`; stages are {', '.join(STAGES)}"
    for capability, part, present in (
        ("suites", "`suites`", bool(catalogue.suites())),
        ("conditions", "a check with `conditions`", any(check.conditions for check in types.values())),
        ("drift", "`drift_methods`", bool(catalogue.drift_methods)),
    ):
        if can(facts, capability) and not present:
            yield f"capability `{capability}` needs {part} in `checks.catalogue`"


def _address(field: str, address: str) -> Iterator[str]:
    """Require an address `module:name` whose module exists. Nothing is imported but the packages around it."""
    module, _, name = address.partition(":")
    if not module or not name:
        yield f"`{field}` needs an address such as `package.module:Name`, not `{address}`"
    elif not module_exists(module):
        yield f"there is no module {module}, which `{field}` names"


REQUIREMENTS: Final[Mapping[str, Callable[[Facts], Iterator[str]]]] = MappingProxyType(
    {"features": _features, "registry": _registry, "checks": _checks}
)
"""What the facts of a stage must declare whose engines the steps call."""
