"""The things in a file: Kubernetes objects, one document, or text.

In: a file's path and text, ours or anybody's. Out: things with their identity and plain values. Never runs a tag,
never follows an alias, never goes deeper than any manifest does.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from mlopsctl.change.manifests_yaml import DEPTH, documents


class Thing(Struct, frozen=True):
    """A Kubernetes object or a whole file. `value` is the file's text where it is no document."""

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
        """Tell which thing it is, wherever it stands; the version of its API may change."""
        if self.kind:
            return (self.environment, self.api_version.rpartition("/")[0], self.kind, self.namespace, self.name)
        return (self.environment, self.unit, self.name)


def things(path: str, text: str) -> Iterator[Thing]:
    """Yield what a file of the tree holds; `path` begins with environment and unit."""
    environment, _, rest = path.partition("/")
    unit, _, file = rest.partition("/")
    found = _documents(file, text)
    if found and all(map(_is_object, found)):
        for value in found:
            yield _object(environment, unit, file, value)
    else:
        value = found[0] if len(found) == 1 else found or text
        yield Thing(environment, unit, file, value, text, name=file)


def _object(environment: str, unit: str, file: str, value: Any) -> Thing:
    meta = value["metadata"]
    named = (str(value["apiVersion"]), str(value["kind"]), str(meta.get("namespace", "")), str(meta["name"]))
    return Thing(environment, unit, file, value, "", *named)


def _is_object(value: Any) -> bool:
    known = isinstance(value, dict) and value.keys() >= {"apiVersion", "kind", "metadata"}
    return known and isinstance(value["metadata"], dict) and "name" in value["metadata"]


def _documents(file: str, text: str) -> list[Any]:
    if file.endswith(".json"):
        value = embedded(text)
        return [] if value is None else [value]
    return documents(text) or [] if file.endswith((".yaml", ".yml")) else []


def embedded(text: str, name: str = "") -> Any:
    """Return the document that a string holds: JSON, or YAML where its name says so; None where it is only text."""
    if text.lstrip()[:1] in {"{", "["}:
        try:
            value = json.loads(text)
        except (ValueError, RecursionError):
            return None
        return value if isinstance(value, dict | list) and _within(value) else None
    if name.endswith((".yaml", ".yml")):
        found = documents(text) or []
        return found[0] if len(found) == 1 and isinstance(found[0], dict | list) else None
    return None


def _within(value: Any) -> bool:
    """Tell whether a document is nested no deeper than any manifest is."""
    level = [value]
    for _ in range(DEPTH):
        level = [
            inner
            for one in level
            for inner in (one.values() if isinstance(one, dict) else one)
            if isinstance(inner, dict | list)
        ]
        if not level:
            return True
    return False
