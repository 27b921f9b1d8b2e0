"""Read from the documents what a plan needs: declared renames and acceptances, and the places of diagnostics."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from msgspec.structs import replace

from mlopsctl.blueprint.model.blueprint import Shared
from mlopsctl.diagnostics.model import Diagnostic, Place
from mlopsctl.plan.model import Intent, State
from mlopsctl.resolve.documents import Documents, name_of
from mlopsctl.source.node import Mapping as MappingNode
from mlopsctl.source.node import Node, find, leaves, plain, value_span


def state(documents: Documents, shared: tuple[Shared, ...]) -> State:
    """Return one side of a plan: the Blueprints, and what the specs declare about their change."""
    intents = {name: _intent(document.node) for document in documents.systems if (name := name_of(document.node))}
    platform = documents.workspace.node if documents.workspace else None
    accepts = _texts_at(platform, ("metadata", "accepts")) if platform else {}
    digests = leaves(documents.lock.node) if documents.lock else ()
    locked = frozenset(str(scalar.value) for path, scalar in digests if "images" in path)
    models = _models(documents.lock.node) if documents.lock else {}
    return State(
        {environment.environment: environment for environment in shared}, intents, accepts, locked=locked, models=models
    )


def _models(lock: Node) -> dict[tuple[str, str], Any]:
    """Return the model entries of the lock, as far as they are readable."""
    content: Any = plain(lock) if isinstance(lock, MappingNode) else {}
    environments = content.get("environments")
    return {
        (name, key): entry
        for name, section in (environments.items() if isinstance(environments, dict) else ())
        for key, entry in ((section or {}).get("models") or {}).items()
        if isinstance(entry, dict)
    }


def placed(documents: Documents, diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Add the place to a plan's diagnostics: `card-fraud:features` is in a spec, `workspace:git` in the workspace."""
    nodes = {name_of(system.node): system.node for system in documents.systems}
    nodes |= {
        kind: document.node
        for kind, document in (("workspace", documents.workspace), ("lock", documents.lock))
        if document
    }
    results = []
    for diagnostic in diagnostics:
        owner, colon, dotted = diagnostic.path.partition(":")
        node = nodes.get(owner if colon else "workspace")
        if node is None or diagnostic.place:
            results.append(diagnostic)
            continue
        path = dotted if owner == "lock" or dotted.startswith("metadata.") else f"spec.{dotted}"
        results.append(replace(diagnostic, place=Place(value_span(node, tuple(path.split(".")))), path=path))
    return tuple(results)


_RENAMED = "renamedFrom"


def _intent(node: Node) -> Intent:
    renamed = {}
    for path, scalar in leaves(node):
        if path and path[-1] == _RENAMED and isinstance(scalar.value, str):
            target = "metadata.name" if path[0] == "metadata" else ".".join(map(str, path[1:-1]))
            renamed[target] = scalar.value
    return Intent(_texts_at(node, ("metadata", "accepts")), renamed)


def _texts_at(node: Node, path: tuple[str, ...]) -> dict[str, str]:
    mapping = find(node, path)
    return {str(at[0]): str(scalar.value) for at, scalar in leaves(mapping) if len(at) == 1} if mapping else {}
