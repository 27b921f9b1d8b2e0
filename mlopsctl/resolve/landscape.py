"""From documents to landscapes: one a environment, every system in it resolved and bound.

In: the node trees of the workspace, its systems and its lock. Out: landscapes and findings. Never reads a file.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

from mlopsctl.diagnostics.codes import references, shape
from mlopsctl.diagnostics.model import Diagnostic, Place
from mlopsctl.resolve.model import Engines, Environment, Landscape, Origin, System, Workspace
from mlopsctl.resolve.overrides import for_environment
from mlopsctl.resolve.sets import bind_endpoints, bind_labels, bind_sets, bind_training
from mlopsctl.resolve.stack import engines
from mlopsctl.resolve.views import Findings, bind_entities, bind_transforms, bind_views
from mlopsctl.source.node import Mapping as MappingNode
from mlopsctl.source.node import Node, Path, Scalar, find, key_span
from mlopsctl.diagnostics.suggest import did_you_mean
from mlopsctl.spec import workspace as workspace_spec
from mlopsctl.spec.lock import Lock, LockedEnvironment
from mlopsctl.spec.system import MLSystem
from mlopsctl.spec.validation import validate

LOCAL = "local"


class Document(NamedTuple):
    """A file that was read: its name as shown to people, and its tree."""

    file: str
    node: Node


@dataclass(frozen=True, slots=True)
class Documents:
    """Everything a compile reads. Without a workspace there is exactly one system."""

    systems: tuple[Document, ...]
    workspace: Document | None = None
    lock: Document | None = None
    lock_file: str = "mlops.lock"


_Validated = tuple[MLSystem | None, tuple[Diagnostic, ...], frozenset[Path]]


def resolve(documents: Documents) -> tuple[tuple[Landscape, ...], tuple[Diagnostic, ...]]:
    """Resolve every system in every environment, in the workspace's order of environments."""
    found: list[Diagnostic] = []
    lock = _lock(documents, found)
    spec, origin = _workspace_spec(documents, found)
    if spec is None:
        return (), tuple(found)
    shared = Workspace(
        name=spec.metadata.name,
        origin=origin,
        git=spec.spec.git,
        output=spec.spec.output or f"generated/{spec.metadata.name}",
        defaults=spec.spec.defaults,
        policies=spec.spec.policies,
        lock_file=documents.lock_file,
    )
    systems = _distinct(documents.systems, found)
    _check_override_environments(systems, tuple(spec.spec.environments), origin is None, found)
    landscapes = []
    cache: dict[int, _Validated] = {}
    for name, one in spec.spec.environments.items():
        environment = Environment(name, one.cluster, one.namespace, one.vars, one.promote_from, one.protect)
        chosen = engines(spec.spec.stack, one.stack, spec.spec.git is not None)
        locked = lock.environments.get(name) if lock else None
        here = _Here(environment, chosen, shared, locked or LockedEnvironment())
        landscape, diagnostics = _landscape(here, systems, cache)
        landscapes.append(landscape)
        found += [d.in_environment(name) for d in diagnostics]
    return tuple(landscapes), tuple(found)


class _Here(NamedTuple):
    environment: Environment
    engines: Engines
    workspace: Workspace
    lock: LockedEnvironment


def _landscape(
    here: _Here, documents: tuple[Document, ...], cache: dict[int, _Validated]
) -> tuple[Landscape, list[Diagnostic]]:
    """Resolve all systems in one environment: first what others may read, then what reads it."""
    found: list[Diagnostic] = []
    systems: dict[str, System] = {}
    for document in documents:
        system = _system(here, document, cache, found)
        if system:
            systems[system.name] = system
    bound = {}
    for name, system in systems.items():
        findings = Findings(system.origin)
        sets = bind_sets(system, systems, findings)
        labels = bind_labels(system, findings)
        bound[name] = replace(
            system,
            sets=sets,
            labels=labels,
            training=bind_training(system, sets, labels, findings),
            endpoints=bind_endpoints(system, sets, findings),
        )
        found += findings.found
    return Landscape(here.environment, here.workspace, here.engines, bound), found


def _system(here: _Here, document: Document, cache: dict[int, _Validated], found: list[Diagnostic]) -> System | None:
    """Read one spec as this environment sees it, and bind what other systems may read of it."""
    node, diagnostics = for_environment(document.node, here.environment.name, here.environment.variables)
    found += diagnostics
    if id(node) not in cache or node is not document.node:
        cache[id(node)] = validate(MLSystem, node)
    spec, wrong, left_out = cache[id(node)]
    found += wrong
    if spec is None:
        return None
    origin = Origin(document.file, node, left_out)
    system = System(
        spec.metadata.name, spec.metadata, spec.spec, origin, here.environment, here.engines, here.workspace, here.lock
    )  # fmt: skip
    findings = Findings(origin)
    entities = bind_entities(system)
    views = bind_views(system, entities, findings)
    transforms = bind_transforms(system, views, findings)
    found += findings.found
    return replace(system, entities=entities, views=views, transforms=transforms)


def _workspace_spec(
    documents: Documents, found: list[Diagnostic]
) -> tuple[workspace_spec.Workspace | None, Origin | None]:
    """Return the workspace's file, or what stands for it when there is none: one environment, `local`."""
    if documents.workspace:
        spec, diagnostics, left_out = validate(workspace_spec.Workspace, documents.workspace.node)
        found += diagnostics
        return spec, Origin(documents.workspace.file, documents.workspace.node, left_out)
    node = documents.systems[0].node
    name = find(node, ("metadata", "name"))
    output = find(node, ("spec", "output"))
    text = str(name.value) if isinstance(name, Scalar) else "unnamed"
    spec = workspace_spec.Workspace.model_construct(
        metadata=workspace_spec.WorkspaceMetadata.model_construct(name=text, description=""),
        spec=workspace_spec.WorkspaceSpec.model_construct(
            systems=(),
            output=str(output.value) if isinstance(output, Scalar) and output.value else None,
            environments={LOCAL: workspace_spec.Environment()},
        ),
    )
    return spec, None


def _lock(documents: Documents, found: list[Diagnostic]) -> Lock | None:
    if not documents.lock:
        return None
    lock, diagnostics, _ = validate(Lock, documents.lock.node)
    found += diagnostics
    return lock


def _distinct(systems: tuple[Document, ...], found: list[Diagnostic]) -> tuple[Document, ...]:
    """Keep the first of two systems of one name, and report the second."""
    seen: dict[str, Document] = {}
    for document in systems:
        name = find(document.node, ("metadata", "name"))
        text = str(name.value) if isinstance(name, Scalar) else document.file
        if text in seen:
            first = find(seen[text].node, ("metadata", "name"))
            related = (Place(first.span, "first defined here"),) if first else ()
            place = Place(name.span if name else document.node.span)
            message = f"a system named `{text}` exists already"
            found.append(references.REPEATED_SYSTEM.at(place, message, related=related, path="metadata.name"))
        else:
            seen[text] = document
    return tuple(seen.values())


def _check_override_environments(
    systems: tuple[Document, ...], environments: tuple[str, ...], alone: bool, found: list[Diagnostic]
) -> None:
    """Report overrides for an environment that does not exist."""
    for document in systems:
        overrides = find(document.node, ("spec", "overrides"))
        for name in overrides.entries if isinstance(overrides, MappingNode) else ():
            if name not in environments:
                place = Place(key_span(document.node, ("spec", "overrides", name)))
                help = did_you_mean(name, environments) or (
                    "without a workspace file there is one environment, `local`"
                    if alone
                    else f"there are: {', '.join(environments)}"
                )
                message = f"there is no environment `{name}` to override"
                found.append(shape.UNKNOWN_ENVIRONMENT.at(place, message, help=help, path=f"spec.overrides.{name}"))
