"""What a plan needs to know of the documents themselves: what the specs say of their change, and where findings stand.

In: documents that were read, and what was decided. Out: one side of a plan, and findings with places. Never compares.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from mlopsctl.blueprint.model import Shared
from mlopsctl.change.model import Intent, State
from mlopsctl.diagnostics.model import Diagnostic, Place
from mlopsctl.resolve.documents import Documents, name_of
from mlopsctl.source.node import Node, find, leaves, value_span


def state(documents: Documents, shared: tuple[Shared, ...]) -> State:
    """Return what was decided as one side of a plan, with what the specs say of their change."""
    intents = {name: _intent(document.node) for document in documents.systems if (name := name_of(document.node))}
    platform = documents.workspace.node if documents.workspace else None
    accepts = _texts_at(platform, ("metadata", "accepts")) if platform else {}
    digests = leaves(documents.lock.node) if documents.lock else ()
    locked = frozenset(str(scalar.value) for path, scalar in digests if "images" in path)
    return State({one.environment: one for one in shared}, intents, accepts, locked=locked)


def placed(documents: Documents, found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Give findings of a plan their place: `card-fraud:features` is in a spec, `workspace:git` in the workspace."""
    nodes = {name_of(one.node): one.node for one in documents.systems}
    nodes |= {kind: one.node for kind, one in (("workspace", documents.workspace), ("lock", documents.lock)) if one}
    told = []
    for one in found:
        whose, colon, dotted = one.path.partition(":")
        node = nodes.get(whose if colon else "workspace")
        if node is None or one.place:
            told.append(one)
            continue
        path = dotted if whose == "lock" or dotted.startswith("metadata.") else f"spec.{dotted}"
        told.append(replace(one, place=Place(value_span(node, tuple(path.split(".")))), path=path))
    return tuple(told)


_RENAMED = "renamedFrom"


def _intent(node: Node) -> Intent:
    renamed = {}
    for path, scalar in leaves(node):
        if path and path[-1] == _RENAMED and isinstance(scalar.value, str):
            thing = "metadata.name" if path[0] == "metadata" else ".".join(map(str, path[1:-1]))
            renamed[thing] = scalar.value
    return Intent(_texts_at(node, ("metadata", "accepts")), renamed)


def _texts_at(node: Node, path: tuple[str, ...]) -> dict[str, str]:
    found = find(node, path)
    return {str(at[0]): str(scalar.value) for at, scalar in leaves(found) if len(at) == 1} if found else {}
