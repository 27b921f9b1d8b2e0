"""Build landscapes from documents: one per environment, with every system resolved and bound."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from msgspec.structs import replace

from mlopsctl.diagnostics.codes import shape
from mlopsctl.diagnostics.model import Diagnostic
from mlopsctl.resolve.bind_consumers import bind_endpoints, bind_labels, bind_sets, bind_training
from mlopsctl.resolve.bind_features import Findings, bind_entities, bind_transforms, bind_views
from mlopsctl.resolve.bind_manifests import manifests
from mlopsctl.resolve.defaults import defaults
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
from mlopsctl.resolve.model import Engines, Environment, Landscape, Site, System, Workspace
from mlopsctl.resolve.origin import Origin
from mlopsctl.resolve.overrides import for_environment
from mlopsctl.resolve.stack import NOTHING, engines, of_system
from mlopsctl.source.node import Scalar, find
from mlopsctl.spec import workspace as workspace_spec
from mlopsctl.spec.lock import LockedEnvironment
from mlopsctl.spec.system import MLSystem
from mlopsctl.spec.validation import Unreadable, validate

__all__ = ["Document", "Documents", "resolve"]

_Validated = tuple[MLSystem | None, tuple[Diagnostic, ...], Unreadable]
_Cache = dict[int, _Validated]


def resolve(
    documents: Documents, instead: Mapping[str, Mapping[str, Any]] = NOTHING
) -> tuple[tuple[Landscape, ...], tuple[Diagnostic, ...]]:
    """Resolve every system in every environment, in the workspace's order of environments.

    `instead` has engines, by environment and stage, that replace those of the documents, to compute the effects of
    another engine.
    """
    diagnostics_found: list[Diagnostic] = []
    spec, origin = workspace(documents, diagnostics_found)
    locked, lock_origin = lock(documents, tuple(spec.spec.environments) if spec else (), diagnostics_found)
    systems = distinct(documents.systems, diagnostics_found)
    if spec is None:
        return (), (*diagnostics_found, *shapes(systems))
    stacks = {
        name: engines(spec.spec.stack, environment_spec.stack, spec.spec.git is not None, instead.get(name, NOTHING))
        for name, environment_spec in spec.spec.environments.items()
    }
    shared = _shared(spec, origin, documents, lock_origin, stacks)
    if not (origin and origin.unreadable("spec", "environments")):
        diagnostics_found += environments(documents, tuple(spec.spec.environments))
    landscapes = []
    cache: _Cache = {}
    for name, environment_spec in spec.spec.environments.items():
        environment = Environment(
            name,
            environment_spec.cluster,
            environment_spec.namespace,
            environment_spec.vars,
            environment_spec.promote_from,
            environment_spec.protect,
            environment_spec.stack.ci,
            environment_spec.defaults.pods,
        )
        settled = (locked and locked.environments.get(name)) or LockedEnvironment()
        own = replace(shared, defaults=defaults(spec.spec.defaults, environment_spec.defaults))
        context = _EnvironmentContext(
            environment, stacks[name], own, settled, instead.get(name, NOTHING), documents.extra
        )
        landscape, diagnostics = _landscape(context, systems, documents, cache)
        landscapes.append(landscape)
        diagnostics_found += [d.in_environment(name) for d in diagnostics]
    return tuple(landscapes), tuple(diagnostics_found)


def _shared(
    spec: workspace_spec.Workspace,
    origin: Origin | None,
    documents: Documents,
    lock_origin: Origin | None,
    stacks: Mapping[str, Engines],
) -> Workspace:
    """Return the shared parts of all environments."""
    environment_specs = spec.spec.environments
    return Workspace(
        name=spec.metadata.name,
        origin=origin,
        git=spec.spec.git,
        output=documents.output or spec.spec.output or f"generated/{spec.metadata.name}",
        defaults=spec.spec.defaults,
        policies=spec.spec.policies,
        lock_file=documents.lock_file,
        lock=lock_origin,
        environments={name: environment_spec.promote_from for name, environment_spec in environment_specs.items()},
        places={
            name: Site(environment_spec.cluster, environment_spec.namespace, stacks[name])
            for name, environment_spec in environment_specs.items()
        },
        patches=spec.spec.patches,
        manifests=manifests(spec.spec.extra, documents.workspace.file if documents.workspace else "", documents.extra),
        pods=spec.spec.defaults.pods,
        labels=spec.metadata.labels,
        annotations=spec.metadata.annotations,
    )


class _EnvironmentContext(NamedTuple):
    environment: Environment
    engines: Engines
    workspace: Workspace
    lock: LockedEnvironment
    instead: Mapping[str, Any]
    extra: Mapping[str, Document]


def _landscape(
    context: _EnvironmentContext, systems_read: tuple[Document, ...], documents: Documents, cache: _Cache
) -> tuple[Landscape, list[Diagnostic]]:
    """Resolve all systems in one environment: first what others may read, then its readers."""
    diagnostics: list[Diagnostic] = []
    systems: dict[str, System] = {}
    hidden: set[str] = set()
    nameless = bool(documents.unread)
    for document in systems_read:
        system = _system(context, document, cache, diagnostics)
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
        diagnostics += findings.diagnostics
    return Landscape(
        context.environment,
        context.workspace,
        context.engines,
        bound,
        context.lock,
        frozenset(d.code for d in diagnostics if d.code.startswith("MLC2")),
        complete=not (hidden or documents.unread or documents.not_read)
        and not any(system.origin.left_out or system.origin.uncertain for system in systems.values()),
        size=len(bound) + documents.not_read,
    ), diagnostics


def _bound(system: System, systems: dict[str, System], findings: Findings) -> System:
    """Bind the readers of views: sets, the model and the endpoints."""
    sets = bind_sets(system, systems, findings)
    labels = bind_labels(system, findings)
    return replace(
        system,
        sets=sets,
        labels=labels,
        training=bind_training(system, sets, labels, findings),
        endpoints=bind_endpoints(system, sets, findings),
    )


def _loses_variables(context: _EnvironmentContext) -> bool:
    """Return whether an invalid variable of the environment was dropped, which a missing one may be."""
    origin = context.workspace.origin
    return origin is not None and origin.unreadable("spec", "environments", context.environment.name, "vars")


def _variables(context: _EnvironmentContext) -> dict[str, Scalar]:
    """Return the environment's variables as written in the workspace."""
    origin, names = context.workspace.origin, context.environment.variables
    path = ("spec", "environments", context.environment.name, "vars")
    nodes = {name: find(origin.node, (*path, name)) for name in names} if origin else {}
    return {name: node for name, node in nodes.items() if isinstance(node, Scalar)}


def _system(
    context: _EnvironmentContext, document: Document, cache: _Cache, diagnostics_found: list[Diagnostic]
) -> System | None:
    """Read a spec for this environment, and bind what other systems may read of it."""
    node, diagnostics = for_environment(document.node, context.environment.name, _variables(context))
    loses = _loses_variables(context)
    diagnostics_found += [d for d in diagnostics if d.code != shape.UNKNOWN_VARIABLE.code or not loses]
    if id(node) not in cache or node is not document.node:
        cache[id(node)] = validate(MLSystem, node)
    spec, wrong, lost = cache[id(node)]
    diagnostics_found += [d for d in wrong if not (loses and waits(node, d))]
    if spec is None:
        return None
    origin = Origin(document.file, node, *lost)
    unnamed = origin.unreadable("metadata", "name")
    system = System(
        document.file if unnamed else spec.metadata.name,
        spec.metadata,
        spec.spec,
        origin,
        context.environment,
        context.engines if "checks" in context.instead else of_system(context.engines, spec.spec.checks),
        context.workspace,
        context.lock,
    )
    findings = Findings(origin)
    entities = bind_entities(system)
    views = bind_views(system, entities, findings)
    transforms = bind_transforms(system, views, findings)
    diagnostics_found += findings.diagnostics
    extra = manifests(spec.spec.extra, document.file, context.extra)
    return replace(system, entities=entities, views=views, transforms=transforms, manifests=extra)
