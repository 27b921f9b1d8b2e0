"""Read the contents of a file: Kubernetes objects, one document, or text.

Tags and aliases are not resolved, and the depth is limited.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from mlopsctl.manifest_diff.yaml_values import DEPTH, documents


class TreeObject(Struct, frozen=True):
    """A Kubernetes object or a whole file. `value` is the file's text if it is not a document."""

    environment: str
    unit: str
    file: str
    value: Any
    text: str
    api_version: str = ""
    kind: str = ""
    namespace: str = ""
    name: str = ""

    @property
    def identity(self) -> tuple[str, ...]:
        """Return the identity of an object, without its API version."""
        if self.kind:
            return (self.environment, self.api_version.rpartition("/")[0], self.kind, self.namespace, self.name)
        return (self.environment, self.unit, self.name)


def tree_objects(path: str, text: str) -> Iterator[TreeObject]:
    """Yield the objects of a file; `path` begins with environment and unit."""
    environment, _, rest = path.partition("/")
    unit, _, file = rest.partition("/")
    contents = _documents(file, text)
    if contents and all(map(_is_object, contents)):
        for value in contents:
            yield _object(environment, unit, file, value)
    else:
        value = contents[0] if len(contents) == 1 else contents or text
        yield TreeObject(environment, unit, file, value, text, name=file)


def _object(environment: str, unit: str, file: str, value: Any) -> TreeObject:
    meta = value["metadata"]
    identity = (str(value["apiVersion"]), str(value["kind"]), str(meta.get("namespace", "")), str(meta["name"]))
    return TreeObject(environment, unit, file, value, "", *identity)


def _is_object(value: Any) -> bool:
    has_keys = isinstance(value, dict) and value.keys() >= {"apiVersion", "kind", "metadata"}
    return has_keys and isinstance(value["metadata"], dict) and "name" in value["metadata"]


def _documents(file: str, text: str) -> list[Any]:
    if file.endswith(".json"):
        value = embedded(text)
        return [] if value is None else [value]
    return documents(text) or [] if file.endswith((".yaml", ".yml")) else []


def embedded(text: str, name: str = "") -> Any:
    """Return the document in a string: JSON, or YAML if its name says so; None for plain text."""
    if text.lstrip()[:1] in {"{", "["}:
        try:
            value = json.loads(text)
        except (ValueError, RecursionError):
            return None
        return value if isinstance(value, dict | list) and _within(value) else None
    if name.endswith((".yaml", ".yml")):
        contents = documents(text) or []
        return contents[0] if len(contents) == 1 and isinstance(contents[0], dict | list) else None
    return None


def _within(value: Any) -> bool:
    """Return whether a document is nested no deeper than manifests may be."""
    level = [value]
    for _ in range(DEPTH):
        level = [
            inner
            for container in level
            for inner in (container.values() if isinstance(container, dict) else container)
            if isinstance(inner, dict | list)
        ]
        if not level:
            return True
    return False
