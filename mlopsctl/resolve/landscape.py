"""From documents to landscapes: one a environment, every system in it resolved and bound.

In: the node trees of the workspace, its systems and its lock. Out: landscapes and findings. Never reads a file.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from msgspec.structs import replace

from mlopsctl.diagnostics.codes import shape
from mlopsctl.diagnostics.model import Diagnostic
from mlopsctl.resolve.documents import (
    Document,
    Documents,
    distinct,
    environments,
    lock,
    name_of,
    shapes,
    waits,
    workspace,
)
from mlopsctl.resolve.model import Engines, Environment, Landscape, Origin, Site, System, Workspace
from mlopsctl.resolve.overrides import for_environment
from mlopsctl.resolve.sets import bind_endpoints, bind_labels, bind_sets, bind_training
from mlopsctl.resolve.stack import NOTHING, engines, of_system
from mlopsctl.resolve.views import Findings, bind_entities, bind_transforms, bind_views
from mlopsctl.spec.lock import LockedEnvironment
from mlopsctl.spec.system import MLSystem
from mlopsctl.spec.validation import Lost, validate

__all__ = ["Document", "Documents", "resolve"]

_Validated = tuple[MLSystem | None, tuple[Diagnostic, ...], Lost]
_Cache = dict[int, _Validated]


def resolve(
    documents: Documents, instead: Mapping[str, Mapping[str, Any]] = NOTHING
) -> tuple[tuple[Landscape, ...], tuple[Diagnostic, ...]]:
    """Resolve every system in every environment, in the workspace's order of environments.

    `instead` has engines, by environment and stage, that stand where the documents say another one: a question of what
    would be, and no answer to what is.
    """
    found: list[Diagnostic] = []
    spec, origin = workspace(documents, found)
    locked, lock_origin = lock(documents, tuple(spec.spec.environments) if spec else (), found)
    systems = distinct(documents.systems, found)
    if spec is None:
        return (), (*found, *shapes(systems))
    stacks = {
        name: engines(spec.spec.stack, one.stack, spec.spec.git is not None, instead.get(name, NOTHING))
        for name, one in spec.spec.environments.items()
    }
    shared = Workspace(
        name=spec.metadata.name,
        origin=origin,
        git=spec.spec.git,
        output=documents.output or spec.spec.output or f"generated/{spec.metadata.name}",
        defaults=spec.spec.defaults,
        policies=spec.spec.policies,
        lock_file=documents.lock_file,
        lock=lock_origin,
        environments={name: one.promote_from for name, one in spec.spec.environments.items()},
        places={name: Site(one.cluster, one.namespace, stacks[name]) for name, one in spec.spec.environments.items()},
    )
    if not (origin and origin.unreadable("spec", "environments")):
        found += environments(documents, tuple(spec.spec.environments))
    landscapes = []
    cache: _Cache = {}
    for name, one in spec.spec.environments.items():
        environment = Environment(
            name, one.cluster, one.namespace, one.vars, one.promote_from, one.protect, one.stack.ci
        )
        settled = (locked and locked.environments.get(name)) or LockedEnvironment()
        here = _Here(environment, stacks[name], shared, settled, instead.get(name, NOTHING))
        landscape, diagnostics = _landscape(here, systems, documents, cache)
        landscapes.append(landscape)
        found += [d.in_environment(name) for d in diagnostics]
    return tuple(landscapes), tuple(found)


class _Here(NamedTuple):
    environment: Environment
    engines: Engines
    workspace: Workspace
    lock: LockedEnvironment
    instead: Mapping[str, Any]


def _landscape(
    here: _Here, systems_read: tuple[Document, ...], documents: Documents, cache: _Cache
) -> tuple[Landscape, list[Diagnostic]]:
    """Resolve all systems in one environment: first what others may read, then what reads it."""
    found: list[Diagnostic] = []
    systems: dict[str, System] = {}
    hidden: set[str] = set()
    nameless = bool(documents.unread)
    for document in systems_read:
        system = _system(here, document, cache, found)
        if system:
            systems[system.name] = system
        name = name_of(document.node)
        if name is None or name not in systems:
            hidden.add(name or "")
            nameless = nameless or name is None
    bound = {}
    for name, system in systems.items():
        findings = Findings(system.origin, None if nameless else frozenset(hidden))
        bound[name] = _bound(system, systems, findings)
        found += findings.found
    return Landscape(
        here.environment,
        here.workspace,
        here.engines,
        bound,
        here.lock,
        frozenset(d.code for d in found if d.code.startswith("MLC2")),
        whole=not (hidden or documents.unread or documents.beside)
        and not any(system.origin.left_out or system.origin.uncertain for system in systems.values()),
        size=len(bound) + documents.beside,
    ), found


def _bound(system: System, systems: dict[str, System], findings: Findings) -> System:
    """Bind what reads the views of all systems: sets, the model and the endpoints."""
    sets = bind_sets(system, systems, findings)
    labels = bind_labels(system, findings)
    return replace(
        system,
        sets=sets,
        labels=labels,
        training=bind_training(system, sets, labels, findings),
        endpoints=bind_endpoints(system, sets, findings),
    )


def _loses_variables(here: _Here) -> bool:
    """Tell whether a variable of the environment was left out: one that is missing may be that one."""
    origin = here.workspace.origin
    return origin is not None and origin.unreadable("spec", "environments", here.environment.name, "vars")


def _system(here: _Here, document: Document, cache: _Cache, found: list[Diagnostic]) -> System | None:
    """Read one spec as this environment sees it, and bind what other systems may read of it."""
    node, diagnostics = for_environment(document.node, here.environment.name, here.environment.variables)
    loses = _loses_variables(here)
    found += [d for d in diagnostics if d.code != shape.UNKNOWN_VARIABLE.code or not loses]
    if id(node) not in cache or node is not document.node:
        cache[id(node)] = validate(MLSystem, node)
    spec, wrong, lost = cache[id(node)]
    found += [d for d in wrong if not (loses and waits(node, d))]
    if spec is None:
        return None
    origin = Origin(document.file, node, *lost)
    unnamed = origin.unreadable("metadata", "name")
    system = System(
        document.file if unnamed else spec.metadata.name,
        spec.metadata,
        spec.spec,
        origin,
        here.environment,
        here.engines if "checks" in here.instead else of_system(here.engines, spec.spec.checks),
        here.workspace,
        here.lock,
    )
    findings = Findings(origin)
    entities = bind_entities(system)
    views = bind_views(system, entities, findings)
    transforms = bind_transforms(system, views, findings)
    found += findings.found
    return replace(system, entities=entities, views=views, transforms=transforms)
